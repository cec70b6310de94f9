"""Records in a text: JSON objects and ``header: value`` rows, as fields with a path, a value and offsets.

A record is read with a forgiving scanner, not with a JSON parser: a chunk may hold only a part of an object,
Python writes ``'name': None`` where JSON writes ``"name": null``, and every value needs its offsets.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ragkit.sentences import boundaries

_KEY = r"(?:\"(?P<k1>[^\"\\\n]{1,60})\"|'(?P<k2>[^'\\\n]{1,60})')"
_SCALAR = (
    r"(?:\"(?P<s1>(?:[^\"\\]|\\.)*)\"|'(?P<s2>(?:[^'\\]|\\.)*)'|(?P<number>-?\d+(?:\.\d+)?)"
    r"|(?P<word>true|false|null|True|False|None)\b)"
)
_TOKEN = re.compile(rf"{_KEY}\s*:\s*(?:(?P<open>[{{\[])|{_SCALAR})|(?P<up>[{{\[])|(?P<down>[}}\]])")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|[_.\-\s/]+")
_TRUE = frozenset("true yes y ja oui sí".split())
_FALSE = frozenset("false no n none nein non".split())


@dataclass(frozen=True, slots=True)
class Field:
    """One value of a record.

    Attributes:
        path: The words of its keys from the outermost, case-folded: ``business parking valet``.
        key: The words of its own key.
        value: As written, without quotes.
        start: First character of the key.
        end: One past the value.
        value_start: First character of the value.
        flag: What a yes-or-no value says; None for others.
        is_unknown: Whether the value is null.
    """

    path: tuple[str, ...]
    key: tuple[str, ...]
    value: str
    start: int
    end: int
    value_start: int
    flag: bool | None = None
    is_unknown: bool = False


def words_of_key(key: str) -> tuple[str, ...]:
    """The words of a key: ``RestaurantsTakeOut`` is restaurants take out."""
    return tuple(word.casefold() for word in _CAMEL.split(key) if word)


def fields_of(text: str) -> list[Field]:
    """The fields of a JSON-like text, or none if it is not one."""
    if text.lstrip()[:1] not in {"{", "["} and text.count('":') + text.count("':") < 4:
        return []
    found: list[Field] = []
    stack: list[tuple[str, ...]] = []
    for match in _TOKEN.finditer(text):
        if match["up"]:
            stack.append(())
            continue
        if match["down"]:
            if stack:
                stack.pop()
            continue
        key = words_of_key(match["k1"] or match["k2"] or "")
        if match["open"]:
            stack.append(key)
            continue
        group = next(name for name in ("s1", "s2", "number", "word") if match[name] is not None)
        value = match[group]
        low = value.casefold()
        flag = True if low in _TRUE else False if low in _FALSE and low != "none" else None
        if group == "word" and low in {"null", "none"}:
            flag = None
        path = (*(word for part in stack for word in part), *key)
        found.append(
            Field(
                path,
                key,
                value,
                match.start(),
                match.end(),
                match.start(group),
                flag,
                group == "word" and low in {"null", "none"},
            )
        )
    return found if len(found) > 1 else []


def field_units(text: str, found: Sequence[Field]) -> tuple[tuple[int, int], ...]:
    """Units of a record: a short field with its key; a long text value sentence by sentence; what is between, dropped."""
    units: list[tuple[int, int]] = []
    for each in found:
        if len(each.value) > 120:
            units.extend(
                (each.value_start + start, each.value_start + end)
                for start, end in boundaries(text[each.value_start : each.value_start + len(each.value)])
            )
        else:
            units.append((each.start, each.end))
    return tuple(units)
