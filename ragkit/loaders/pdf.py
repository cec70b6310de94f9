"""PDF: text page by page, wrapped lines joined, running headers and footers left out."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from typing import TYPE_CHECKING

from ragkit.errors import LoadError
from ragkit.loaders.building import TextBuilder
from ragkit.loaders.text import clean
from ragkit.protocols import RawFile
from ragkit.types import Document, Location

if TYPE_CHECKING:
    from collections.abc import Iterable

LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "\u00ad": ""})
EDGE_LINES = 2
"""A running header or footer is looked for in so many lines at the top and bottom of a page."""


def load_pdf(raw: RawFile) -> Document:
    """One place per page.

    Raises:
        LoadError: It is encrypted with a password, or has no text layer.
    """
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError, WrongPasswordError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    locked = LoadError("is encrypted with a password", path=raw.source, hint="save a copy without the password")
    try:
        reader = PdfReader(io.BytesIO(raw.data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise locked
        pages = [clean(page.extract_text() or "").translate(LIGATURES).split("\n") for page in reader.pages]
    except (FileNotDecryptedError, WrongPasswordError, DependencyError) as exc:
        raise locked from exc
    running = _running_lines(pages)
    builder = TextBuilder()
    for number, lines in enumerate(pages, start=1):
        kept = [line for at, line in enumerate(lines) if not _is_edge(at, lines) or _shape(line) not in running]
        builder.add(_joined(kept), Location(page=number))
    facts = reader.metadata
    title = str(facts.title or "") if facts else ""
    document = builder.document(raw.source, title=title, metadata={"pages": len(pages)})
    if not document.text.strip():
        raise LoadError(
            "has no text layer: it seems to be scanned", path=raw.source, hint="run character recognition on it first"
        )
    return document


def _is_edge(at: int, lines: list[str]) -> bool:
    return at < EDGE_LINES or at >= len(lines) - EDGE_LINES


def _shape(line: str) -> str:
    """A line with its numbers taken out, so that page numbers do not tell running lines apart."""
    return re.sub(r"\d+", "#", " ".join(line.split()))


def _running_lines(pages: list[list[str]]) -> set[str]:
    """Shapes of the lines that stand at the edge of most pages; only looked for from three pages on."""
    if len(pages) < 3:
        return set()
    seen: Counter[str] = Counter()
    for lines in pages:
        seen.update({_shape(line) for at, line in enumerate(lines) if _is_edge(at, lines)})
    return {shape for shape, count in seen.items() if shape and count > len(pages) / 2}


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
