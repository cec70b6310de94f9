"""Source code: the text as it is, with functions and classes as headings."""

from __future__ import annotations

import re

from ragkit.loaders.text import decode
from ragkit.protocols import RawFile
from ragkit.types import Document, Location, Mark

DEFINITION = re.compile(
    r"^(?:export |default |public |private |protected |static |final |abstract |async |pub(?:\([a-z]+\))? )*"
    r"(?:def|class|function|fn|func|struct|enum|trait|impl|interface|module|namespace|type|object)\s+"
    r"(?:\([^)]*\)\s*)?([A-Za-z_$][\w$:]*)",
    re.MULTILINE,
)


def load_code(raw: RawFile) -> Document:
    """Each definition that starts a line opens a place named after it."""
    text = decode(raw)
    marks = [Mark(0, Location(line=1))]
    for found in DEFINITION.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        mark = Mark(found.start(), Location(headings=(found.group(1),), line=line))
        if marks[-1].start == mark.start:
            marks.pop()
        marks.append(mark)
    return Document(raw.source, text, raw.source, raw.source.replace("\\", "/").rsplit("/", 1)[-1], marks=tuple(marks))
