"""Web pages: the main content as text with headings, without navigation and other page furniture."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from ragkit.errors import LoadError
from ragkit.loaders.building import Headings, TextBuilder, one_line
from ragkit.loaders.text import UTF16, decode
from ragkit.protocols import RawFile
from ragkit.types import Document, Location

if TYPE_CHECKING:
    from collections.abc import Iterator

UNSEEN = frozenset("audio button canvas iframe noscript object script select style svg template textarea video".split())
FURNITURE = frozenset({"nav", "footer", "aside"})
BLOCKS = frozenset(
    "address article blockquote body caption center dd details div dl dt fieldset figcaption figure footer form h1 h2 "
    "h3 h4 h5 h6 head header hr html item legend li list main nav ol p pre quote row section summary table tbody tfoot "
    "thead tr ul".split()
)
BREAKS = ("br", "lb")
CELLS = ("td", "th", "cell")
CODE = ("code", "pre")
ITEMS = ("item", "li")
ROWS = ("row", "tr")
SHORTEST_ARTICLE = 250
"""Below this many characters the extractor gives a page's text without its blocks, so what is visible is read here."""
DEEPEST = 300
"""Elements that are nested deeper are read as one block: no page needs so many, and Python's stack ends."""


class _Line(NamedTuple):
    """A block of text; ``level`` is that of a heading, 0 for anything else."""

    text: str
    level: int = 0


def load_html(raw: RawFile) -> Document:
    """The article of a page, or all its visible text where no article is found.

    Raises:
        LoadError: There is no element in it.
    """
    from trafilatura import bare_extraction

    content = _content(raw)
    # The extractor changes the tree that it is given.
    found: Any = bare_extraction(
        _tree(content, raw.source),
        include_comments=False,
        include_tables=True,
        include_formatting=True,
        favor_recall=True,
        deduplicate=False,
        with_metadata=True,
    )
    tree = _tree(content, raw.source)
    lines = _lines(found.body) if found is not None and found.body is not None else []
    if sum(len(line.text) for line in lines) < SHORTEST_ARTICLE:
        lines = _lines(tree, FURNITURE) or _lines(tree)
    else:
        lines = list(_restored(lines, _lines(tree)))
    metadata = {} if found is None else {"author": found.author, "date": found.date, "url": found.url}
    title = _title(tree) or ("" if found is None else found.title or "")
    return _built(lines, (), TextBuilder()).document(raw.source, title=title, metadata=metadata)


def add_page(content: bytes | str, source: str, builder: TextBuilder) -> None:
    """Append all the text of a page that has no furniture: a chapter of a book, the body of a message."""
    tree = _tree(content, source)
    title = _title(tree)
    _built(_lines(tree), (title,) if title else (), builder)


def _content(raw: RawFile) -> bytes | str:
    return decode(raw) if raw.data.startswith(UTF16) else raw.data


def _tree(content: bytes | str, source: str) -> Any:
    from trafilatura.utils import load_html as parse

    tree = parse(content)
    if tree is None:
        raise LoadError("holds no HTML element", path=source)
    return tree


def _title(tree: Any) -> str:
    return one_line("".join(tree.xpath("(//head//title)[1]//text()")))


def _restored(article: list[_Line], page: list[_Line]) -> Iterator[_Line]:
    """An article with what the extractor takes out: the repetitions of a paragraph, and the line ends of code."""
    code = {one_line(line.text): line.text for line in page if "\n" in line.text}
    repeats: dict[str, int] = {}
    for text, same_text in groupby(line.text for line in page):
        repeats[text] = max(repeats.get(text, 0), len(list(same_text)))
    for line, same_line in groupby(article):
        text = code.get(line.text, line.text)
        yield from [line._replace(text=text)] * max(len(list(same_line)), repeats.get(text, 0))


def _built(lines: list[_Line], path: tuple[str, ...], builder: TextBuilder) -> TextBuilder:
    """Lines with their headings as places; ``path`` is the place of what stands before the first heading."""
    headings = Headings()
    for line in lines:
        if line.level:
            path = headings.enter(line.level, line.text)
        builder.add(line.text, Location(headings=path), gap="\n\n" if line.level else "\n")
    return builder


def _lines(tree: Any, unseen: frozenset[str] = frozenset()) -> list[_Line]:
    """The blocks of a page, or of the extractor's own tree, one after another; a table's row is one block."""
    reader = _Reader(unseen)
    reader.read(tree)
    reader.end_block()
    return reader.lines


class _Reader:
    """Walks a tree in the order of reading and cuts its text where blocks begin and end."""

    def __init__(self, unseen: frozenset[str]) -> None:
        self.lines: list[_Line] = []
        self._unseen = unseen
        self._parts: list[str] = []
        self._level = 0

    def read(self, element: Any, depth: int = 0, *, in_row: bool = False) -> None:
        """Read an element and all within it, but not the text that follows it."""
        tag = element.tag if isinstance(element.tag, str) else ""
        if not tag or tag in self._unseen or _is_hidden(element, tag):
            return
        if depth > DEEPEST:
            self._parts.append(" ".join(element.itertext(tag="*")))
            return
        if tag in CODE and not in_row and "\n" in (code := "".join(element.itertext()).strip("\n")):
            self.end_block()
            self.lines.append(_Line(code))
            return
        is_block = tag in BLOCKS and not in_row
        if is_block:
            self.end_block()
            self._level = _level(element, tag)
            self._parts.append("- " if tag in ITEMS else "")
        elif tag in CELLS:
            self._parts.append(" | " if "".join(self._parts).strip() else "")
        elif tag in BLOCKS or tag in BREAKS:
            self._parts.append(" ")
        self._parts.append(element.text or "")
        for child in element:
            self.read(child, depth + 1, in_row=in_row or tag in ROWS)
            self._parts.append(child.tail or "")
        if is_block:
            self.end_block()

    def end_block(self) -> None:
        """Make a line of what has been read since the last one, if it says anything."""
        text = one_line("".join(self._parts)).removesuffix(" |")
        if text.strip("-| "):
            self.lines.append(_Line(text, self._level))
        # A block that only begins with another one, as an item with a paragraph, keeps its sign for that one.
        self._parts = ["- "] if text == "-" else []
        self._level = 0


def _is_hidden(element: Any, tag: str) -> bool:
    if tag == "head":
        return element.getparent() is not None and element.getparent().tag == "html"
    style = (element.get("style") or "").replace(" ", "").lower()
    return tag in UNSEEN or element.get("hidden") is not None or "display:none" in style


def _level(element: Any, tag: str) -> int:
    """The level of a heading, 0 for any other block; the extractor calls headings ``head``."""
    found = re.fullmatch(r"h([1-6])", str(element.get("rend") or "h2") if tag == "head" else tag)
    return int(found[1]) if found else 0
