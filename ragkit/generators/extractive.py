"""An answer made of the sources' own sentences: no model writes anything, so nothing is made up."""

from __future__ import annotations

import math
import re
import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ragkit.prompts import ABSTENTION
from ragkit.sentences import sentences
from ragkit.types import FinishReason, Generation, Usage
from ragkit.words import analyze

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from ragkit.decoding import DecodingConfig
    from ragkit.protocols import Embedder
    from ragkit.types import Hit, Prompt

FEATURES = ("bias", "coverage", "context", "kind", "missing_names", "rank", "cosine")
# Fitted by `python benchmarks/answers.py --fit --questions 400` on half of the sampled questions of SQuAD 2.0's
# development set, a quarter of them asked of a foreign article; on the other half the best sentence's probability tells
# answerable questions from others with an AUROC of .812 (.784 without cosines). SQuAD's hits come from one article,
# which makes the first rank worth too much and meaning too little for a folder of many subjects: on corpora/, a rank of
# .8 instead of 2.69 and a cosine of 8 instead of 3.93 put the right sentence first for 66 % of the questions instead of
# 59 %. SQuAD has no headings: a word found in them is given seven tenths of the weight of one in the sentence.
WITH_COSINE = (-8.64, 3.53, 2.47, 0.42, -0.86, 0.8, 8.0)
WITHOUT_COSINE = (-4.89, 4.94, 3.46, 0.40, -1.35, 0.8, 0.0)
THRESHOLD = 0.1
"""Probability of being the answer below which the best sentence is not given."""
CANDIDATES = 24
"""Sentences that are compared by meaning; the words choose them first."""
MOST_SENTENCES = 3
NEW_WORDS = 0.25
"""Share of the question's weight that a further sentence has to add."""

NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|hundred|thousand|half)\b", re.IGNORECASE
)
DATE = re.compile(
    r"\b(?:1\d{3}|20\d{2}|\d{1,2}[:.]\d{2}|mon|tues|wednes|thurs|fri|satur|sun|january|february|march|april|may|june|july"
    r"|august|september|october|november|december|spring|summer|autumn|winter|century|daily|weekly|monthly|annual"
    r"|day|week|month|year|morning|noon|evening|midnight|hour|minute)",
    re.IGNORECASE,
)
NAME = re.compile(r"(?<![.!?]\s)(?<!^)\b[A-ZÀ-Þ][\w’'-]+")
KINDS = (
    (
        re.compile(
            r"\b(?:how (?:many|much|long|often|far|old|big|deep|high|large|tall|heavy|fast)|wie ?viele?"
            r"|what (?:percent|number|amount))",
            re.IGNORECASE,
        ),
        NUMBER,
    ),
    (re.compile(r"\b(?:when|what (?:year|date|day|time|month)|how soon|deadline|until|wann)\b", re.IGNORECASE), DATE),
    (re.compile(r"\b(?:who|whom|whose|where|which (?:person|country|city|company)|wer|wo)\b", re.IGNORECASE), NAME),
)
BARE = re.compile(r"^\s*(?:[-*+•‣▪]\s+|\d{1,3}[.)]\s+|>\s*)+")
NOISE = re.compile(r"^(?:[#|]|!\[|<|```|[-=_*]{3,})")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One sentence of a source, with the words it can answer with."""

    text: str
    terms: frozenset[str]
    context_terms: frozenset[str]
    hit: int
    order: int


class ExtractiveGenerator:
    """Gives the sentences of the hits that answer the question, word for word, or says that there are none.

    Each sentence is weighed by a logistic model: how much of the question's rare words it and its headings have,
    whether it holds the kind of thing that is asked for (a number, a date, a name), whether names and numbers of the
    question are missing from its chunk, the hit's rank, and its meaning where an embedder is given.

    Args:
        embedder: Compares meanings; words alone decide if None.
        threshold: Probability below which the best sentence is not given, 0 to 1.
    """

    name = "extractive"

    def __init__(self, embedder: Embedder | None = None, *, threshold: float = THRESHOLD) -> None:
        self._embedder = embedder
        self.threshold = threshold

    def generate(self, prompt: Prompt, decoding: DecodingConfig) -> tuple[Generation, ...]:  # noqa: ARG002
        """One text of one to three sentences, or an abstention; decoding has no say in it."""
        started = time.perf_counter()
        chosen = self._choose(prompt.question, prompt.hits)
        text = " ".join(candidate.text for candidate in chosen) or ABSTENTION
        reason = FinishReason.STOP if chosen else FinishReason.ABSTAINED
        return (Generation(text, reason, Usage(seconds=time.perf_counter() - started)),)

    def stream(self, prompt: Prompt, decoding: DecodingConfig) -> Iterator[str]:
        """The whole text at once."""
        yield self.generate(prompt, decoding)[0].text

    def _choose(self, question: str, hits: Sequence[Hit]) -> list[Candidate]:
        candidates = candidates_of(hits)
        if not candidates:
            return []
        features, weights = self.features(question, hits, candidates)
        coefficients = WITHOUT_COSINE if self._embedder is None else WITH_COSINE
        scores = 1.0 / (1.0 + np.exp(-(features @ np.array(coefficients))))
        chosen: list[int] = []
        covered: set[str] = set()
        for at in np.argsort(-scores, kind="stable"):
            if scores[at] < self.threshold or len(chosen) == MOST_SENTENCES:
                break
            mine = set(weights) & candidates[at].terms
            gain = sum(weights[term] for term in mine - covered)
            known = {candidates[other].text for other in chosen}
            if chosen and (gain < NEW_WORDS * sum(weights.values()) or candidates[at].text in known):
                continue
            chosen.append(int(at))
            covered |= mine
        return [candidates[at] for at in sorted(chosen, key=lambda at: candidates[at].order)]

    def features(
        self, question: str, hits: Sequence[Hit], candidates: Sequence[Candidate]
    ) -> tuple[NDArray[np.float64], dict[str, float]]:
        """What the logistic model is given.

        Returns:
            One row per candidate with a column per name in ``FEATURES``, float64; and the weight of each of
            the question's words.
        """
        asked = set(analyze(question))
        counts = Counter(term for candidate in candidates for term in candidate.terms & asked)
        weights = {term: math.log(1 + len(candidates) / (0.5 + counts[term])) for term in asked}
        total = sum(weights.values()) or 1.0
        names = {term for name in _names(question) for term in analyze(name)}
        wanted = next((answer for ask, answer in KINDS if ask.search(question)), None)
        chunk_terms = [set(analyze(hit.chunk.embedded_text)) for hit in hits]
        rows = np.zeros((len(candidates), len(FEATURES)))
        for row, candidate in zip(rows, candidates, strict=True):
            own = asked & candidate.terms
            row[0] = 1.0
            row[1] = sum(weights[term] for term in own) / total
            row[2] = sum(weights[term] for term in (asked & candidate.context_terms) - own) / total
            row[3] = 0.0 if wanted is None else (1.0 if wanted.search(candidate.text) else -1.0)
            row[4] = len(names - chunk_terms[candidate.hit]) / len(names) if names else 0.0
            row[5] = 1.0 / hits[candidate.hit].rank
        if self._embedder is not None:
            self._add_cosines(question, hits, candidates, rows)
        return rows, weights

    def _add_cosines(
        self, question: str, hits: Sequence[Hit], candidates: Sequence[Candidate], rows: NDArray[np.float64]
    ) -> None:
        assert self._embedder is not None
        best = np.argsort(-(rows @ np.array(WITHOUT_COSINE)), kind="stable")[:CANDIDATES]
        texts = []
        for at in best:
            context = hits[candidates[at].hit].chunk.context
            texts.append(f"{context}\n{candidates[at].text}" if context else candidates[at].text)
        query = self._embedder.embed_queries([question])[0]
        rows[best, 6] = self._embedder.embed_documents(texts) @ query


def candidates_of(hits: Sequence[Hit]) -> list[Candidate]:
    """The sentences that can be given, in the order of hits and text; headings, rules and rows of pipes are not."""
    found: list[Candidate] = []
    for number, hit in enumerate(hits):
        context_terms = frozenset(analyze(hit.chunk.context))
        for sentence in sentences(hit.chunk.text):
            bullet = BARE.match(sentence.text)
            text = sentence.text[bullet.end() :] if bullet else sentence.text
            terms = frozenset(analyze(text))
            if terms and not NOISE.match(text) and (len(text.split()) > 2 or not text.isascii()):
                found.append(Candidate(text, terms, context_terms, number, len(found)))
    return found


def _names(question: str) -> list[str]:
    """Names and numbers of a question: what an answer's surroundings can be expected to mention."""
    return [*NAME.findall(question), *re.findall(r"\b\d[\d.,]*\b", question)]
