"""Web pages: the main content as text with headings, without navigation and other page furniture."""

from __future__ import annotations

import re
from typing import Any

from ragkit.errors import LoadError
from ragkit.loaders.building import Headings, TextBuilder
from ragkit.loaders.text import UTF16, decode
from ragkit.protocols import RawFile
from ragkit.types import Document, Location

HEADING = re.compile(r"(#{1,6})\s+(.*)")


def load_html(raw: RawFile) -> Document:
    """The article of a page, or all its visible text where no article is found.

    Raises:
        LoadError: There is no element in it.
    """
    return page(raw.data if not raw.data.startswith(UTF16) else decode(raw), raw.source)


def page(content: bytes | str, source: str) -> Document:
    """The document of a page's bytes, or of its text."""
    from lxml import html as lxml_html
    from trafilatura import bare_extraction
    from trafilatura.utils import load_html as parse

    tree = parse(content)
    if tree is None:
        raise LoadError("holds no HTML element", path=source)
    title = lxml_html.tostring(tree.find(".//title"), method="text", encoding="unicode") if _has(tree, "title") else ""
    visible = _visible_text(tree)
    extracted: Any = bare_extraction(
        tree,
        include_comments=False,
        include_tables=True,
        include_formatting=True,
        favor_recall=True,
        deduplicate=False,
        with_metadata=True,
    )
    text = _markdown(extracted) if extracted is not None else ""
    builder, headings = TextBuilder(), Headings()
    for line in (text if text.strip() else visible).split("\n"):
        found = HEADING.match(line)
        if found:
            headings.enter(len(found.group(1)), found.group(2))
            line = found.group(2)
        builder.add(line.strip(), Location(headings=headings.path), gap="\n\n" if found else "\n")
    metadata = {}
    if extracted is not None:
        facts = {"author": extracted.author, "date": extracted.date, "url": extracted.url}
        metadata = {name: str(value) for name, value in facts.items() if value}
        title = title.strip() or extracted.title or ""
    return builder.document(source, title=title, metadata=metadata)


def _has(tree: Any, tag: str) -> bool:
    return tree.find(f".//{tag}") is not None


def _markdown(extracted: Any) -> str:
    """The article's own tree as lines: headings with ``#``, list items with ``-``, table rows with ``|``."""
    lines: list[str] = []
    body = extracted.body
    if body is None:
        return str(extracted.text or "")
    for element in body.iter():
        tag = element.tag
        if tag == "head":
            level = str(element.get("rend") or "h2")[-1]
            lines.append(f"{'#' * (int(level) if level.isdigit() else 2)} {_flat(element)}")
        elif tag == "row":
            lines.append(" | ".join(filter(None, (_flat(cell) for cell in element.iter("cell")))))
        elif tag == "item":
            lines.append(f"- {_flat(element)}")
        elif tag in ("p", "quote", "code", "ab") and not _inside(element, ("row", "item", "quote", "p", "head")):
            text = "".join(element.itertext()) if tag == "code" else _flat(element)
            lines.append(text)
        elif tag in ("lb", "list", "table") and element.tail and not _inside(element, ("p", "row", "item", "quote")):
            lines.append(" ".join(element.tail.split()))
    return "\n".join(line for line in lines if line.strip("#- |"))


def _flat(element: Any) -> str:
    return " ".join(" ".join(element.itertext()).split()).replace(" ,", ",").replace(" .", ".")


def _inside(element: Any, tags: tuple[str, ...]) -> bool:
    return any(parent.tag in tags for parent in element.iterancestors())


def _visible_text(tree: Any) -> str:
    """All the text that a reader of the page could see, one block a line."""
    lines: list[str] = []
    hidden = {"script", "style", "noscript", "template", "head", "nav", "footer"}
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag not in hidden and not any(parent.tag in hidden for parent in element.iterancestors()):
            lines.append(" ".join((element.text or "").split()))
        lines.append(" ".join((element.tail or "").split()))
    return "\n".join(line for line in lines if line)
