"""The checker that needs no model: words, numbers, dates, names and negations of a claim against the sources."""

from __future__ import annotations

import math
import re
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from ragkit.checkers.amounts import dates, quantities
from ragkit.claims import split_claims
from ragkit.sentences import sentences
from ragkit.types import (
    Claim,
    ClaimKind,
    Evidence,
    Finding,
    FindingCode,
    Outcome,
    Relation,
    Report,
    Span,
    Verdict,
    VerdictLabel,
)
from ragkit.words import WORD, analyze

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ragkit.types import Chunk

CHECKABLE = (ClaimKind.ASSERTION, ClaimKind.QUOTE)
ALIGNED = 0.6
"""Share of a claim's weight that a window has to cover before a difference is a contradiction."""
VERBATIM = 0.95
BEGUN = 12
"""Sentences around which windows are formed; those that cover most of the claim."""
LONGEST_WINDOW = 3
GAIN = 0.12
"""A longer window has to cover so much more to be preferred."""
SHORT_TERMS = 3
"""A claim of at most so many terms is judged together with the question."""

# Logistic model of support; fitted by `python benchmarks/checker.py --fit`, which also prints the figures.
COEFFICIENTS = {"bias": -4.2, "coverage": 5.6, "pairs": 2.6, "new_names": -1.4, "new_numbers": -5.0}

_NEGATORS = (
    "not no never without cannot neither nor none n't nicht kein keine keinen keiner nie ohne pas jamais sans nunca sin"
)
NEGATORS = frozenset(_NEGATORS.split())
_OPPOSITES = (
    "increase/decrease rise/fall increased/reduced higher/lower longer/shorter larger/smaller earlier/later"
    " minimum/maximum allowed/forbidden permitted/prohibited mandatory/optional required/optional free/paid"
    " open/closed always/never first/last accept/reject include/exclude win/lose won/lost hot/cold inside/outside"
    " northern/southern eastern/western north/south east/west left/right positive/negative warm/cool approve/refuse"
    " enable/disable import/export buy/sell true/false public/private internal/external start/end gain/loss"
    " morning/evening summer/winter daily/weekly weekly/monthly monthly/annual annually/monthly faster/slower"
    " best/worst oldest/youngest older/younger upper/lower buyer/seller employer/employee"
)
OPPOSITES = tuple(tuple((analyze(word) or [word])[0] for word in pair.split("/")) for pair in _OPPOSITES.split())
NAME = re.compile(r"\b(?:[A-ZÀ-Þ][\w’'&-]*|\w*\d\w*[A-Za-z]\w*|[a-z]+(?:_[a-z0-9]+)+)\b")
TOKEN = re.compile(r"n't\b|\w+(?=n't\b)|\w+")
QUOTATION = re.compile(r"[\"“„«]([^\"“”„«»]{12,})[\"”“»]")


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence of a source, with its terms."""

    chunk: int
    start: int
    end: int
    text: str
    terms: frozenset[str]
    pairs: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Window:
    """Neighbouring sentences of one source and how much of a claim they cover."""

    sentences: tuple[_Sentence, ...]
    coverage: float
    pairs: float

    @property
    def text(self) -> str:
        return " ".join(sentence.text for sentence in self.sentences)


class LexicalChecker:
    """Looks for each claim's words in windows of one to three sentences, then for what differs.

    Support is the maximum over all windows of all sources: a claim needs one place that carries it, not all.
    A number, date, negation or opposite that differs within a window that otherwise covers the claim contradicts it;
    names and numbers that no source mentions count against it.

    Args:
        threshold: Probability of support from which a claim counts as supported, 0 to 1.
    """

    name = "lexical"

    def __init__(self, *, threshold: float = 0.5) -> None:
        self.threshold = threshold

    def check(self, answer: str, sources: Sequence[Chunk], question: str | None = None) -> Report:
        """A verdict for every claim of an answer; offsets of evidence are those of the sources' documents."""
        started = time.perf_counter()
        library = _Library(sources, question or "")
        verdicts = tuple(self._judge(claim, library) for claim in split_claims(answer))
        checked = [verdict for verdict in verdicts if verdict.label is not VerdictLabel.NOT_CHECKED]
        supported = sum(verdict.label is VerdictLabel.SUPPORTED for verdict in checked)
        chances = [verdict.p_supported for verdict in checked if verdict.p_supported is not None]
        return Report(
            answer=answer,
            outcome=_outcome(verdicts, supported, len(checked), bool(library.sentences)),
            groundedness=supported / len(checked) if checked else None,
            p_hallucinated=1.0 - min(chances) if chances else None,
            verdicts=verdicts,
            checker=self.name,
            seconds=time.perf_counter() - started,
        )

    def _judge(self, claim: Claim, library: _Library) -> Verdict:
        if claim.kind not in CHECKABLE:
            return Verdict(claim, VerdictLabel.NOT_CHECKED, decided_by="kind")
        if not library.sentences:
            return Verdict(claim, VerdictLabel.UNSUPPORTED, 0.0, decided_by="no sources")
        window = library.best_window(claim.text)
        if window is None:
            return Verdict(claim, VerdictLabel.UNSUPPORTED, 0.02, findings=_baseless(claim), decided_by="lexical")
        conflicts = library.conflicts(claim, window) if window.coverage >= ALIGNED else ()
        if conflicts:
            evidence = (library.evidence(window, Relation.CONTRADICTS),)
            return Verdict(claim, VerdictLabel.CONTRADICTED, 0.03, evidence, conflicts, "rules")
        new = (*library.new_numbers(claim, window), *library.new_names(claim), *library.made_up_quotes(claim))
        if claim.cites and max(claim.cites) > library.size:
            words = Span(claim.start, claim.end, claim.text)
            new = (*new, Finding(FindingCode.CITATION_MISSING, words, f"there is no source [{max(claim.cites)}]"))
        if not new and window.coverage > VERBATIM and window.pairs > VERBATIM:
            return Verdict(claim, VerdictLabel.SUPPORTED, 0.98, (library.evidence(window),), decided_by="verbatim")
        p = probability_of_support(features_of(window.coverage, window.pairs, new))
        if p >= self.threshold:
            return Verdict(claim, VerdictLabel.SUPPORTED, p, (library.evidence(window),), new, "lexical")
        return Verdict(claim, VerdictLabel.UNSUPPORTED, p, (), new or _baseless(claim), "lexical")


