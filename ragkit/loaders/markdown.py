"""Markdown: the file's own text, with front matter as metadata and headings as places."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ragkit.loaders.building import Headings, facts, one_line
from ragkit.loaders.text import decode
from ragkit.protocols import RawFile
from ragkit.types import Document, Location, Mark

if TYPE_CHECKING:
    from markdown_it.token import Token

FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)


def load_markdown(raw: RawFile) -> Document:
    """Offsets and lines are those of the file; the front matter is left out of the text."""
    from markdown_it import MarkdownIt

    text = decode(raw)
    metadata, body_start = _front_matter(text)
    first_line = text.count("\n", 0, body_start) + 1
    text = text[body_start:]
    line_starts = [0, *(match.end() for match in re.finditer("\n", text))]
    marks = [Mark(0, Location(line=first_line))]
    headings = Headings()
    title = str(metadata.get("title", ""))
    for token, inline in pairwise(MarkdownIt("commonmark").parse(text)):
        if token.type != "heading_open" or token.map is None:
            continue
        heading = _plain(inline)
        title = title or heading
        path = headings.enter(int(token.tag[1]), heading)
        start = line_starts[token.map[0]]
        mark = Mark(start, Location(headings=path, line=first_line + token.map[0]))
        if marks[-1].start == start:
            marks.pop()
        marks.append(mark)
    return Document(raw.source, text, raw.source, one_line(title), metadata, tuple(marks))


def _plain(inline: Token) -> str:
    """A heading without the signs of emphasis, code and links; an image by the text that stands for it."""
    kept = ("text", "code_inline", "image")
    return "".join(
        each.content if each.type in kept else " " * each.type.endswith("break") for each in inline.children or ()
    )


def _front_matter(text: str) -> tuple[dict[str, Any], int]:
    """Metadata, and where the body begins; none and 0 where the block is not a YAML mapping."""
    found = FRONT_MATTER.match(text)
    if not found:
        return {}, 0
    import yaml

    try:
        values = yaml.safe_load(found.group(1))
    except (yaml.YAMLError, ValueError):
        return {}, 0
    return (facts(values), found.end()) if isinstance(values, dict) else ({}, 0)
