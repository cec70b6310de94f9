"""Word documents: paragraphs, lists and tables in their order, under their headings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ragkit.loaders.building import Headings, TextBuilder, table_lines
from ragkit.loaders.office import as_plain
from ragkit.protocols import RawFile
from ragkit.types import Document, Location

if TYPE_CHECKING:
    from docx.table import Table, _Cell, _Row

MAIN_TYPE = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
WRAPPERS = ("ins", "fldSimple", "smartTag", "customXml", "sdtContent", "sdt")


def load_docx(raw: RawFile) -> Document:
    """A table's rows become ``header: value`` lines."""
    import docx
    from docx.table import Table

    file = docx.Document(as_plain(raw.data, MAIN_TYPE))
    _unwrap(file.element.body)
    builder, headings = TextBuilder(), Headings()
    about = file.core_properties
    title = about.title or ""
    for block in file.iter_inner_content():
        if isinstance(block, Table):
            for number, line in table_lines([_values(row) for row in block.rows]):
                builder.add(line, Location(headings=headings.path, row=number), gap="\n")
            continue
        style = str(block.style.name or "") if block.style is not None else ""
        level = re.fullmatch(r"[Hh]eading (\d)", style)
        if level or style == "Title":
            headings.enter(int(level.group(1)) if level else 0, block.text)
            title = title or block.text
        bullet = "- " if style.startswith("List") and block.text.strip() else ""
        builder.add(bullet + block.text, Location(headings=headings.path), gap="\n" if bullet else "\n\n")
    return builder.document(raw.source, title=title, metadata={"author": about.author, "modified": about.modified})


def _unwrap(body: Any) -> None:
    """Put what stands in content controls, tracked insertions and the like where python-docx looks for it."""
    from docx.oxml.ns import qn

    for name in WRAPPERS:
        for wrapper in list(body.iter(qn(f"w:{name}"))):
            parent = wrapper.getparent()
            at = parent.index(wrapper)
            inner = list(wrapper)
            parent.remove(wrapper)
            for child in reversed(inner):
                parent.insert(at, child)


def _values(row: _Row) -> list[str]:
    """A row's values, one for each column of the table; a cell that covers several columns is not repeated."""
    values = [""] * row.grid_cols_before
    covered = 0
    for cell in row.cells:
        values.append(_text(cell) if not covered else "")
        covered = covered - 1 if covered else cell.grid_span - 1
    return values


def _text(cell: _Cell) -> str:
    """A cell's paragraphs and the tables within it."""
    from docx.table import Table

    return "\n".join(
        _table_text(block) if isinstance(block, Table) else block.text for block in cell.iter_inner_content()
    )


def _table_text(table: Table) -> str:
    return "\n".join(line for _, line in table_lines([_values(row) for row in table.rows]))
