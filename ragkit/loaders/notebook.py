"""Jupyter notebooks: cell by cell, with headings and the text of outputs."""

from __future__ import annotations

import json
import re
from typing import Any

from ragkit.errors import LoadError
from ragkit.loaders.building import Headings, TextBuilder
from ragkit.loaders.text import decode
from ragkit.protocols import RawFile
from ragkit.types import Document, Location

HEADING = re.compile(r"(#{1,6})[ \t]+(.*?)[ \t#]*$")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def load_notebook(raw: RawFile) -> Document:
    """One place per cell.

    Raises:
        LoadError: It is not a notebook.
    """
    try:
        book = json.loads(decode(raw))
        cells = book["cells"] if "cells" in book else [cell for sheet in book["worksheets"] for cell in sheet["cells"]]
    except (json.JSONDecodeError, KeyError, TypeError) as exc:
        raise LoadError("is not a notebook: it has no cells", path=raw.source) from exc
    builder, headings = TextBuilder(), Headings()
    title = ""
    for number, cell in enumerate(cells, start=1):
        text = _joined(cell.get("source", cell.get("input", "")))
        if cell.get("cell_type") == "markdown":
            is_code = False
            for line in text.split("\n"):
                is_code ^= line.lstrip().startswith(("```", "~~~"))
                if not is_code and (found := HEADING.match(line)):
                    headings.enter(len(found[1]), found[2])
                    title = title or found[2]
        location = Location(headings=headings.path, cell=number)
        builder.add(text, location)
        for output in cell.get("outputs", []):
            data = output.get("data", output)
            builder.add(_joined(data.get("text/plain", output.get("text", output.get("evalue", "")))), location)
    return builder.document(raw.source, title=title)


def _joined(text: Any) -> str:
    return COLOUR.sub("", "".join(map(str, text)) if isinstance(text, list) else str(text))