def features_of(coverage: float, pairs: float, findings: Sequence[Finding]) -> dict[str, float]:
    """What the logistic model of support is given."""
    codes = Counter(finding.code for finding in findings)
    return {
        "bias": 1.0,
        "coverage": coverage,
        "pairs": pairs,
        "new_names": float(min(3, codes[FindingCode.ENTITY_NEW])),
        "new_numbers": float(min(3, len(findings) - codes[FindingCode.ENTITY_NEW])),
    }


def probability_of_support(features: dict[str, float]) -> float:
    """The logistic model."""
    return 1.0 / (1.0 + math.exp(-sum(COEFFICIENTS[name] * value for name, value in features.items())))


def _outcome(verdicts: Sequence[Verdict], supported: int, checked: int, has_sources: bool) -> Outcome:
    if not checked:
        abstained = any(verdict.claim.kind is ClaimKind.ABSTENTION for verdict in verdicts)
        return Outcome.ABSTAINED if abstained else Outcome.NO_CLAIMS
    if not has_sources:
        return Outcome.NO_SOURCES
    if supported == checked:
        return Outcome.GROUNDED
    return Outcome.PARTLY if supported else Outcome.UNGROUNDED


def _baseless(claim: Claim) -> tuple[Finding, ...]:
    words = Span(claim.start, claim.end, claim.text)
    return (Finding(FindingCode.BASELESS, words, "no passage of the sources says this"),)


