"""PDF: text page by page, wrapped lines joined, running headers and footers left out."""

from __future__ import annotations

import io
import logging
import re
import zlib
from collections import Counter
from typing import TYPE_CHECKING, Any

from ragkit.errors import LoadError
from ragkit.loaders.building import TextBuilder
from ragkit.loaders.text import clean
from ragkit.protocols import RawFile
from ragkit.types import Document, Location

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "\u00ad": ""})
EDGE_LINES = 2
"""A running header or footer is looked for in so many lines at the top and bottom of a page."""
RUNNING_SHARE = 0.4
"""A line runs if it is on so many of the pages; left and right pages may have different ones."""
FEWEST_PAGES = 3


def load_pdf(raw: RawFile) -> Document:
    """One place per page; the numbers of pages that could not be read or have no text are in the metadata.

    Raises:
        LoadError: It is encrypted with a password, no page can be read, or it has no text layer.
    """
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError, WrongPasswordError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    locked = LoadError("is encrypted with a password", path=raw.source, hint="save a copy without the password")
    pages: list[list[str]] = []
    damaged: dict[int, Exception] = {}
    try:
        reader = PdfReader(io.BytesIO(raw.data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise locked
        for number, page in enumerate(reader.pages, start=1):
            try:
                pages.append(_lines(page.extract_text() or ""))
            except (FileNotDecryptedError, DependencyError):
                raise
            # What pypdf stumbles over in the content of one damaged page; the other pages are still worth having.
            except (ArithmeticError, AttributeError, LookupError, PyPdfError, TypeError, ValueError, zlib.error) as exc:
                pages.append([])
                damaged[number] = exc
    except (FileNotDecryptedError, WrongPasswordError) as exc:
        raise locked from exc
    except DependencyError as exc:
        raise LoadError(
            "is encrypted in a way that needs another package", path=raw.source, hint="pip install cryptography"
        ) from exc
    if damaged and len(damaged) == len(pages):
        raise LoadError(f"is damaged on every page: {damaged[1]}", path=raw.source) from damaged[1]
    blank = [number for number, lines in enumerate(pages, start=1) if not lines and number not in damaged]
    if len(blank) == len(pages) - len(damaged):
        raise LoadError(
            "has no text layer: it seems to be scanned", path=raw.source, hint="run character recognition on it first"
        )
    builder = TextBuilder()
    for number, lines in enumerate(_without_running_lines(pages), start=1):
        builder.add(_joined(lines), Location(page=number))
    about: Mapping[str, Any] = reader.metadata or {}
    return builder.document(
        raw.source,
        title=str(about.get("/Title") or ""),
        metadata={
            "author": str(about.get("/Author") or ""),
            "pages": len(pages),
            "pages_without_text": blank,
            "damaged_pages": list(damaged),
        },
    )


def _lines(text: str) -> list[str]:
    """The lines of a page, without blank ones at its top and bottom."""
    return clean(text).translate(LIGATURES).strip().split("\n") if text.strip() else []


def _without_running_lines(pages: list[list[str]]) -> list[list[str]]:
    """Pages without the headers, footers and page numbers that run through them; a page never loses all its lines."""
    on_pages: Counter[tuple[str, int | None]] = Counter()
    for number, lines in enumerate(pages, start=1):
        on_pages.update({form for at in _edge(lines) for form in _forms(lines[at], number)})
    needed = max(FEWEST_PAGES, RUNNING_SHARE * sum(map(bool, pages)))
    kept = []
    for number, lines in enumerate(pages, start=1):
        running = {at for at in _edge(lines) if any(on_pages[form] >= needed for form in _forms(lines[at], number))}
        kept.append([line for at, line in enumerate(lines) if at not in running] or lines)
    return kept


def _edge(lines: list[str]) -> set[int]:
    """Which lines stand at the top or bottom of a page."""
    return {*range(min(EDGE_LINES, len(lines))), *range(max(0, len(lines) - EDGE_LINES), len(lines))}


def _forms(line: str, page: int) -> list[tuple[str, int | None]]:
    """What a line has in common with the same line of other pages.

    That is its text; or its text around a number that counts on with the pages. Numbers that do not are left alone:
    the rows of a table that goes on over pages look alike too.
    """
    text = " ".join(line.split())
    if not text:
        return []
    numbered = (
        (f"{text[: found.start()]}#{text[found.end() :]}", int(found[0]) - page)
        for found in re.finditer(r"\d{1,6}", text)
    )
    return [(text, None), *numbered]


def _joined(lines: Iterable[str]) -> str:
    """Lines with those joined that a paragraph was wrapped into, and hyphenated words mended."""
    lines = [" ".join(line.split()) for line in lines]
    longest = max((len(line) for line in lines), default=0)
    text = ""
    previous = ""
    for line in lines:
        if not line:
            text += "\n" if text and not text.endswith("\n\n") else ""
        elif re.search(r"[a-zà-ÿ]-$", previous) and re.match(r"[a-zà-ÿ]", line):
            text = text[:-1] + line
        elif previous and _is_wrapped(previous, longest) and _goes_on(line):
            text += " " + line
        else:
            text += ("\n" if text else "") + line
        previous = line
    return text


def _is_wrapped(line: str, longest: int) -> bool:
    """Whether a line is so full that its paragraph may go on in the next; a finished sentence needs more for that."""
    return len(line) > (0.8 if re.search(r"[.!?:;]$", line) else 0.6) * longest


def _goes_on(line: str) -> bool:
    return not re.match(r"(?:[-•*▪–]|\d+[.)]\s|[A-Z][A-Z ]{6,}$)", line)
