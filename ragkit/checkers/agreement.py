"""The facts of a claim against the facts of a window of sentences: borne out, contradicted, or not there."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ragkit.checkers.analysis import Passage
from ragkit.checkers.dates import Clock, Date, Weekday, clocks_agree, dates_agree, dates_conflict
from ragkit.checkers.quantities import BARE, ORDINAL, Quantity, agree, are_comparable, has_same_number
from ragkit.types import FindingCode

Fact = Quantity | Date | Clock | Weekday


class Status(StrEnum):
    """What a window says about a fact."""

    MATCH = "match"
    CONFLICT = "conflict"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a window says about one fact of a claim.

    Attributes:
        fact: The claim's fact; offsets into the claim.
        status: Whether it is borne out.
        code: What kind of mismatch it is, if it is one.
        expected: What the window has instead, as written.
        unit: Number of the passage that decides, in the order given.
        is_firm: Whether an absent fact is reason enough to call a claim unsupported.
    """

    fact: Fact
    status: Status
    code: FindingCode
    expected: str = ""
    unit: int = -1
    is_firm: bool = True


@dataclass(frozen=True, slots=True)
class _Given:
    """A fact of a source and where it stands."""

    fact: Fact
    passage: Passage
    unit: int

    @property
    def written(self) -> str:
        return self.passage.text[self.fact.start : self.fact.end]


def judge_facts(claim: Passage, passages: Sequence[Passage], asked: frozenset[str] = frozenset()) -> list[Judgement]:
    """A judgement for every number, date, weekday and time of a claim.

    Args:
        claim: The claim.
        passages: The units of a window, which are read together.
        asked: Content stems of the question, where the claim leaves out what it is about.
    """
    given_quantities = _given(passages, lambda p: p.facts.quantities)
    given_dates = _given(passages, lambda p: p.facts.dates)
    facts = claim.facts
    found = [_quantity(claim, each, given_quantities, given_dates, asked) for each in facts.quantities]
    found += [_date(claim, each, given_dates, given_quantities) for each in facts.dates]
    found += [
        _clock(each, facts.clocks, _given(passages, lambda p: p.facts.clocks), given_quantities)
        for each in facts.clocks
    ]
    found += _weekdays(claim, passages)
    return [_written_alike(claim, judgement, passages) for judgement in found]


def _given(passages: Sequence[Passage], pick: Callable[[Passage], Sequence[Fact]]) -> list[_Given]:
    return [_Given(fact, passage, unit) for unit, passage in enumerate(passages) for fact in pick(passage)]


def _written_alike(claim: Passage, judgement: Judgement, passages: Sequence[Passage]) -> Judgement:
    """What is written alike agrees, whatever was made of it when it was read."""
    if judgement.status is not Status.MISSING:
        return judgement
    written = " ".join(claim.text[judgement.fact.start : judgement.fact.end].split()).casefold()
    pattern = re.compile(rf"(?<![\w.,]){re.escape(written)}(?![\w]|[.,]\d)")
    for unit, passage in enumerate(passages):
        if pattern.search(" ".join(passage.text.split()).casefold()):
            return Judgement(judgement.fact, Status.MATCH, judgement.code, unit=unit)
    return judgement


def _nouns(passage: Passage, fact: Quantity) -> frozenset[str]:
    """The content words right behind a number: what it counts."""
    found = []
    last = fact.end
    for token in passage.tokens:
        if token.start < fact.end:
            continue
        if re.search(r"[.,;:()]", passage.text[last : token.start]) or (token.is_stop and token.word != "of"):
            break
        if token.word[0].isdigit():
            break
        if not token.is_stop:
            found.append(token.stem)
        last = token.end
        if len(found) == 3:
            break
    return frozenset(found)


def _near(passage: Passage, fact: Fact, reach: int = 4) -> frozenset[str]:
    """The content words on both sides of a fact."""
    before = [token.stem for token in passage.tokens if token.end <= fact.start and not token.is_stop][-reach:]
    after = [token.stem for token in passage.tokens if token.start >= fact.end and not token.is_stop][:reach]
    return frozenset((*before, *after))


