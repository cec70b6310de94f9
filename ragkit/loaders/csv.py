"""Tables of separated values: a line ``header: value; header: value`` for each record."""

from __future__ import annotations

import csv
import io
from collections import Counter

from ragkit.loaders.building import TextBuilder, table_lines
from ragkit.loaders.text import decode
from ragkit.protocols import RawFile
from ragkit.types import Document, Location

SAMPLE_LINES = 200
DELIMITERS = ",;\t|"
LONGEST_FIELD = 10_000_000


def load_csv(raw: RawFile) -> Document:
    """One place per record; the header, where there is one, gives the values their names."""
    text = decode(raw)
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text, raw.suffix))
    rows = [row for row in reader if any(value.strip() for value in row)]
    builder = TextBuilder()
    for number, line in table_lines(rows):
        builder.add(line, Location(row=number), gap="\n")
    return builder.document(raw.source)


def _delimiter(text: str, suffix: str) -> str:
    """The delimiter that cuts most of the first records into the same number of values, two or more.

    ``csv.Sniffer`` is not asked: on a sample without doubled quotes it decides that there are none at all.
    """
    expected = "\t" if suffix in (".tsv", ".tab") else ","
    sample = text.split("\n", SAMPLE_LINES)[:SAMPLE_LINES]

    def evenness(delimiter: str) -> tuple[float, int, bool]:
        widths = Counter(len(row) for row in csv.reader(sample, delimiter=delimiter) if row)
        width, count = max(widths.items(), key=lambda item: (item[0] > 1, item[1], item[0]), default=(1, 0))
        return (count / widths.total() if width > 1 else 0.0, width, delimiter == expected)

    best = max(DELIMITERS, key=evenness)
    return best if evenness(best)[0] > 0.5 else expected
