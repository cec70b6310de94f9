"""Source code: the text as it is, with functions and classes as headings."""

from __future__ import annotations

import re

from ragkit.loaders.building import Headings, one_line
from ragkit.loaders.text import decode
from ragkit.protocols import RawFile
from ragkit.types import Document, Location, Mark

DEFINITION = re.compile(
    r"^(?P<indent>[ \t]*)"
    r"(?:export |default |public |private |protected |static |final |abstract |async |pub(?:\([a-z]+\))? )*"
    r"(?:def|class|function|fn|func|struct|enum|trait|impl|interface|module|namespace|type|object)[ \t]+"
    r"(?:\([^)\n]*\)[ \t]*)?(?P<name>[A-Za-z_$][\w$:]*)(?P<opens>[ \t]*[(<:{\[])?",
    re.MULTILINE,
)


def load_code(raw: RawFile) -> Document:
    """Each definition opens a place named after it, below those that it is indented in."""
    text = decode(raw)
    marks = [Mark(0, Location(line=1))]
    headings = Headings()
    line, counted = 1, 0
    for found in DEFINITION.finditer(text):
        indent = len(found["indent"].expandtabs())
        if indent and not found["opens"]:
            continue  # Within a block, "class of" may begin a line of a comment.
        line += text.count("\n", counted, found.start())
        counted = found.start()
        mark = Mark(found.start(), Location(headings=headings.enter(indent, found["name"].rstrip(":")), line=line))
        if marks[-1].start == mark.start:
            marks.pop()
        marks.append(mark)
    name = raw.source.replace("\\", "/").rsplit("/", 1)[-1]
    return Document(raw.source, text, raw.source, one_line(name), marks=tuple(marks))
