"""Spreadsheets: row by row, each cell with the name of its column."""

from __future__ import annotations

import datetime as dt
import io
import warnings
from typing import Any

from ragkit.loaders.building import TextBuilder, record
from ragkit.protocols import RawFile
from ragkit.types import Document, Location

EMPTY_ROWS = 1000
"""A sheet that claims a million rows is read until so many in a row are empty."""


def load_xlsx(raw: RawFile) -> Document:
    """One place per row of each sheet; the first row with two or more texts gives the columns their names."""
    import openpyxl

    builder = TextBuilder()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(raw.data), read_only=True, data_only=True)
        try:
            for sheet in book.worksheets:
                # A sheet's own idea of its size may be a million rows too large.
                sheet.reset_dimensions()
                _add_sheet(sheet, builder)
            title = book.properties.title or ""
        finally:
            book.close()
    return builder.document(raw.source, title=title)


def _add_sheet(sheet: Any, builder: TextBuilder) -> None:
    names: list[str] = []
    number = empty = 0
    gap = "\n\n"
    for row in sheet.iter_rows(values_only=True):
        values = [_text(value) for value in row]
        filled = [value for value in values if value]
        empty = 0 if filled else empty + 1
        if empty >= EMPTY_ROWS:
            break
        if not filled:
            continue
        if not names and len(filled) > 1 and not any(isinstance(v, int | float) for v in row):
            names = [" ".join(value.split()) for value in values]
            continue
        number += bool(names)
        builder.add(record(names, values), Location(sheet=str(sheet.title), row=number or None), gap=gap)
        gap = "\n"
    if names and not number:
        builder.add(record([], names), Location(sheet=str(sheet.title)), gap=gap)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
