"""Word documents: paragraphs, lists and tables in their order, under their headings."""

from __future__ import annotations

import io
import re
from typing import Any

from ragkit.loaders.building import Headings, TextBuilder, record
from ragkit.protocols import RawFile
from ragkit.types import Document, Location


def load_docx(raw: RawFile) -> Document:
    """A table's rows become ``header: value`` lines."""
    import docx
    from docx.table import Table

    file = docx.Document(io.BytesIO(raw.data))
    builder, headings = TextBuilder(), Headings()
    title = file.core_properties.title or ""
    for block in file.iter_inner_content():
        if isinstance(block, Table):
            _add_table(block, builder, headings)
            continue
        style = str(block.style.name or "") if block.style is not None else ""
        level = re.fullmatch(r"[Hh]eading (\d)", style)
        if level or style == "Title":
            headings.enter(int(level.group(1)) if level else 0, block.text)
            title = title or block.text
        bullet = "- " if style.startswith("List") and block.text.strip() else ""
        builder.add(bullet + block.text, Location(headings=headings.path), gap="\n" if bullet else "\n\n")
    facts = {"author": file.core_properties.author, "modified": file.core_properties.modified}
    return builder.document(
        raw.source, title=title, metadata={name: str(value) for name, value in facts.items() if value}
    )


def _add_table(table: Any, builder: TextBuilder, headings: Headings) -> None:
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    names = [" ".join(name.split()) for name in rows[0]] if len(rows) > 1 else []
    for number, values in enumerate(rows[1:] if names else rows, start=1):
        line = record(names, _unmerged(values))
        builder.add(line, Location(headings=headings.path, row=number), gap="\n")


def _unmerged(values: list[str]) -> list[str]:
    """A merged cell is listed once for each column that it covers; only its first mention is kept."""
    return ["" if at and value == values[at - 1] and len(value) > 3 else value for at, value in enumerate(values)]
