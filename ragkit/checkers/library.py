"""All sources of one check, indexed by word, and the windows of sentences in which a claim is looked for."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from ragkit.checkers.analysis import Passage, SourceText, source_text
from ragkit.checkers.names import Name, aliases_of
from ragkit.checkers.synonyms import is_light, synonyms_of
from ragkit.checkers.tokens import Token, tokenize
from ragkit.checkers.tokens import stem as stem_of
from ragkit.types import Chunk

MAX_CANDIDATES = 24
"""Sentences around which windows are tried: those that share most of a claim's weight."""

_CONTEXT_CREDIT = 0.95  # a chunk's title and headings name its subject
_QUESTION_CREDIT = 0.7  # what the question says need not be said again, but neither does a source say it
_SYNONYM_CREDIT = 0.85
_RELATED_CREDIT = 0.75
_LIGHT_WEIGHT = 0.35
_PREFIX = 5


@dataclass(frozen=True, slots=True)
class Term:
    """A content word of a claim, with what it weighs and which words of the sources count for it.

    ``token`` is None for a word of the question that stands in for what a short answer leaves out.
    """

    token: Token | None
    stem: str
    weight: float
    relatives: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Window:
    """Neighbouring units of one source, and how much of a claim's weight they have, 0 to 1."""

    source: int
    first: int
    last: int
    coverage: float


