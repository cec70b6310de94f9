"""What the checker knows about one text: its sentences, words and facts; computed once and remembered."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from ragkit.checkers.dates import Clock, Date, Weekday, clocks, dates, weekdays
from ragkit.checkers.fields import Field, field_units, fields_of
from ragkit.checkers.names import KnownNames, Name, names
from ragkit.checkers.quantities import Quantity, quantities
from ragkit.checkers.tokens import Token, is_unspaced, language_of, scripts_of, tokenize
from ragkit.sentences import MARK, boundaries

MAX_UNIT_CHARS = 700
"""A longer piece without an end of a sentence is cut, so that evidence stays readable."""

_MARKS = re.compile(MARK)
# "Passage 2:" before a source, "step 3" and "in source 1" within an answer number the text, not what it speaks of.
_LABELS = re.compile(
    r"\b(?:passages?|sources?|documents?|docs?|steps?|options?|parts?|points?|q|excerpts?)\s+\d{1,2}(?:\s*(?:,|and|&|-)\s*\d{1,2})*\b\s?:?"
    r"|^\s*\d{1,2}(?:[.)]|\s)\s+(?=[A-Z])",
    re.IGNORECASE,
)
_FIELD = re.compile(r"[\"'][\w .-]{1,60}[\"']\s*:")
_BREAK = re.compile(r"[;,]\s+|\s+")


@dataclass(frozen=True)
class Facts:
    """The numbers, dates and names of a text, none inside another."""

    quantities: tuple[Quantity, ...]
    dates: tuple[Date, ...]
    weekdays: tuple[Weekday, ...]
    clocks: tuple[Clock, ...]
    names: tuple[Name, ...]

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """Where the numbers, dates and times stand."""
        facts: tuple[Quantity | Date | Weekday | Clock, ...]
        facts = (*self.quantities, *self.dates, *self.weekdays, *self.clocks)
        return [(fact.start, fact.end) for fact in facts]


@lru_cache(maxsize=20_000)
def facts_of(text: str) -> Facts:
    """The facts of a sentence; citation marks are none."""
    text = _LABELS.sub(lambda label: " " * len(label[0]), _MARKS.sub(lambda mark: " " * len(mark[0]), text))
    found_dates = dates(text)
    taken = [(date.start, date.end) for date in found_dates]
    found_clocks = [clock for clock in clocks(text) if not _inside(clock.start, clock.end, taken)]
    taken += [(clock.start, clock.end) for clock in found_clocks]
    found_days = weekdays(text)
    found_names = names(text, taken + [(day.start, day.end) for day in found_days])
    taken += [(name.start, name.end) for name in found_names if name.is_identifier]
    return Facts(
        tuple(quantities(text, taken)), tuple(found_dates), tuple(found_days), tuple(found_clocks), tuple(found_names)
    )


def _inside(start: int, end: int, taken: Sequence[tuple[int, int]]) -> bool:
    return any(start < b and a < end for a, b in taken)


@dataclass(frozen=True)
class Passage:
    """One sentence of a claim or of a source.

    Attributes:
        text: The sentence.
        tokens: Its words; offsets into ``text``.
        stems: The content stems outside numbers and dates.
    """

    text: str
    tokens: tuple[Token, ...]

    @property
    def is_field(self) -> bool:
        """Whether it is one field of a record, key and value."""
        return _FIELD.match(self.text) is not None

    @cached_property
    def facts(self) -> Facts:
        """Numbers, dates and names."""
        return facts_of(self.text)

    @cached_property
    def content(self) -> tuple[Token, ...]:
        """Its content words that belong to no number, date or citation mark."""
        taken = [*self.facts.spans, *(match.span() for match in _MARKS.finditer(self.text))]
        return tuple(token for token in self.tokens if not token.is_stop and not _inside(token.start, token.end, taken))

    @cached_property
    def stems(self) -> frozenset[str]:
        """All content stems, those within numbers and dates included."""
        return frozenset(token.stem for token in self.tokens if not token.is_stop)


@lru_cache(maxsize=20_000)
def passage(text: str, language: str) -> Passage:
    """A sentence, analysed."""
    return Passage(text, tuple(tokenize(text, language)))


@dataclass(frozen=True)
class SourceText:
    """A whole source, cut into units (sentences, or fields of a record), with its words in one row.

    Attributes:
        text: The text.
        language: What its words are stemmed as.
        units: Start and end of each unit.
    """

    text: str
    language: str
    units: tuple[tuple[int, int], ...]
    fields: tuple[Field, ...] = ()
    _tokens: tuple[Token, ...] = field(default=(), repr=False)

    def passage(self, unit: int) -> Passage:
        """One unit, analysed."""
        start, end = self.units[unit]
        return passage(self.text[start:end], self.language)

    @cached_property
    def unit_stems(self) -> tuple[frozenset[str], ...]:
        """The content stems of each unit."""
        found: list[set[str]] = [set() for _ in self.units]
        starts = [start for start, _ in self.units]
        for token in self._tokens:
            if not token.is_stop:
                at = bisect_right(starts, token.start) - 1
                if at >= 0:
                    found[at].add(token.stem)
        return tuple(frozenset(stems) for stems in found)

    @cached_property
    def record_units(self) -> tuple[int, ...]:
        """The units that are short fields of a record, which are read together; without those that say no."""
        wanted = {each.start for each in self.fields if not each.is_unknown and each.flag is not False}
        return tuple(number for number, (start, _) in enumerate(self.units) if start in wanted)

    @cached_property
    def record_words(self) -> str:
        """The keys and short values of a record, as one text: what every sentence about it may rest on."""
        values = (self.text[slice(*self.units[unit])] for unit in self.record_units)
        return " ".join([*(" ".join(each.path) for each in self.fields), *values])

    @cached_property
    def known_names(self) -> KnownNames:
        """For asking whether a name occurs in it."""
        return KnownNames(self.text)

    @cached_property
    def _row(self) -> str:
        return " " + " ".join(token.word for token in self._tokens) + " "

    @cached_property
    def _row_starts(self) -> list[int]:
        starts, at = [], 1
        for token in self._tokens:
            starts.append(at)
            at += len(token.word) + 1
        return starts

    def find(self, words: Sequence[str]) -> list[tuple[int, int]]:
        """Where these words stand one after the other, whatever signs are between them: offsets into ``text``."""
        wanted = " " + " ".join(words) + " "
        found: list[tuple[int, int]] = []
        at = self._row.find(wanted)
        while at >= 0 and len(found) < 20:
            first = bisect_right(self._row_starts, at + 1) - 1
            last = first + len(words) - 1
            if last < len(self._tokens):
                found.append((self._tokens[first].start, self._tokens[last].end))
            at = self._row.find(wanted, at + 1)
        return found


@lru_cache(maxsize=512)
def source_text(text: str) -> SourceText:
    """A source, analysed."""
    language = language_of(text)
    found = fields_of(text)
    units = field_units(text, found) if found else tuple(boundaries(text))
    short = tuple(piece for start, end in units for piece in _short(text, start, end))
    return SourceText(text, language, short, tuple(found), tuple(tokenize(text, language)))


def _short(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Pieces of a unit that is too long to be shown, cut at blanks."""
    pieces = []
    while end - start > MAX_UNIT_CHARS:
        cut = max(
            (m.end() for m in _BREAK.finditer(text, start + MAX_UNIT_CHARS // 2, start + MAX_UNIT_CHARS)), default=0
        )
        if not cut:
            break
        pieces.append((start, start + len(text[start:cut].rstrip())))
        start = cut
    return [*pieces, (start, end)]


def language_and_script(text: str) -> tuple[str, frozenset[str], bool]:
    """The language that a text is stemmed as, its scripts, and whether it is written without spaces."""
    return language_of(text), scripts_of(text), is_unspaced(text)