class _Library:
    """The sources of one check, sentence by sentence."""

    def __init__(self, sources: Sequence[Chunk], question: str) -> None:
        self.size = len(sources)
        self._sources = sources
        self._question_terms = frozenset(analyze(question))
        self.sentences: list[_Sentence] = []
        self._of_term: dict[str, list[int]] = defaultdict(list)
        for number, chunk in enumerate(sources):
            for span, terms in _analysed(chunk.text):
                at = len(self.sentences)
                pairs = frozenset(pairwise(terms))
                start, end = chunk.start + span.start, chunk.start + span.end
                self.sentences.append(_Sentence(number, start, end, span.text, frozenset(terms), pairs))
                for term in self.sentences[-1].terms:
                    self._of_term[term].append(at)
        self._context_terms = [frozenset(analyze(chunk.context)) for chunk in sources]
        self._all_terms = frozenset(self._of_term).union(*self._context_terms) | self._question_terms

    def weight(self, term: str) -> float:
        """How much a term tells: rare terms of the sources more than common ones."""
        return math.log(1 + (len(self.sentences) + 1) / (1 + len(self._of_term.get(term, ()))))

    def best_window(self, claim: str) -> _Window | None:
        """The window that covers most of a claim; the shortest of those that are nearly as good."""
        terms = analyze(claim)
        asked = dict.fromkeys(terms, 1.0)
        if len(asked) <= SHORT_TERMS:
            asked.update(dict.fromkeys(self._question_terms - set(asked), 0.5))
        weights = {term: share * self.weight(term) for term, share in asked.items()}
        total = sum(weights.values())
        if not total:
            return None
        found: Counter[int] = Counter()
        for term, weight in weights.items():
            for at in self._of_term.get(term, ()):
                found[at] += weight
        pairs = frozenset(pairwise(terms))
        best: _Window | None = None
        for centre, _ in sorted(found.items(), key=lambda item: (-item[1], item[0]))[:BEGUN]:
            for length in range(1, LONGEST_WINDOW + 1):
                for first in range(centre - length + 1, centre + 1):
                    window = self._window(first, length, weights, total, pairs)
                    if window is not None and (best is None or _preferred(window, best)):
                        best = window
        return best

    def _window(
        self, first: int, length: int, weights: dict[str, float], total: float, pairs: frozenset[tuple[str, str]]
    ) -> _Window | None:
        group = tuple(self.sentences[first : first + length]) if first >= 0 else ()
        if len(group) < length or group[0].chunk != group[-1].chunk:
            return None
        inside = frozenset[str]().union(*(sentence.terms for sentence in group))
        given = self._context_terms[group[0].chunk] | self._question_terms
        covered = sum(
            weight * (1.0 if term in inside else 0.7)
            for term, weight in weights.items()
            if term in inside or term in given
        )
        if not inside & weights.keys():
            return None
        met = frozenset[tuple[str, str]]().union(*(sentence.pairs for sentence in group))
        share = len(pairs & met) / len(pairs) if pairs else covered / total
        return _Window(group, covered / total, share)

    def evidence(self, window: _Window, relation: Relation = Relation.SUPPORTS) -> Evidence:
        """A window as an exact span of its document."""
        first, last = window.sentences[0], window.sentences[-1]
        chunk = self._sources[first.chunk]
        return Evidence(
            start=first.start,
            end=last.end,
            text=chunk.text[first.start - chunk.start : last.end - chunk.start],
            document_id=chunk.document_id,
            source=chunk.source,
            location=chunk.locate(first.start),
            relation=relation,
            score=min(1.0, window.coverage),
        )

    def conflicts(self, claim: Claim, window: _Window) -> tuple[Finding, ...]:
        """What a window says differently from the claim that it covers."""
        return (
            *self._number_conflicts(claim, window),
            *_date_conflicts(claim, window.text),
            *_negation_conflicts(claim, window.text),
            *_opposites(claim, window),
        )

    def _number_conflicts(self, claim: Claim, window: _Window) -> list[Finding]:
        there = quantities(window.text)
        found = []
        for mine in quantities(claim.text):
            if any(mine.agrees(other) for other in there) or self._number_elsewhere(mine.value):
                continue
            rivals = [other for other in there if other.unit == mine.unit or other.value == mine.value]
            if rivals:
                nearest = min(rivals, key=lambda other: abs(other.value - mine.value))
                says = window.text[nearest.start : nearest.end].strip()
                words = _span(claim, mine.start, mine.end)
                message = f"the source says {says}, not {words.text}"
                found.append(Finding(FindingCode.NUMBER_MISMATCH, words, message, says))
        return found

    def _number_elsewhere(self, value: float) -> bool:
        """Whether the question gives the number, so that repeating it claims nothing."""
        return any(term.isdigit() and float(term) == value for term in self._question_terms)

    def new_numbers(self, claim: Claim, window: _Window) -> tuple[Finding, ...]:
        """Numbers and dates that neither the window nor its neighbourhood holds."""
        chunk = self._sources[window.sentences[0].chunk]
        near, days = quantities(chunk.text), dates(chunk.text)
        found = []
        for mine in quantities(claim.text):
            if not any(mine.agrees(other) for other in near) and not self._number_elsewhere(mine.value):
                words = _span(claim, mine.start, mine.end)
                found.append(Finding(FindingCode.NUMBER_MISMATCH, words, f"the sources do not mention {words.text}"))
        for mine_date in dates(claim.text):
            if not any(mine_date.agrees(other) for other in days):
                words = _span(claim, mine_date.start, mine_date.end)
                found.append(Finding(FindingCode.DATE_MISMATCH, words, f"the sources do not mention {words.text}"))
        return tuple(found)

    def new_names(self, claim: Claim) -> tuple[Finding, ...]:
        """Names and identifiers of a claim that no source mentions."""
        found = []
        for match in NAME.finditer(claim.text):
            terms = analyze(match.group())
            if not terms or (match.start() == 0 and match.group().istitle()):
                continue
            if not any(term in self._all_terms for term in terms):
                words = _span(claim, match.start(), match.end())
                found.append(Finding(FindingCode.ENTITY_NEW, words, f"no source mentions {words.text}"))
        return tuple(found)

    def made_up_quotes(self, claim: Claim) -> tuple[Finding, ...]:
        """Quotations that no source holds word for word."""
        found = []
        for match in QUOTATION.finditer(claim.text):
            quoted = " ".join(WORD.findall(match.group(1).casefold()))
            if not any(quoted in _flat(chunk.text) for chunk in self._sources):
                words = _span(claim, match.start(), match.end())
                found.append(Finding(FindingCode.QUOTE_FABRICATED, words, "no source holds these words"))
        return tuple(found)


