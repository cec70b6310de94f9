"""Spreadsheets: row by row, each cell with the name of its column."""

from __future__ import annotations

import datetime as dt
import io
import warnings
from typing import Any

from ragkit.loaders.building import TextBuilder, header_of, one_line, record
from ragkit.protocols import RawFile
from ragkit.types import Document, Location

EMPTY_ROWS = 50_000
"""A sheet that claims a million rows is read until so many in a row are empty."""


def load_xlsx(raw: RawFile) -> Document:
    """One place per row of each sheet; its first row with two or more values may name the columns."""
    import openpyxl

    builder = TextBuilder()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(raw.data), read_only=True, data_only=True)
        try:
            for sheet in book.worksheets:
                # A sheet's own idea of its size may be a million rows too large, or one row too small.
                sheet.reset_dimensions()
                _add_sheet(sheet, builder)
            about = book.properties
        finally:
            book.close()
    return builder.document(raw.source, title=about.title or "", metadata={"author": about.creator})


def _add_sheet(sheet: Any, builder: TextBuilder) -> None:
    name = one_line(str(sheet.title))
    names: list[str] = []
    # The rows above the table, such as its title, have no number.
    number: int | None = None
    empty = 0
    gap = "\n\n"
    for row in sheet.iter_rows(values_only=True):
        values = [_text(value) for value in row]
        filled = sum(map(bool, values))
        empty = 0 if filled else empty + 1
        if empty >= EMPTY_ROWS:
            break
        if not filled:
            continue
        if number is None and filled > 1:
            number = 0
            names = [] if any(isinstance(value, int | float) for value in row) else header_of(_to_last(values))
            if names:
                continue
        number = number if number is None else number + 1
        builder.add(record(names, values), Location(sheet=name, row=number), gap=gap)
        gap = "\n"
    if names and not number:
        builder.add(record([], names), Location(sheet=name), gap=gap)


def _to_last(values: list[str]) -> list[str]:
    """Values without the empty ones at the end, where a sheet goes on without a column."""
    while values and not values[-1]:
        values = values[:-1]
    return values


def _text(value: object) -> str:
    """A value as a spreadsheet shows it; numbers with its 15 digits."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    return f"{value:.15g}" if isinstance(value, float) else str(value).strip()
