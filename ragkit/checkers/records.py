"""A claim against the fields of a record: yes-or-no values, opening hours, and what is null and so unknown."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ragkit.checkers.agreement import days_of
from ragkit.checkers.analysis import Passage
from ragkit.checkers.analysis import facts_of as passage_facts
from ragkit.checkers.dates import Clock, weekdays
from ragkit.checkers.fields import Field
from ragkit.checkers.quantities import agree, are_comparable
from ragkit.checkers.synonyms import is_light, synonyms_of
from ragkit.checkers.tokens import Token, stem

_NEGATION = re.compile(
    r"\b(?:no|not|without|lacks?|lacking|neither|nor|never|unavailable|cannot|(?:is|are|was|were|do|does|did|has|have|ca|wo)n['’]t)\b",
    re.IGNORECASE,
)
# A negation behind the word that it is about: "reservations are not accepted".
_PREDICATE = re.compile(
    r"(?:\b(?:is|are|was|were|does|do|can|has|have|being)\s?(?:not|n['’]t)|\b(?:cannot|unavailable|\w+n['’]t))\Z",
    re.IGNORECASE,
)
_UNSAID = re.compile(
    r"\bun(?:known|clear|specified)\b|\bno (?:\w+ )?(?:mention|information|details?)\b"
    r"|\b(?:not|doesn['’]t|don['’]t|isn['’]t|aren['’]t) (?:\w+ )?(?:mention|specif|stat|(?:provid|giv|offer)\w* (?:any |specific |further |clear )?(?:information|details?)|list|indicat|clear|known)",
    re.IGNORECASE,
)
_EXCEPT = re.compile(
    r"\b(?:except|most days|extended|shorter|earl\w+|later?|slightly|weekends?|until \d|vary|varies|different)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[;.!?]|,?\s*\b(?:but|however|although|though|while|whereas|yet)\b", re.IGNORECASE)
_COMMA = re.compile(r",|\band\b", re.IGNORECASE)
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|offers?|provides?|features?|accepts?|takes?|serves?|includes?|can|does|boasts?|allows?|there)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[^\w]{0,3}\d[\d.,]*\s*[^\d\s]{0,12}\s*\Z")
_HOURS = re.compile(r"\s*(\d{1,2}):(\d{1,2})\s*-\s*(\d{1,2}):(\d{1,2})\s*\Z")
_DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CLOSED = re.compile(r"\bclosed\b", re.IGNORECASE)
_OPEN = re.compile(r"\b(?:open|opens|hours|operat\w+|closes?|from)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Point:
    """What a record says about some words of a claim.

    ``field`` decides; ``status`` is ``match``, ``conflict`` or ``unknown`` (the value is null).
    """

    start: int
    end: int
    status: str
    field: Field
    expected: str


def points(claim: Passage, fields: Sequence[Field]) -> list[Point]:
    """Everything that a record says about a claim."""
    return [*_flags(claim, fields), *_hours(claim, fields), *_numbers(claim, fields)]


def _numbers(claim: Passage, fields: Sequence[Field]) -> list[Point]:
    """A number beside the words of a field whose own number is another one."""
    mine = [quantity for quantity in claim.facts.quantities if not quantity.is_weak]
    if not mine:
        return []
    common = Counter(word for path in {each.path for each in fields} for word in path)
    by_path: dict[tuple[str, ...], list[Field]] = {}
    for each in fields:
        if each.flag is None and not each.is_unknown and _NUMBER.match(each.value):
            by_path.setdefault(each.path, []).append(each)
    found = []
    for same in by_path.values():
        span = _mention(claim, same[0], common)
        if span is None or (len(same[0].key) < 2 and common[same[0].key[0]] > 1):
            continue
        near = min(mine, key=lambda q: min(abs(q.start - span[1]), abs(span[0] - q.end)))
        given = [quantity for each in same for quantity in passage_facts(each.value).quantities]
        if min(abs(near.start - span[1]), abs(span[0] - near.end)) > 25 or not given:
            continue
        comparable = [quantity for quantity in given if are_comparable(near, quantity)]
        if any(agree(near, quantity) for quantity in comparable):
            found.append(Point(near.start, near.end, "match", same[0], ""))
        elif comparable and len(same) == 1:
            found.append(Point(near.start, near.end, "conflict", same[0], f"{' '.join(same[0].key)}: {same[0].value}"))
    return found


def _flags(claim: Passage, fields: Sequence[Field]) -> list[Point]:
    wanted = [
        each for each in fields if each.flag is not None or each.is_unknown or each.value.casefold() in {"free", "paid"}
    ]
    if not wanted:
        return []
    common = Counter(word for path in {each.path for each in fields} for word in path)
    found = []
    for each in wanted:
        span = _mention(claim, each, common)
        if span is None:
            continue
        start, end = span
        if each.is_unknown:
            # "It is not specified whether …" is just what null means.
            status = "match" if _UNSAID.search(claim.text) else "unknown"
            found.append(Point(start, end, status, each, each.value))
            continue
        flag = True if each.flag is None else each.flag
        if _UNSAID.search(claim.text):
            continue
        agrees = is_denied(claim.text, start, end) != flag
        found.append(Point(start, end, "match" if agrees else "conflict", each, f"{' '.join(each.path)}: {each.value}"))
    return found


def _mention(claim: Passage, each: Field, common: Counter[str]) -> tuple[int, int] | None:
    """Where a claim speaks of a field, by the words that set the field apart from others."""
    own = [word for word in each.key if common[word] < 3 or len(each.key) == 1]
    joined = "".join(own)
    tokens = claim.tokens
    for one, two in itertools.pairwise(tokens):
        if len(own) > 1 and one.word + two.word == joined:
            return one.start, two.end
    content = [
        word for word in own if not is_light(stem(word)) and len(word) > 2 and word not in {"for", "out", "good", "the"}
    ]
    hits: list[Token] = []
    for word in content:
        stems = {stem(word)}
        hit = next((t for t in tokens if t.stem in stems or (len(word) > 4 and t.stem.startswith(stem(word)))), None)
        if hit is None:
            hits = []
            break
        hits.append(hit)
    if not hits:
        alike = {joined, *(synonyms_of(stem(joined)))}
        hits = [t for t in tokens if t.word == joined or t.stem in alike][:1]
    if not hits or max(t.start for t in hits) - min(t.start for t in hits) > 40:
        return None
    parent = [word for word in each.path[: -len(each.key)] if word.startswith("park")]
    if parent and not any(t.stem.startswith("park") for t in tokens):
        return None  # a street is also part of an address
    return min(t.start for t in hits), max(t.end for t in hits)


def is_denied(text: str, start: int, end: int) -> bool:
    """Whether the words between ``start`` and ``end`` are said not to be so, also within a list of such words.

    >>> is_denied("It has no valet, garage or lot parking, but street parking.", 10, 15)
    True
    """
    edges = [0, *(m.end() for m in _CLAUSE.finditer(text)), len(text)]
    left = max(edge for edge in edges if edge <= start)
    right = min(edge for edge in edges if edge >= end)
    # Within the clause, a comma or "and" begins something new only where both sides have a verb of their own.
    commas = [m for m in _COMMA.finditer(text, left, right) if _VERB.search(text, left, m.start())]
    for number, match in enumerate(commas):
        following = commas[number + 1].start() if number + 1 < len(commas) else right
        if not _VERB.search(text, match.end(), following):
            continue
        if match.end() <= start:
            left = match.end()
        elif match.start() >= end:
            right = match.start()
            break
    before = list(_NEGATION.finditer(text, left, start))
    if before:
        return len(before) % 2 == 1
    after = _NEGATION.search(text, end, right)
    return after is not None and _PREDICATE.search(text[end : after.end()]) is not None


def _hours(claim: Passage, fields: Sequence[Field]) -> list[Point]:
    """Opening hours: each day that a claim speaks of, with the times that go with it."""
    table: dict[int, tuple[Field, int, int]] = {}
    for each in fields:
        match = _HOURS.match(each.value)
        if match and each.key and each.key[-1] in _DAY_NAMES:
            a, b, c, d = map(int, match.groups())
            table[_DAY_NAMES.index(each.key[-1])] = (each, a * 60 + b, c * 60 + d)
    if not table or not (claim.facts.clocks or _CLOSED.search(claim.text)):
        return []
    found = []
    for match in _CLOSED.finditer(claim.text):
        named = weekdays(claim.text[match.end() : match.end() + 40])
        for day in named[:1]:
            if day.day in table and table[day.day][1] != table[day.day][2]:
                field, *_ = table[day.day]
                found.append(Point(match.start(), match.end() + day.end, "conflict", field, field.value))
    groups = _groups(claim)
    if groups and not claim.facts.weekdays and not days_of(claim) and not _OPEN.search(claim.text):
        return found
    for days, first, last in groups:
        known = [number for number in sorted(days & table.keys()) if table[number][1] != table[number][2]]
        right = [n for n in known if _same(first, table[n][1]) and (last is None or _same(last, table[n][2]))]
        if right and _EXCEPT.search(claim.text):
            continue
        for number in known:  # "0:0-0:0" may mean closed or around the clock
            field, opens, closes = table[number]
            if not (_same(first, opens) and (last is None or _same(last, closes))):
                end = (last or first).end
                found.append(Point(first.start, end, "conflict", field, f"{field.key[-1]}: {field.value}"))
                break
        else:
            if days and not days <= table.keys() and len(days) < 7:
                field = next(iter(table.values()))[0]
                found.append(Point(first.start, (last or first).end, "conflict", field, "closed on one of these days"))
            elif days & table.keys():
                found.append(Point(first.start, (last or first).end, "match", table[min(days & table.keys())][0], ""))
    return found


def _same(clock: Clock, minutes: int) -> bool:
    return clock.minutes == minutes % 1440 or (not clock.is_exact and clock.minutes % 720 == minutes % 720)


def _groups(claim: Passage) -> list[tuple[set[int], Clock, Clock | None]]:
    """Days with their opening and closing times; all days where none are named."""
    clocks = claim.facts.clocks
    pairs: list[tuple[Clock, Clock | None]] = []
    index = 0
    while index < len(clocks):
        between = claim.text[clocks[index].end : clocks[index + 1].start] if index + 1 < len(clocks) else "x" * 99
        if len(between) <= 16 and re.fullmatch(
            r"[\s–—-]*(?:to|until|till|and|through|a|–|—|-)?[\s–—-]*(?:around|about)?\s*", between
        ):
            pairs.append((clocks[index], clocks[index + 1]))
            index += 2
        else:
            index += 1
    if not pairs:
        return []
    days = claim.facts.weekdays
    if not days:
        return [(days_of(claim) or set(range(7)), *pairs[0])] if len(pairs) == 1 else []
    days_first = days[0].start < pairs[0][0].start
    found = []
    edges = [0, *((b or a).end for a, b in pairs)] if days_first else [*(a.start for a, _ in pairs), len(claim.text)]
    for number, (opens, closes) in enumerate(pairs):
        end = (closes or opens).end
        stop = min((clock.start for clock in clocks if clock.start > end), default=len(claim.text))
        part = claim.text[edges[number] : opens.start] if days_first else claim.text[end : min(stop, edges[number + 1])]
        named = days_of(Passage(part, ()))
        if named:
            found.append((named, opens, closes))
    return found
