"""Jupyter notebooks: cell by cell, with headings and the text of outputs."""

from __future__ import annotations

import json
from typing import Any

from ragkit.errors import LoadError
from ragkit.loaders.building import Headings, TextBuilder
from ragkit.loaders.text import decode
from ragkit.protocols import RawFile
from ragkit.types import Document, Location


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
            for line in text.split("\n"):
                if line.startswith("#"):
                    heading = line.lstrip("#").strip()
                    headings.enter(len(line) - len(line.lstrip("#")), heading)
                    title = title or heading
        location = Location(headings=headings.path, cell=number)
        builder.add(text, location)
        for output in cell.get("outputs", []):
            data = output.get("data", output)
            builder.add(_joined(data.get("text/plain", output.get("text", ""))), location)
    return builder.document(raw.source, title=title)


def _joined(text: Any) -> str:
    return "".join(map(str, text)) if isinstance(text, list) else str(text)