def _quantity(
    claim: Passage, mine: Quantity, given: Sequence[_Given], given_dates: Sequence[_Given], asked: frozenset[str]
) -> Judgement:
    code = FindingCode.NUMBER_MISMATCH
    comparable = [each for each in given if isinstance(each.fact, Quantity) and are_comparable(mine, each.fact)]
    equal = [each for each in comparable if isinstance(each.fact, Quantity) and agree(mine, each.fact)]
    nouns = _nouns(claim, mine)
    if equal:
        rival = _bound_elsewhere(mine, nouns, equal, comparable)
        if rival is not None:
            return Judgement(mine, Status.CONFLICT, code, rival.written, rival.unit)
        return Judgement(mine, Status.MATCH, code, unit=equal[0].unit)
    if mine.dimension == BARE and any(isinstance(d.fact, Date) and d.fact.year == mine.raw for d in given_dates):
        return Judgement(mine, Status.MATCH, code)
    if mine.is_range and all(any(_is_end(mine, low, each.fact) for each in comparable) for low in (True, False)):
        return Judgement(mine, Status.MATCH, code)  # the writer put two numbers together
    if mine.is_weak:
        return Judgement(mine, Status.MATCH, code, is_firm=False)
    # A small bare number may be a count that the writer made: "There are three reasons".
    is_firm = mine.dimension != BARE or not mine.raw.is_integer() or mine.raw > 12 or claim.text[mine.start].isdigit()
    others = claim.facts.quantities
    rivals = [
        each for each in comparable
        if isinstance(each.fact, Quantity) and not any(are_comparable(q, each.fact) and agree(q, each.fact) for q in others)
    ]  # fmt: skip
    scored = []
    for each in rivals:
        assert isinstance(each.fact, Quantity)
        same_noun = len(nouns & _nouns(each.passage, each.fact))
        near = len((_near(claim, mine) | asked) & _near(each.passage, each.fact))
        is_loose = BARE in {mine.dimension, each.fact.dimension} or ORDINAL in {mine.dimension, each.fact.dimension}
        if same_noun or (near if not is_loose else near >= 2):
            scored.append((same_noun, near, each))
    if scored:
        best = max(scored, key=lambda item: item[:2])[2]
        assert isinstance(best.fact, Quantity)
        if best.fact.dimension == mine.dimension and has_same_number(mine, best.fact) and mine.unit != best.fact.unit:
            code = FindingCode.UNIT_MISMATCH
        return Judgement(mine, Status.CONFLICT, code, _with_modifier(best), best.unit)
    for each in given:
        if isinstance(each.fact, Quantity) and each not in comparable and has_same_number(mine, each.fact):
            return Judgement(mine, Status.CONFLICT, FindingCode.UNIT_MISMATCH, each.written, each.unit)
    return Judgement(mine, Status.MISSING, code, is_firm=is_firm)


def _is_end(mine: Quantity, low: bool, given: Fact) -> bool:
    """Whether one end of a claimed range is a number of the source."""
    if not isinstance(given, Quantity):
        return False
    value = (mine.low, mine.raw) if low else (mine.high, mine.raw_high)
    return any(v == g for v in value for g in (given.low, given.high, given.raw, given.raw_high))


_MODIFIER = re.compile(
    r"(?:more than|less than|fewer than|at least|at most|up to|no more than|over|under|about|around|approximately|nearly"
    r"|mindestens|höchstens|mehr als|weniger als|bis zu)\s*\Z",
    re.IGNORECASE,
)


def _with_modifier(given: _Given) -> str:
    before = _MODIFIER.search(given.passage.text[: given.fact.start])
    return given.passage.text[before.start() if before else given.fact.start : given.fact.end]


def _bound_elsewhere(
    mine: Quantity, nouns: frozenset[str], equal: Sequence[_Given], comparable: Sequence[_Given]
) -> _Given | None:
    """A number of the same thing that differs, where the equal number is one of other things.

    "35 employees in 12 offices" does not bear out "12 employees".
    """
    if mine.dimension != BARE or not nouns or mine.is_weak:
        return None
    if any(isinstance(e.fact, Quantity) and (not (n := _nouns(e.passage, e.fact)) or n & nouns) for e in equal):
        return None
    if any((_near(e.passage, e.fact, 2) - _owned(e)) & nouns for e in equal):
        return None
    for each in comparable:
        if (
            isinstance(each.fact, Quantity)
            and each not in equal
            and _nouns(each.passage, each.fact) & nouns
            and not each.fact.is_weak
        ):
            return each
    return None


def _owned(given: _Given) -> frozenset[str]:
    """What the other numbers of a sentence count."""
    others = (_nouns(given.passage, q) for q in given.passage.facts.quantities if q is not given.fact and not q.is_weak)
    return frozenset().union(*others)