def _preferred(window: _Window, best: _Window) -> bool:
    """Whether a window beats the best so far: more of the claim, unless it is longer and hardly better."""
    longer = len(window.sentences) - len(best.sentences)
    mine = window.coverage + 0.2 * window.pairs - GAIN * max(0, longer)
    other = best.coverage + 0.2 * best.pairs - GAIN * max(0, -longer)
    return mine > other


def _span(claim: Claim, start: int, end: int) -> Span:
    return Span(claim.start + start, claim.start + end, claim.text[start:end])


@lru_cache(maxsize=512)
def _analysed(text: str) -> tuple[tuple[Span, tuple[str, ...]], ...]:
    return tuple((span, tuple(analyze(span.text))) for span in sentences(text))


@lru_cache(maxsize=512)
def _flat(text: str) -> str:
    return " ".join(WORD.findall(text.casefold()))


def _date_conflicts(claim: Claim, window: str) -> list[Finding]:
    there = dates(window)
    found = []
    for mine in dates(claim.text):
        if there and not any(mine.agrees(other) for other in there):
            says = window[there[0].start : there[0].end]
            words = _span(claim, mine.start, mine.end)
            message = f"the source says {says}, not {words.text}"
            found.append(Finding(FindingCode.DATE_MISMATCH, words, message, says))
    return found


def _negated(text: str) -> tuple[set[str], set[str]]:
    """The terms that a negation stands right before, and all terms."""
    tokens = TOKEN.findall(text.replace("’", "'").lower().replace("cannot", "can not"))
    negated: set[str] = set()
    for at, token in enumerate(tokens):
        if token in NEGATORS:
            following = [term for word in tokens[at + 1 : at + 4] for term in analyze(word)]
            negated.update(following[:1])
    return negated, set(analyze(text))


def _negation_conflicts(claim: Claim, window: str) -> list[Finding]:
    mine, my_terms = _negated(claim.text)
    theirs, their_terms = _negated(window)
    differing = ((mine - theirs) & their_terms) | ((theirs - mine) & my_terms)
    if not differing or (mine and theirs):
        return []
    words = Span(claim.start, claim.end, claim.text)
    message = "the source does not deny this" if mine else "the source denies this"
    return [Finding(FindingCode.NEGATION, words, message)]


def _opposites(claim: Claim, window: _Window) -> list[Finding]:
    mine = set(analyze(claim.text))
    theirs = frozenset[str]().union(*(sentence.terms for sentence in window.sentences))
    found = []
    for pair in OPPOSITES:
        for said, opposite in (pair, pair[::-1]):
            if said in mine and opposite not in mine and opposite in theirs and said not in theirs:
                words = Span(claim.start, claim.end, claim.text)
                message = f"the source has the opposite of “{said}”"
                found.append(Finding(FindingCode.NEGATION, words, message, opposite))
    return found
