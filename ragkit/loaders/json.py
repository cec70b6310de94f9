"""JSON and JSON Lines: each record as lines ``path: value``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ragkit.errors import LoadError
from ragkit.loaders.building import TextBuilder
from ragkit.loaders.text import decode
from ragkit.protocols import RawFile
from ragkit.types import Document, Location

if TYPE_CHECKING:
    from collections.abc import Iterator

DEEPEST = 64
ROW_CHARS = 400
"""A record that is longer is written with a line for each value."""


class _Number(str):
    """A number as it is written in the file: 1.10 stays 1.10, and one of a million digits stays cheap."""

    __slots__ = ()


def load_json(raw: RawFile) -> Document:
    """One place per record of a list or of JSON Lines; a single object is one record.

    Raises:
        LoadError: It is not JSON.
    """
    text = decode(raw)
    builder = TextBuilder()
    try:
        records = _parsed(text) if raw.suffix == ".json" else _lines(text)
    except json.JSONDecodeError as exc:
        # Files are often named for one of the two kinds and written as the other.
        try:
            records = _lines(text) if raw.suffix == ".json" else _parsed(text)
        except json.JSONDecodeError:
            raise LoadError(f"is not JSON: {exc}", path=raw.source, hint="mend it, or rename it to .txt") from exc
    if not isinstance(records, list):
        for line in _flat(records, ""):
            builder.add(line, Location(), gap="\n")
    else:
        for number, each in enumerate(records, start=1):
            gap = "\n\n" if isinstance(each, dict | list) else "\n"
            for line in _record(each):
                builder.add(line, Location(row=number), gap=gap)
                gap = "\n"
    return builder.document(raw.source)


def _parsed(text: str) -> Any:
    return json.loads(text, parse_int=_Number, parse_float=_Number)


def _lines(text: str) -> list[Any]:
    records = []
    # Not splitlines: JSON allows the line separators of Unicode within its strings.
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                records.append(_parsed(line))
            except json.JSONDecodeError as exc:
                raise json.JSONDecodeError(f"record of line {number}: {exc.msg}", line, exc.pos) from None
    return records


def _record(value: Any) -> list[str]:
    """A flat record on one line, as a table's row; a nested one on a line for each of its values."""
    lines = list(_flat(value, ""))
    return ["; ".join(lines)] if _is_row(value) else lines


def _is_row(value: Any) -> bool:
    """Whether a value is a record of a few short values."""
    if not isinstance(value, dict) or any(isinstance(each, dict | list) for each in value.values()):
        return False
    return sum(len(str(key)) + len(str(each)) for key, each in value.items()) < ROW_CHARS


def _flat(value: Any, path: str, depth: int = 0) -> Iterator[str]:
    if depth > DEEPEST:
        yield f"{path}: …"
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _flat(each, f"{path}.{key}" if path else str(key), depth + 1)
    elif isinstance(value, list):
        if value and all(isinstance(each, str) for each in value):
            yield f"{path}: {', '.join(value)}" if path else ", ".join(value)
        else:
            for number, each in enumerate(value):
                # A list of simple records is a table: one line for each row.
                yield from (
                    ["; ".join(_flat(each, ""))] if _is_row(each) else _flat(each, f"{path}[{number}]", depth + 1)
                )
    else:
        text = value if isinstance(value, str) else json.dumps(value)
        yield f"{path}: {text}" if path else text