class Library:
    """The sources of one check.

    Args:
        sources: The chunks.
        question: What was asked, or ``""``.
        window_sentences: The largest window.
    """

    def __init__(self, sources: Sequence[Chunk], question: str = "", *, window_sentences: int = 3) -> None:
        self.chunks = tuple(sources)
        self.texts: tuple[SourceText, ...] = tuple(source_text(chunk.text) for chunk in sources)
        self.question = question
        self._window_sentences = window_sentences
        self._postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for number, text in enumerate(self.texts):
            for unit, stems in enumerate(text.unit_stems):
                for stem in stems:
                    self._postings[stem].append((number, unit))
        self.unit_count = sum(len(text.units) for text in self.texts)
        self._context = tuple(
            self._stems(f"{chunk.context} {text.record_words}", text.language)
            for chunk, text in zip(sources, self.texts, strict=True)
        )
        self._context_vocabulary = frozenset().union(*self._context)
        self.question_stems = self._stems(question, self.language)
        self._relatives: dict[str, tuple[tuple[str, float], ...]] = {}

    @staticmethod
    def _stems(text: str, language: str) -> frozenset[str]:
        return frozenset(token.stem for token in tokenize(text, language) if not token.is_stop)

    @cached_property
    def language(self) -> str:
        """The language of most sources."""
        languages = [text.language for text in self.texts] or ["english"]
        return max(sorted(set(languages)), key=languages.count)

    @cached_property
    def _by_prefix(self) -> dict[str, list[str]]:
        table = defaultdict(list)
        for stem in (*self._postings, *self._context_vocabulary):
            if len(stem) >= _PREFIX and stem.isalpha():
                table[stem[:_PREFIX]].append(stem)
        return table

    def weight(self, stem: str) -> float:
        """How much a word says here: rare words more than common ones, words of no meaning of their own least."""
        plain = math.log(1.0 + (self.unit_count + 5.0) / (len(self._postings.get(stem, ())) + 1.0))
        return plain * (_LIGHT_WEIGHT if is_light(stem) else 1.0)

    def relatives(self, stem: str) -> tuple[tuple[str, float], ...]:
        """The words of the sources that count for a word, best first, each with its credit, 0 to 1."""
        if stem not in self._relatives:
            known = self._postings.keys() | self._context_vocabulary
            found = {stem: 1.0}
            found.update((other, _SYNONYM_CREDIT) for other in synonyms_of(stem) if other in known)
            found.update((other, 1.0) for other in map(stem_of, aliases_of(stem)) if other in known)
            if len(stem) >= _PREFIX and stem.isalpha():
                for other in self._by_prefix.get(stem[:_PREFIX], ()):
                    if _are_related(stem, other):
                        found.setdefault(other, _RELATED_CREDIT)
            self._relatives[stem] = tuple(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))
        return self._relatives[stem]

    def term(self, token: Token | None, stem: str, factor: float = 1.0) -> Term:
        """A content word of a claim, weighed."""
        return Term(token, stem, factor * self.weight(stem), self.relatives(stem))

    def windows(self, terms: Sequence[Term]) -> list[Window]:
        """The windows that may bear out a claim with these words, best first; smaller ones before larger ones."""
        scores: dict[tuple[int, int], float] = defaultdict(float)
        for term in terms:
            seen: set[tuple[int, int]] = set()
            for relative, credit in term.relatives:
                for place in self._postings.get(relative, ()):
                    if place not in seen:
                        seen.add(place)
                        scores[place] += term.weight * credit
        best = sorted(scores, key=lambda place: (-scores[place], *self._order(place)))[:MAX_CANDIDATES]
        spans = {span for source, unit in best for span in self._around(source, unit)}
        found = [
            Window(source, first, last, self.coverage(terms, source, range(first, last + 1)))
            for source, first, last in spans
        ]
        return sorted(
            found,
            key=lambda w: (
                -w.coverage + 0.02 * (w.last - w.first),
                w.last - w.first,
                *self._order((w.source, w.first)),
            ),
        )

    def _order(self, place: tuple[int, int]) -> tuple[str, int]:
        """A place's rank among equals, which does not depend on the order in which the sources were given."""
        chunk = self.chunks[place[0]]
        return chunk.id, chunk.start + self.texts[place[0]].units[place[1]][0]

    def _around(self, source: int, unit: int) -> Iterable[tuple[int, int, int]]:
        last_unit = len(self.texts[source].units) - 1
        for size in range(1, self._window_sentences + 1):
            for first in range(unit - size + 1, unit + 1):
                if first >= 0 and first + size - 1 <= last_unit:
                    yield source, first, first + size - 1

    def coverage(self, terms: Sequence[Term], source: int, units: Iterable[int]) -> float:
        """Share of the words' weight that these units of a source have, 0 to 1; 0 for no words."""
        stems: set[str] = set().union(*(self.texts[source].unit_stems[unit] for unit in units))
        total = sum(term.weight for term in terms)
        return sum(term.weight * self.credit(term, stems, source) for term in terms) / total if total else 0.0

    def credit(self, term: Term, stems: frozenset[str] | set[str], source: int | None) -> float:
        """How far some words of a source bear out one word of a claim, 0 to 1."""
        best = max((credit for relative, credit in term.relatives if relative in stems), default=0.0)
        if best < _CONTEXT_CREDIT and source is not None and self._context[source]:
            context = self._context[source]
            best = max(
                best,
                max(
                    (_CONTEXT_CREDIT * credit for relative, credit in term.relatives if relative in context),
                    default=0.0,
                ),
            )
        if best < _QUESTION_CREDIT and term.token is not None and term.stem in self.question_stems:
            return _QUESTION_CREDIT
        return best

    def knows(self, term: Term) -> float:
        """How far any source at all has a word, 0 to 1."""
        return max((credit for relative, credit in term.relatives if relative in self._postings), default=0.0)

    def passages(self, source: int, units: Iterable[int]) -> list[Passage]:
        """Units of a source, analysed; after them the other fields of the record, if it is one."""
        wanted = list(units)
        return [
            self.passage(source, unit)
            for unit in (*wanted, *(u for u in self.texts[source].record_units if u not in wanted))
        ]

    def passage(self, source: int, unit: int) -> Passage:
        """One unit of a source, analysed."""
        return self.texts[source].passage(unit)

    def unknown_words(self, name: Name) -> list[str]:
        """The words of a name that no source, heading or question has."""
        missing = list(name.words)
        for text in self.texts:
            missing = [word for word in missing if word in text.known_names.unknown(name)]
            if not missing:
                return []
        extra = source_text("\n".join([*(chunk.context for chunk in self.chunks), self.question])).known_names
        return [word for word in missing if word in extra.unknown(name)]


def _are_related(a: str, b: str) -> bool:
    """Whether two stems are forms or compounds of one word: one begins the other, or they differ in an ending."""
    if a == b:
        return False
    short, long = sorted((a, b), key=len)
    common = next((i for i, (x, y) in enumerate(zip(short, long, strict=False)) if x != y), len(short))
    return common >= _PREFIX and common >= len(short) - 2 and len(long) <= 2 * len(short) and common >= 0.6 * len(long)
