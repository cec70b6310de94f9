"""Markdown: the file's own text, with front matter as metadata and headings as places."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from ragkit.loaders.building import Headings
from ragkit.loaders.text import decode
from ragkit.protocols import RawFile
from ragkit.types import Document, Location, Mark

FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
MARKS = re.compile(r"[*_`]|\[([^\]]*)\]\([^)]*\)")


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
    title = str(metadata.get("title") or "")
    tokens = MarkdownIt("commonmark").parse(text)
    for token, inline in pairwise(tokens):
        if token.type != "heading_open" or token.map is None:
            continue
        heading = MARKS.sub(lambda match: match.group(1) or "", inline.content)
        title = title or heading
        path = headings.enter(int(token.tag[1]), heading)
        start = line_starts[token.map[0]]
        mark = Mark(start, Location(headings=path, line=first_line + token.map[0]))
        if marks[-1].start == start:
            marks.pop()
        marks.append(mark)
    return Document(raw.source, text, raw.source, " ".join(title.split()), metadata, tuple(marks))


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
    if not isinstance(values, dict):
        return {}, 0
    simple = str | int | float | bool
    return {str(key): value if isinstance(value, simple) else str(value) for key, value in values.items()}, found.end()