def _date(claim: Passage, mine: Date, given: Sequence[_Given], quantities: Sequence[_Given]) -> Judgement:
    code = FindingCode.DATE_MISMATCH
    for each in given:
        if isinstance(each.fact, Date) and dates_agree(mine, each.fact):
            return Judgement(mine, Status.MATCH, code, unit=each.unit)
    is_year = mine.month is None and mine.day is None
    if is_year and any(isinstance(q.fact, Quantity) and q.fact.raw == mine.year for q in quantities):
        return Judgement(mine, Status.MATCH, code)
    if not is_year:
        # The parts may stand apart: "In 2024 … on 3 March".
        parts = [Date(0, 0, mine.year), Date(0, 0, None, mine.month, mine.day)]
        known = [each.fact for each in given if isinstance(each.fact, Date)]
        if mine.year and all(
            any(
                dates_agree(part, other) and (part.year or not (other.year and other.year != mine.year))
                for other in known
            )
            for part in parts
        ):
            return Judgement(mine, Status.MATCH, code)
    rivals = [
        each
        for each in given
        if isinstance(each.fact, Date)
        and dates_conflict(mine, each.fact)
        and not any(other is not mine and dates_agree(other, each.fact) for other in claim.facts.dates)
    ]
    if rivals:
        best = max(
            rivals,
            key=lambda each: (_shared_parts(mine, each.fact), len(_near(claim, mine) & _near(each.passage, each.fact))),
        )
        return Judgement(mine, Status.CONFLICT, code, best.written, best.unit)
    return Judgement(mine, Status.MISSING, code)


def _shared_parts(mine: Date, other: Fact) -> int:
    if not isinstance(other, Date):
        return 0
    pairs = ((mine.year, other.year), (mine.month, other.month), (mine.day, other.day))
    return sum(a is not None and b is not None for a, b in pairs)


def _clock(mine: Clock, others: Sequence[Clock], given: Sequence[_Given], quantities: Sequence[_Given]) -> Judgement:
    code = FindingCode.DATE_MISMATCH
    for each in given:
        if isinstance(each.fact, Clock) and clocks_agree(mine, each.fact):
            return Judgement(mine, Status.MATCH, code, unit=each.unit)
    if mine.minutes % 60 == 0:
        for each in quantities:
            # "from 9 to 5 p.m.": the first hour is written as a bare number.
            if isinstance(each.fact, Quantity) and mine.minutes % 720 in {
                each.fact.low * 60 % 720,
                each.fact.high * 60 % 720,
            }:
                return Judgement(mine, Status.MATCH, code, unit=each.unit)
    rivals = [
        each
        for each in given
        if isinstance(each.fact, Clock) and not any(clocks_agree(other, each.fact) for other in others)
    ]
    if rivals:
        return Judgement(mine, Status.CONFLICT, code, rivals[0].written, rivals[0].unit)
    return Judgement(mine, Status.MISSING, code)


_DAY_RANGE = re.compile(r"\s*(?:to|through|thru|until|bis|à|a|–|—|-)\s*", re.IGNORECASE)
_EVERY_DAY = re.compile(r"\b(?:every ?day|daily|seven days|7 days|all week|each day|täglich)\b", re.IGNORECASE)
_WEEKDAYS = re.compile(r"\b(?:weekdays?|business days?|working days?|werktags)\b", re.IGNORECASE)
_WEEKENDS = re.compile(r"\b(?:weekends?|wochenende)\b", re.IGNORECASE)


def days_of(passage: Passage) -> set[int]:
    """The days of the week that a sentence speaks of, 0 for Monday; ranges are filled in."""
    found: set[int] = set()
    facts = passage.facts.weekdays
    for one, two in itertools.pairwise(facts):
        if _DAY_RANGE.fullmatch(passage.text[one.end : two.start]):
            found.update((one.day + step) % 7 for step in range((two.day - one.day) % 7 + 1))
    found.update(day.day for day in facts)
    if _EVERY_DAY.search(passage.text):
        found.update(range(7))
    if _WEEKDAYS.search(passage.text):
        found.update(range(5))
    if _WEEKENDS.search(passage.text):
        found.update((5, 6))
    return found


def _weekdays(claim: Passage, passages: Sequence[Passage]) -> list[Judgement]:
    mine = days_of(claim)
    if not claim.facts.weekdays:
        return []
    by_unit = [days_of(passage) for passage in passages]
    theirs: set[int] = set().union(*by_unit)
    found = []
    for fact in claim.facts.weekdays:
        if fact.day in theirs:
            found.append(Judgement(fact, Status.MATCH, FindingCode.DATE_MISMATCH))
        elif theirs - mine:
            unit = next(unit for unit, days in enumerate(by_unit) if days - mine)
            named = passages[unit].facts.weekdays
            written = passages[unit].text[named[0].start : named[-1].end] if named else ""
            found.append(Judgement(fact, Status.CONFLICT, FindingCode.DATE_MISMATCH, written, unit))
        else:
            found.append(Judgement(fact, Status.MISSING, FindingCode.DATE_MISMATCH))
    return found
