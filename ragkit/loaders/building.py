"""Put a document together piece by piece, each with its place in the file."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from ragkit.loaders.text import clean
from ragkit.types import Document, Location, Mark

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

LONGEST_NAME = 80
"""A first row with a longer value is no header; it is a table that only arranges text on a page."""


class TextBuilder:
    """Collects text and marks; a mark is made whenever the place changes."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._marks: list[Mark] = []
        self._length = 0

    def add(self, text: str, location: Location, *, gap: str = "\n\n") -> None:
        """Append a piece after a gap; a blank piece is left out."""
        text = clean(text).strip("\n")
        if not text.strip():
            return
        if self._parts:
            self._parts.append(gap)
            self._length += len(gap)
        if not self._marks or self._marks[-1].location != location:
            self._marks.append(Mark(self._length, location))
        self._parts.append(text)
        self._length += len(text)

    def document(self, source: str, *, title: str = "", metadata: Mapping[str, Any] | None = None) -> Document:
        """The document of all pieces."""
        text = "".join(self._parts)
        return Document(source, text, source, one_line(title), facts(metadata or {}), tuple(self._marks))


class Headings:
    """The path of headings that are open at a point of a document."""

    def __init__(self) -> None:
        self._open: list[tuple[int, str]] = []

    def enter(self, level: int, text: str) -> tuple[str, ...]:
        """Open a heading, which closes those of its own level and below; returns the path."""
        self._open = [each for each in self._open if each[0] < level]
        text = one_line(text)
        if text:
            self._open.append((level, text))
        return self.path

    @property
    def path(self) -> tuple[str, ...]:
        """The open headings, outermost first."""
        return tuple(text for _, text in self._open)


def one_line(text: str) -> str:
    r"""Clean text with every run of white space as one space.

    >>> one_line(" Salt\n of the  sea")
    'Salt of the sea'
    """
    return " ".join(clean(text).split())


def facts(values: Mapping[Any, Any]) -> dict[str, Any]:
    """Metadata as JSON values: plain ones, dates in ISO form, and lists of these; what is nested deeper is left out.

    Nested values are not written out because a few lines of YAML can stand for gigabytes of them.
    """
    kept = {one_line(str(name)): _fact(value) for name, value in values.items()}
    return {name: value for name, value in kept.items() if name and value not in (None, "", [])}


def _fact(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [each for each in map(_simple, value) if each is not None]
    return _simple(value)


def _simple(value: Any) -> Any:
    if isinstance(value, bool | float) or (isinstance(value, int) and value.bit_length() < 64):
        return value
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    return one_line(value) if isinstance(value, str) else None


def record(names: Sequence[str], values: Sequence[str]) -> str:
    """One row of a table as a line, ``name: value; name: value``; empty values are left out.

    >>> record(["depth", "salt"], ["10 m", ""])
    'depth: 10 m'
    """
    pairs = []
    for number, value in enumerate(values):
        value = one_line(value)
        name = names[number] if number < len(names) else ""
        if value:
            pairs.append(f"{name}: {value}" if name else value)
    return "; ".join(pairs)


def header_of(row: Sequence[str]) -> list[str]:
    """The names of the columns, if a table's first row gives them; else an empty list.

    It does if it has two or more names, all different, none of them a number or a paragraph. A column may be without
    a name, as the first one of a written-out data frame is.
    """
    names = [one_line(value) for value in row]
    given = [name for name in names if name]
    if len(given) < 2 or len(given) < len(names) / 2 or len(set(given)) < len(given):
        return []
    return [] if any(_is_number(name) or len(name) > LONGEST_NAME for name in given) else names


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", ".").strip("%$€£ "))
    except ValueError:
        return False
    return True


def table_lines(rows: Sequence[Sequence[str]]) -> Iterator[tuple[int | None, str]]:
    """The lines of a table in a document, each with the number of its row; a header alone has none.

    >>> list(table_lines([["depth", "salt"], ["10 m", "3 %"]]))
    [(1, 'depth: 10 m; salt: 3 %')]
    """
    names = header_of(rows[0]) if rows else []
    body = rows[1:] if names else rows
    if names and not any(record([], row) for row in body):
        yield None, record([], names)
    for number, row in enumerate(body, start=1):
        yield number, record(names, row)
