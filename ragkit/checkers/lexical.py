"""Answer + sources → report, by words and rules alone: no model, no network, milliseconds.

Each claim is looked for in windows of one to three sentences of any source; support is the *maximum* over
windows, so that more sources never take support away. Words say how much of a claim is there, rules say
whether a number, date, name, negation or quotation is another one there, and a small logistic model, fitted
on human labels, turns both into a probability. What is in a source word for word passes without it.
"""

from __future__ import annotations

import itertools
import math
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ragkit.checkers.agreement import Judgement, Status, judge_facts
from ragkit.checkers.analysis import Passage, passage, source_text
from ragkit.checkers.fusion import THRESHOLD, answer_probability, probability
from ragkit.checkers.library import Library, Term, Window
from ragkit.checkers.names import Name
from ragkit.checkers.polarity import Turned, hedging, opposition
from ragkit.checkers.records import points
from ragkit.checkers.tokens import is_unspaced, scripts_of
from ragkit.claims import split_claims
from ragkit.errors import ConfigError
from ragkit.types import (
    Chunk,
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

CHECKABLE = frozenset({ClaimKind.ASSERTION, ClaimKind.QUOTE})

ALIGNED = 0.5
"""Share of a claim that a window must have before a difference in it contradicts the claim."""
ALIGNED_WORDS = 0.6
"""The same for negation and antonyms, which only speak of single sentences."""

_QUOTATION = re.compile(
    r"\"([^\"\n]{6,400})\"|“([^”\n]{6,400})”|„([^“”\n]{6,400})[“”]|«\s?([^»\n]{6,400}?)\s?»|「([^」\n]{4,200})」"
)
_YES_NO = re.compile(r"\W*(?P<word>yes|no|ja|nein|oui|non|sí|si|はい|いいえ)\W*", re.IGNORECASE)
_YES = frozenset({"yes", "ja", "oui", "sí", "si", "はい"})
_GUARDS = frozenset(
    "not no never false myth untrue only unless if nor neither without incorrectly wrongly nicht kein keine".split()
)
_P_VERBATIM = 0.99
SHORT_CLAIM_WORDS = 4
"""An answer with at most so many content words is read together with its question."""
_ASKED_WEIGHT = 0.4


@dataclass(frozen=True, slots=True)
class Case:
    """What was found out about one checkable claim: the input of the logistic model, and its reasons."""

    claim: Claim
    features: tuple[float, ...]
    findings: tuple[Finding, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    is_verbatim: bool = False
    is_contradicted: bool = False
    is_refuted: bool = False
    can_judge: bool = True

    def p_supported(self, threshold: float = THRESHOLD) -> float:
        """The probability of support, which a finding against the claim keeps below ``threshold``, 0 to 1."""
        if self.is_verbatim:
            return _P_VERBATIM
        p = probability(self.features)
        if self.is_contradicted:
            return 0.5 * threshold * p
        return 0.95 * threshold * p if self.is_refuted else p


@dataclass(frozen=True)
class LexicalChecker:
    """Checks answers by words, numbers, dates, names, negation and quotations.

    Args:
        threshold: Probability of support from which a claim counts as supported, 0 to 1. A claim with a
            finding that speaks against it is never supported.
        max_evidence: Most spans of sources per verdict.
        window_sentences: Most neighbouring sentences that are read together as evidence.
    """

    threshold: float = THRESHOLD
    max_evidence: int = 3
    window_sentences: int = 3

    def __post_init__(self) -> None:
        if not 0.0 < self.threshold < 1.0:
            raise ConfigError(f"threshold is {self.threshold}, expected a number between 0 and 1")
        for name in ("max_evidence", "window_sentences"):
            if not 1 <= getattr(self, name) <= 10:
                raise ConfigError(f"{name} is {getattr(self, name)}, expected 1 to 10")

    @property
    def name(self) -> str:
        """``lexical``."""
        return "lexical"

    def check(self, answer: str, sources: Sequence[Chunk], question: str | None = None) -> Report:
        """A verdict for every claim of an answer.

        Args:
            answer: Any text, empty included.
            sources: What the answer may rest on; citation marks count them from 1.
            question: What was asked; its words need not be said again.
        """
        started = time.perf_counter()
        claims = split_claims(answer)
        library = Library(sources, question or "", window_sentences=self.window_sentences)
        verdicts = tuple(self._verdict(claim, library) for claim in claims)
        return _report(answer, verdicts, self.name, bool(library.unit_count), time.perf_counter() - started)

    def cases(self, answer: str, sources: Sequence[Chunk], question: str | None = None) -> list[Case]:
        """The checkable claims of an answer with their features; for fitting and for looking inside."""
        library = Library(sources, question or "", window_sentences=self.window_sentences)
        return [examine(claim, library, self.max_evidence) for claim in split_claims(answer) if claim.kind in CHECKABLE]

    def _verdict(self, claim: Claim, library: Library) -> Verdict:
        cited = _bad_citations(claim, len(library.chunks))
        if claim.kind not in CHECKABLE:
            return Verdict(claim, VerdictLabel.NOT_CHECKED, findings=cited)
        if not library.unit_count:
            nothing = Finding(FindingCode.BASELESS, _span(claim), "there are no sources that could support this")
            return Verdict(claim, VerdictLabel.UNSUPPORTED, 0.0, findings=(nothing, *cited), decided_by="rules")
        case = examine(claim, library, self.max_evidence)
        if not case.can_judge:
            return Verdict(claim, VerdictLabel.NOT_CHECKED, findings=cited)
        if case.is_verbatim:
            return Verdict(claim, VerdictLabel.SUPPORTED, _P_VERBATIM, case.evidence, cited, "verbatim")
        p = case.p_supported(self.threshold)
        findings = case.findings
        if case.is_contradicted:
            return Verdict(claim, VerdictLabel.CONTRADICTED, p, case.evidence, findings + cited, "rules")
        if case.is_refuted:
            return Verdict(claim, VerdictLabel.UNSUPPORTED, p, (), findings + cited, "rules")
        if p >= self.threshold:
            return Verdict(claim, VerdictLabel.SUPPORTED, p, case.evidence, cited, "lexical")
        findings = findings or (Finding(FindingCode.BASELESS, _span(claim), "the sources do not say this"),)
        return Verdict(claim, VerdictLabel.UNSUPPORTED, p, (), findings + cited, "lexical")


def _report(answer: str, verdicts: tuple[Verdict, ...], checker: str, has_sources: bool, seconds: float) -> Report:
    checked = [verdict for verdict in verdicts if verdict.label is not VerdictLabel.NOT_CHECKED]
    supported = sum(verdict.label is VerdictLabel.SUPPORTED for verdict in checked)
    groundedness = supported / len(checked) if checked else None
    p_hallucinated = answer_probability([verdict.p_supported or 0.0 for verdict in checked]) if checked else None
    if not checked:
        abstained = any(verdict.claim.kind is ClaimKind.ABSTENTION for verdict in verdicts)
        outcome = Outcome.ABSTAINED if abstained else Outcome.NO_CLAIMS
    elif not has_sources:
        outcome = Outcome.NO_SOURCES
    elif supported == len(checked):
        outcome = Outcome.GROUNDED
    else:
        outcome = Outcome.PARTLY if supported else Outcome.UNGROUNDED
    return Report(answer, outcome, groundedness, p_hallucinated, verdicts, checker, seconds)


def examine(claim: Claim, library: Library, max_evidence: int) -> Case:
    """Look for one claim in all sources; a bare "yes" or "no" is the question, said or denied."""
    said = _YES_NO.fullmatch(claim.text)
    if said is None or not library.question:
        return _Examination(claim, library, max_evidence).case()
    statement = Claim(claim.start, claim.end, library.question)
    case = _Examination(statement, library, max_evidence, is_question=True).case()
    findings = tuple(replace(finding, span=_span(claim)) for finding in case.findings)
    if said["word"].casefold() in _YES:
        return replace(case, claim=claim, findings=findings, is_verbatim=False)
    if case.is_contradicted:
        evidence = tuple(replace(each, relation=Relation.SUPPORTS) for each in case.evidence)
        return Case(claim, _PERFECT, evidence=evidence)
    if case.is_refuted or not case.can_judge or probability(case.features) < THRESHOLD:
        return replace(case, claim=claim, findings=findings, features=_HOPELESS, is_verbatim=False)
    evidence = tuple(replace(each, relation=Relation.CONTRADICTS) for each in case.evidence)
    denied = Finding(
        FindingCode.NEGATION, _span(claim), "the source says it is so", evidence[0].text if evidence else ""
    )
    return Case(claim, _HOPELESS, (denied,), evidence, is_contradicted=True)


class _Examination:
    """One claim against all sources, step by step."""

    def __init__(self, claim: Claim, library: Library, max_evidence: int, *, is_question: bool = False) -> None:
        self.claim = claim
        self.is_question = is_question
        self.library = library
        self.max_evidence = max_evidence
        self.passage: Passage = passage(claim.text, library.language)
        self.terms = self._terms()
        self.findings: list[Finding] = []
        self.windows: list[Window] = []
        self.judgements: list[Judgement] = []
        self._record_evidence: tuple[Evidence, ...] = ()

    def _terms(self) -> list[Term]:
        """The claim's content words; those of the question too where the claim leaves them out."""
        own = [self.library.term(token, token.stem) for token in self.passage.content]
        words = sum(not token.is_stop for token in self.passage.tokens)
        if words > SHORT_CLAIM_WORDS or self.is_question or not self.library.question:
            return own
        said = {term.stem for term in own}
        asked = passage(self.library.question, self.library.language)
        return own + [
            self.library.term(None, token.stem, _ASKED_WEIGHT) for token in asked.content if token.stem not in said
        ]

    def case(self) -> Case:
        """Everything that was found out."""
        verbatim = self._verbatim()
        quoted = self._fabricated_quotes()
        if verbatim and not quoted:
            return Case(self.claim, _PERFECT, evidence=verbatim, is_verbatim=True)
        if not _can_compare(self.claim.text, self.library):
            return Case(self.claim, _HOPELESS, can_judge=False)
        ranked = self._ranked()
        if not ranked:
            found = [*quoted, *self._new_names([])[0]]
            return Case(self.claim, _HOPELESS, tuple(found), is_refuted=bool(found))
        self.windows = self._chosen(ranked)
        units = self._units()
        self.judgements = self._judged(units, ranked)
        contradicting, evidence = self._contradictions(ranked)
        said, unknown, borne_out = self._record()
        contradicting += said
        if said and not evidence:
            evidence = self._record_evidence
        new, elsewhere = self._new_names(units)
        missing = self._missing_facts()
        features = self._features(units, contradicting, len(new), elsewhere, (len(said), len(unknown), borne_out))
        findings = [*contradicting, *missing, *new, *unknown, *quoted]
        is_unspaced_claim = is_unspaced(self.claim.text)
        return Case(
            self.claim,
            features,
            tuple(findings),
            evidence if contradicting else self._supporting(),
            is_contradicted=bool(contradicting),
            is_refuted=bool(missing or new or quoted or unknown),
            can_judge=bool(contradicting or missing) or not is_unspaced_claim,
        )

    def _verbatim(self) -> tuple[Evidence, ...]:
        """Where the claim stands word for word, if nothing around it takes it back."""
        words = [token.word for token in self.passage.tokens]
        if not words or self.is_question or (len(words) < 3 and len(self.passage.text) < 12):
            return ()
        places = []
        for number, text in enumerate(self.library.texts):
            for start, end in text.find(words):
                unit = next((u for u in text.units if u[0] <= start < u[1]), (start, end))
                around = passage(text.text[unit[0] : max(end, unit[1])], text.language)
                rest = [t for t in around.tokens if not unit[0] + t.start >= start or not unit[0] + t.end <= end]
                inside = text.text[start:end]
                same = all(
                    j.status is Status.MATCH
                    for j in judge_facts(self.passage, [passage(text.text[unit[0] : max(end, unit[1])], text.language)])
                )
                if same and (not any(t.word in _GUARDS for t in rest) or len(rest) * 4 < len(words)):
                    places.append((number, start, end, inside))
        places.sort(key=lambda place: (self.library.chunks[place[0]].id, place[1]))
        return _distinct(
            [
                self._evidence(n, s, _with_stop(self.library.texts[n].text, e), Relation.SUPPORTS, 1.0)
                for n, s, e, _ in places
            ]
        )[: self.max_evidence]

    def _ranked(self) -> list[Window]:
        """Windows, best first: by words, and by how many of the claim's facts they bear out."""
        windows = self.library.windows(self.terms)[:12] or [
            Window(number, unit, unit, self.library.coverage(self.terms, number, [unit]))
            for number, text in enumerate(self.library.texts)
            for unit in text.record_units[:1]
        ]
        if not self.passage.facts.spans:
            return windows

        def rank(window: Window) -> float:
            judged = judge_facts(self.passage, self._passages(window), self._asked)
            good = sum(j.status is Status.MATCH for j in judged)
            return window.coverage + 0.35 * good / len(judged) - 0.02 * (window.last - window.first)

        ranks = {window: rank(window) for window in windows}
        return sorted(windows, key=lambda window: -ranks[window])

    def _passages(self, window: Window) -> list[Passage]:
        return self.library.passages(window.source, range(window.first, window.last + 1))

    def _chosen(self, ranked: Sequence[Window]) -> list[Window]:
        """The best window, and up to two more that add what it lacks."""
        chosen = [ranked[0]]
        total = sum(term.weight for term in self.terms) or 1.0
        have = self._credits(chosen)
        for window in ranked[1:]:
            if len(chosen) == 3:
                break
            if any(w.source == window.source and w.first <= window.last and window.first <= w.last for w in chosen):
                continue
            more = self._credits([window])
            gain = sum(t.weight * max(0.0, b - a) for t, a, b in zip(self.terms, have, more, strict=True)) / total
            if gain >= 0.08:
                chosen.append(window)
                have = [max(a, b) for a, b in zip(have, more, strict=True)]
        return chosen

    def _credits(self, windows: Sequence[Window]) -> list[float]:
        credit = [0.0] * len(self.terms)
        for window in windows:
            text = self.library.texts[window.source]
            stems = frozenset().union(*(text.unit_stems[unit] for unit in range(window.first, window.last + 1)))
            credit = [
                max(c, self.library.credit(t, stems, window.source)) for c, t in zip(credit, self.terms, strict=True)
            ]
        return credit

    def _units(self) -> list[tuple[int, int]]:
        return [(w.source, unit) for w in self.windows for unit in range(w.first, w.last + 1)]

    def _judged(self, units: Sequence[tuple[int, int]], ranked: Sequence[Window]) -> list[Judgement]:
        """Each fact by the chosen windows, or by another good one that bears it out."""
        judged = judge_facts(self.passage, self._near(units), self._asked)
        for window in ranked[1:]:
            if all(j.status is Status.MATCH for j in judged):
                break
            if window.coverage < 0.3:
                continue
            again = judge_facts(self.passage, self._passages(window), self._asked)
            judged = [
                b if b.status is Status.MATCH and a.status is not Status.MATCH else a
                for a, b in zip(judged, again, strict=True)
            ]
        return judged

    def _near(self, units: Sequence[tuple[int, int]]) -> list[Passage]:
        """The chosen units, then what else is in their records."""
        chosen = [self.library.passage(*unit) for unit in units]
        records = {source: None for source, _ in units if self.library.texts[source].record_units}
        return chosen + [p for source in records for p in self.library.passages(source, ())]

    def _contradictions(self, ranked: Sequence[Window]) -> tuple[list[Finding], tuple[Evidence, ...]]:
        """What an aligned window has instead of what the claim says."""
        findings: list[Finding] = []
        places: list[tuple[int, int]] = []
        units = self._units()
        if self.windows[0].coverage >= ALIGNED or self._is_fragment:
            for judgement in self.judgements:
                if judgement.status is Status.CONFLICT:
                    where = (
                        f"the source says {judgement.expected}" if judgement.expected else "the source says otherwise"
                    )
                    findings.append(
                        self._finding(
                            judgement.code, judgement.fact.start, judgement.fact.end, where, judgement.expected
                        )
                    )
                    places.append(units[judgement.unit] if 0 <= judgement.unit < len(units) else units[0])
        turned = self._opposed(ranked)
        if turned is not None:
            place, points = turned
            for point in points:
                message = (
                    f"the source says the opposite: {point.theirs}"
                    if point.kind != "quantifier"
                    else f"the source says {point.theirs}"
                )
                code = FindingCode.NUMBER_MISMATCH if point.kind == "quantifier" else FindingCode.NEGATION
                findings.append(self._finding(code, point.start, point.end, message, point.theirs))
            places.append(place)
        evidence = []
        for source, unit in dict.fromkeys(places):
            start, end = self.library.texts[source].units[unit]
            evidence.append(self._evidence(source, start, end, Relation.CONTRADICTS, self.windows[0].coverage))
        return findings, _distinct(evidence)[: self.max_evidence]

    @property
    def _asked(self) -> frozenset[str]:
        return self.library.question_stems if self._is_fragment else frozenset()

    @property
    def _is_fragment(self) -> bool:
        return any(term.token is None for term in self.terms)

    def _opposed(self, ranked: Sequence[Window]) -> tuple[tuple[int, int], list[Turned]] | None:
        """The best aligned sentence says the opposite, and no sentence as good does not."""
        single = [window for window in ranked if window.first == window.last]
        if not single or single[0].coverage < ALIGNED_WORDS:
            return None
        best = max(window.coverage for window in single)
        result = None
        for window in single:
            if window.coverage < best - 0.1:
                continue
            if window.first in self.library.texts[window.source].record_units:
                return None  # what a field says is told by the rules for records
            theirs = self.library.passage(window.source, window.first)
            shared = frozenset(t.stem for t in self.passage.content) & theirs.stems
            points = opposition(self.passage.text, self.passage.tokens, theirs.text, theirs.tokens, shared)
            if not points:
                return None
            result = result or ((window.source, window.first), points)
        return result

    def _record(self) -> tuple[list[Finding], list[Finding], int]:
        """What the fields of a record contradict, what they leave open, and how many bear the claim out."""
        conflicts: list[Finding] = []
        unknown: list[Finding] = []
        evidence: list[Evidence] = []
        matches = 0
        for source, text in enumerate(self.library.texts):
            for point in points(self.passage, text.fields):
                if point.status == "match":
                    matches += 1
                elif point.status == "unknown":
                    message = f"the record leaves {' '.join(point.field.path)} open"
                    unknown.append(self._finding(FindingCode.BASELESS, point.start, point.end, message, "null"))
                else:
                    message = f"the source says {point.expected}"
                    conflicts.append(
                        self._finding(FindingCode.FIELD_CONFLICT, point.start, point.end, message, point.expected)
                    )
                    evidence.append(
                        self._evidence(source, point.field.start, point.field.end, Relation.CONTRADICTS, 1.0)
                    )
        self._record_evidence = _distinct(evidence)[: self.max_evidence]
        return conflicts, unknown, matches

    def _missing_facts(self) -> list[Finding]:
        found = []
        for judgement in self.judgements:
            if judgement.status is Status.MATCH or not judgement.is_firm:
                continue
            if judgement.status is Status.CONFLICT and (self.windows[0].coverage >= ALIGNED or self._is_fragment):
                continue
            written = self.passage.text[judgement.fact.start : judgement.fact.end]
            found.append(
                self._finding(
                    judgement.code,
                    judgement.fact.start,
                    judgement.fact.end,
                    f"{written} is not in the sources where they speak of this",
                    "",
                )
            )
        return found

    def _new_names(self, units: Sequence[tuple[int, int]]) -> tuple[list[Finding], int]:
        """Names that no source has, as findings; and how many the sources have only elsewhere."""
        findings = []
        elsewhere = 0
        near = self._near(units)
        if self.library.language == "german":
            return [], 0  # every noun has a capital
        for name in self.passage.facts.names:
            unknown = self.library.unknown_words(name)
            if unknown and name.is_sure:
                expected = self._instead_of(name, near)
                message = f"{name.text} is not in the sources" + (f"; they say {expected}" if expected else "")
                findings.append(self._finding(FindingCode.ENTITY_NEW, name.start, name.end, message, expected))
            elif not unknown and near:
                stems = frozenset().union(*(p.stems for p in near))
                tokens = [t for t in self.passage.tokens if name.start <= t.start < name.end and not t.is_stop]
                terms = [self.library.term(t, t.stem) for t in tokens]
                if terms and not any(self.library.credit(term, stems, units[0][0]) for term in terms):
                    elsewhere += 1
        return findings, elsewhere

    def _instead_of(self, name: Name, near: Sequence[Passage]) -> str:
        """The name that the best sentence has where the claim has a new one."""
        mine = {word for other in self.passage.facts.names for word in other.words}
        around = {t.stem for t in self.passage.content if not name.start <= t.start < name.end}
        best, best_score = "", 0
        for each in near:
            for other in each.facts.names:
                if set(other.words) & mine or not other.is_sure or other.is_identifier != name.is_identifier:
                    continue
                index = next((i for i, t in enumerate(each.tokens) if t.start >= other.start), 0)
                score = sum(t.stem in around for t in each.tokens[max(0, index - 5) : index + 6])
                if score > best_score:
                    best, best_score = other.text, score
        return best

    def _fabricated_quotes(self) -> list[Finding]:
        """Words between quotation marks that no source has in this order."""
        found = []
        for match in _QUOTATION.finditer(self.claim.text):
            group = next(i for i in range(1, 6) if match[i] is not None)
            pieces = [piece for piece in re.split(r"\[[^\]]*\]|\.\.\.|…", match[group]) if piece.strip()]
            words = [[token.word for token in passage(piece, self.library.language).tokens] for piece in pieces]
            if sum(len(each) for each in words) < 3:
                continue
            known = (*self.library.texts, source_text(self.library.question))
            if not all(any(text.find(each) for text in known) for each in words if each):
                start, end = self.claim.start + match.start(), self.claim.start + match.end()
                found.append(
                    Finding(
                        FindingCode.QUOTE_FABRICATED,
                        Span(start, end, match[0]),
                        "no source has these words in quotation marks",
                    )
                )
        return found

    def _features(
        self,
        units: Sequence[tuple[int, int]],
        contradicting: Sequence[Finding],
        new: int,
        elsewhere: int,
        record: tuple[int, int, int],
    ) -> tuple[float, ...]:
        credits_ = self._credits(self.windows)
        total = sum(term.weight for term in self.terms)
        coverage_3 = sum(t.weight * c for t, c in zip(self.terms, credits_, strict=True)) / total if total else 0.0
        coverage_all = (
            sum(t.weight * max(c, self.library.knows(t)) for t, c in zip(self.terms, credits_, strict=True)) / total
            if total
            else 0.0
        )
        gap = max((t.weight * (1.0 - c) for t, c in zip(self.terms, credits_, strict=True)), default=0.0)
        passages = [self.library.passage(*unit) for unit in units]
        matched = sum(j.status is Status.MATCH for j in self.judgements)
        conflict = any(
            f.code in {FindingCode.NUMBER_MISMATCH, FindingCode.DATE_MISMATCH, FindingCode.UNIT_MISMATCH}
            for f in contradicting
        )
        opposed = any(f.code is FindingCode.NEGATION for f in contradicting)
        hedge = max(
            (
                hedging(self.passage.tokens, p.tokens)
                for p in passages[: self.windows[0].last - self.windows[0].first + 1]
            ),
            default=0,
        )
        return (
            1.0,
            self.windows[0].coverage,
            coverage_3,
            coverage_all,
            gap / total if total else 1.0,
            self._pairs(passages),
            self._run(passages),
            math.log1p(len(self.passage.content)),
            float(min(3, len(self.judgements) - matched)),
            float(min(3, matched)),
            float(conflict),
            float(min(3, new)),
            float(min(3, elsewhere)),
            float(opposed),
            float(hedge > 0),
            float(min(2, record[0])),
            float(min(2, record[1])),
            float(min(2, record[2])),
            float(bool(self.library.texts[self.windows[0].source].fields)),
        )

    def _pairs(self, passages: Sequence[Passage]) -> float:
        """Share of neighbouring content words of the claim that stand within four words of each other in a sentence."""
        mine = [term for term in self.terms if term.token is not None]
        if len(mine) < 2:
            return 1.0
        places: list[dict[str, list[int]]] = []
        for each in passages:
            where: dict[str, list[int]] = {}
            for index, token in enumerate(each.tokens):
                where.setdefault(token.stem, []).append(index)
            places.append(where)
        close = 0
        for one, two in itertools.pairwise(mine):
            firsts = [relative for relative, _ in one.relatives]
            seconds = [relative for relative, _ in two.relatives]
            close += any(
                abs(i - j) <= 4
                for where in places
                for a in firsts
                if a in where
                for b in seconds
                if b in where
                for i in where[a]
                for j in where[b]
            )
        return close / (len(mine) - 1)

    def _run(self, passages: Sequence[Passage]) -> float:
        """Length of the longest run of the claim's words that a sentence has in order, as a share of the claim."""
        mine = [token.word for token in self.passage.tokens]
        best = 0
        for each in passages:
            theirs = [token.word for token in each.tokens]
            previous = [0] * (len(theirs) + 1)
            for word in mine:
                current = [0] * (len(theirs) + 1)
                for j, other in enumerate(theirs):
                    if word == other:
                        current[j + 1] = previous[j] + 1
                        best = max(best, current[j + 1])
                previous = current
        return best / len(mine) if mine else 0.0

    def _supporting(self) -> tuple[Evidence, ...]:
        """The sentences that bear the claim out: of each window, the fewest that have what it adds."""
        found = []
        for window in self.windows:
            units = self._deciding(window)
            text = self.library.texts[window.source]
            for first, last in _runs(units):
                start, end = text.units[first][0], text.units[last][1]
                found.append(self._evidence(window.source, start, end, Relation.SUPPORTS, window.coverage))
        return _distinct(found)[: self.max_evidence]

    def _deciding(self, window: Window) -> list[int]:
        """The units of a window without those that add nothing, neither a word nor a fact."""
        units = list(range(window.first, window.last + 1))
        judged = judge_facts(self.passage, self._passages(window), self._asked)
        needed = {window.first + j.unit for j in judged if j.status is Status.MATCH and 0 <= j.unit < len(units)}
        full = self.library.coverage(self.terms, window.source, units)
        for unit in sorted(units, key=lambda u: self.library.coverage(self.terms, window.source, [u])):
            rest = [u for u in units if u != unit]
            if rest and unit not in needed and self.library.coverage(self.terms, window.source, rest) >= full - 0.05:
                units = rest
        return units

    def _evidence(self, source: int, start: int, end: int, relation: Relation, score: float) -> Evidence:
        chunk = self.library.chunks[source]
        return Evidence(
            chunk.start + start,
            chunk.start + end,
            chunk.text[start:end],
            chunk.document_id,
            chunk.source,
            chunk.locate(chunk.start + start),
            relation,
            round(min(1.0, max(0.0, score)), 6),
        )

    def _finding(self, code: FindingCode, start: int, end: int, message: str, expected: str) -> Finding:
        at = self.claim.start
        return Finding(code, Span(at + start, at + end, self.claim.text[start:end]), message, expected)


_PERFECT = (1.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 2.0, *[0.0] * 11)
_HOPELESS = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 2.0, *[0.0] * 11)


def _span(claim: Claim) -> Span:
    return Span(claim.start, claim.end, claim.text)


def _with_stop(text: str, end: int) -> int:
    """The end of a run of words, moved behind the stops and closing signs that belong to its sentence."""
    while end < len(text) and text[end] in ".!?…。！？\"'”’)%":
        end += 1
    return end


def _distinct(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Evidence without spans that overlap an earlier one of the same document, as overlapping chunks give."""
    kept: list[Evidence] = []
    for each in evidence:
        if not any(e.document_id == each.document_id and e.start < each.end and each.start < e.end for e in kept):
            kept.append(each)
    return tuple(kept)


def _runs(units: Sequence[int]) -> list[tuple[int, int]]:
    """Neighbouring numbers as (first, last)."""
    runs: list[tuple[int, int]] = []
    for unit in sorted(units):
        if runs and runs[-1][1] == unit - 1:
            runs[-1] = (runs[-1][0], unit)
        else:
            runs.append((unit, unit))
    return runs


def _bad_citations(claim: Claim, count: int) -> tuple[Finding, ...]:
    bad = [number for number in claim.cites if not 1 <= number <= count]
    sources = "1 source" if count == 1 else f"{count} sources"
    return tuple(
        Finding(FindingCode.CITATION_MISSING, _span(claim), f"[{number}] is cited, but there are {sources}")
        for number in bad
    )


def _can_compare(text: str, library: Library) -> bool:
    """Whether a claim shares a script with some source; without that, words say nothing about each other."""
    mine = scripts_of(text)
    return not mine or any(mine & scripts_of(source.text) for source in library.texts)
