"""Tables of separated values: a line ``header: value; header: value`` for each record."""

from __future__ import annotations

import csv
import io

from ragkit.loaders.building import TextBuilder, record
from ragkit.loaders.text import decode
from ragkit.protocols import RawFile
from ragkit.types import Document, Location

SAMPLE_CHARS = 20_000
DELIMITERS = ",;\t|"
LONGEST_FIELD = 10_000_000


def load_csv(raw: RawFile) -> Document:
    """One place per record; the header, where there is one, gives the values their names."""
    text = decode(raw)
    csv.field_size_limit(LONGEST_FIELD)
    rows = [row for row in csv.reader(io.StringIO(text), _delimited(text, raw.suffix)) if any(v.strip() for v in row)]
    names = [" ".join(name.split()) for name in rows[0]] if rows and _is_header(rows) else []
    builder = TextBuilder()
    for number, row in enumerate(rows[1:] if names else rows, start=1):
        builder.add(record(names, row), Location(row=number), gap="\n")
    if names and len(rows) == 1:
        builder.add(record([], names), Location())
    return builder.document(raw.source)


def _delimited(text: str, suffix: str) -> type[csv.Dialect] | csv.Dialect:
    class Plain(csv.excel):
        delimiter = "\t" if suffix in (".tsv", ".tab") else ","

    try:
        return csv.Sniffer().sniff(text[:SAMPLE_CHARS], DELIMITERS)
    except csv.Error:
        return Plain


def _is_header(rows: list[list[str]]) -> bool:
    """Whether the first row names the columns: all texts, all different, and none of them a number."""
    first = [value.strip() for value in rows[0]]
    return len(first) > 1 and all(first) and len(set(first)) == len(first) and not any(map(_is_number, first))


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", ".").replace("%", "").strip())
    except ValueError:
        return False
    return True
