"""Put a document together piece by piece, each with its place in the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ragkit.loaders.text import clean
from ragkit.types import Document, Location, Mark

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


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
        return Document(source, text, source, " ".join(clean(title).split()), metadata or {}, tuple(self._marks))


class Headings:
    """The path of headings that are open at a point of a document."""

    def __init__(self) -> None:
        self._open: list[tuple[int, str]] = []

    def enter(self, level: int, text: str) -> tuple[str, ...]:
        """Open a heading, which closes those of its own level and below; returns the path."""
        self._open = [each for each in self._open if each[0] < level]
        text = " ".join(clean(text).split())
        if text:
            self._open.append((level, text))
        return self.path

    @property
    def path(self) -> tuple[str, ...]:
        """The open headings, outermost first."""
        return tuple(text for _, text in self._open)


def record(names: Sequence[str], values: Sequence[str]) -> str:
    """One row of a table as a line, ``name: value; name: value``; empty values are left out.

    >>> record(["depth", "salt"], ["10 m", ""])
    'depth: 10 m'
    """
    pairs = []
    for number, value in enumerate(values):
        value = " ".join(clean(value).split())
        name = names[number] if number < len(names) else ""
        if value:
            pairs.append(f"{name}: {value}" if name else value)
    return "; ".join(pairs)
