"""Find the chunks that answer a question: dense and lexical candidates, fused, with calibrated probabilities."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from ragkit.errors import ConfigError
from ragkit.similarity import probabilities
from ragkit.types import Hit

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ragkit.corpus import Corpus
    from ragkit.protocols import Embedder


class Fusion(StrEnum):
    """How dense and lexical scores become one."""

    CONVEX = "convex"
    DENSE = "dense"
    DISTRIBUTION = "distribution"
    LEXICAL = "lexical"
    RRF = "rrf"


def min_max(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scores moved to 0 … 1; all 0 where they are equal.

    >>> min_max(np.array([2.0, 4.0, 3.0])).tolist()
    [0.0, 1.0, 0.5]
    """
    span = float(np.ptp(scores)) if len(scores) else 0.0
    return np.asarray((scores - scores.min()) / span) if span > 0 else np.zeros_like(scores)


def distribution_based(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scores moved so that mean ± three standard deviations become 0 … 1, clipped.

    Source: Mazzeschi, "Distribution-Based Score Fusion (DBSF)" (2023).
    """
    deviation = scores.std() if len(scores) else 0.0
    if deviation == 0:
        return np.zeros_like(scores)
    return np.asarray(np.clip((scores - scores.mean()) / (6 * deviation) + 0.5, 0.0, 1.0))


def reciprocal_rank(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 / (60 + rank), the best score having rank 1; equal scores rank by position.

    Source: Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion" (SIGIR 2009), which chose 60.
    """
    ranks = np.empty(len(scores))
    ranks[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
    return np.asarray(1.0 / (60.0 + ranks))


NORMALISE: dict[Fusion, Callable[[NDArray[np.float64]], NDArray[np.float64]]] = {
    Fusion.CONVEX: min_max,
    Fusion.DENSE: lambda scores: scores,
    Fusion.DISTRIBUTION: distribution_based,
    Fusion.LEXICAL: lambda scores: scores,
    Fusion.RRF: reciprocal_rank,
}


class Retriever:
    """Searches one corpus.

    Args:
        corpus: What is searched.
        embedder: The one the corpus was embedded with.
        fusion: How dense and lexical scores become one.
        dense_weight: Share of the dense score, 0 to 1; the lexical score has the rest.
        candidates: How many chunks each side proposes.
        logit_scale: Inverse temperature of the probabilities.
        null_similarity: Cosine at which a lone candidate is as likely as "none of them".

    Raises:
        ConfigError: A value is out of its range.
        IndexMismatchError: The corpus was embedded by another embedder.
    """

    def __init__(
        self,
        corpus: Corpus,
        embedder: Embedder,
        *,
        fusion: Fusion | str = Fusion.CONVEX,
        dense_weight: float = 0.5,
        candidates: int = 100,
        logit_scale: float = 30.0,
        null_similarity: float = 0.46,
    ) -> None:
        corpus.require(embedder=embedder.fingerprint)
        if not 0 <= dense_weight <= 1:
            raise ConfigError(f"dense_weight is {dense_weight}", hint="give a number from 0 to 1")
        if candidates < 1:
            raise ConfigError(f"candidates is {candidates}", hint="give a whole number of at least 1")
        if not logit_scale > 0:
            raise ConfigError(f"logit_scale is {logit_scale}", hint="give a number above 0")
        if fusion not in list(Fusion):
            raise ConfigError(f"there is no fusion {fusion!r}", hint=f"choose from {', '.join(Fusion)}")
        self._corpus = corpus
        self._embedder = embedder
        self.fusion = Fusion(fusion)
        self.dense_weight = {Fusion.DENSE: 1.0, Fusion.LEXICAL: 0.0}.get(self.fusion, dense_weight)
        self.candidates = candidates
        self.logit_scale = logit_scale
        self.null_similarity = null_similarity

    def search(self, question: str, k: int = 5) -> list[Hit]:
        """The best chunks for a question.

        Args:
            question: Any text; a blank one finds nothing.
            k: Hits wanted, at least 1.

        Returns:
            At most k hits, best first; fewer where the corpus has fewer candidates.
        """
        if k < 1:
            raise ConfigError(f"k is {k}", hint="give a whole number of at least 1")
        if not question.strip() or not len(self._corpus):
            return []
        wanted = max(k, self.candidates)
        query = self._embedder.embed_queries([question])
        positions = np.zeros(0, dtype=np.int64)
        if self.fusion is not Fusion.LEXICAL:
            positions = self._corpus.index.search(query, wanted)[1][0]
        lexical_scores, lexical_rows = self._corpus.lexical.search(question, wanted)
        if self.fusion is Fusion.DENSE:
            lexical_scores, lexical_rows = lexical_scores[:0], lexical_rows[:0]
        rows = np.union1d(self._corpus.row_numbers(positions), lexical_rows)
        if not len(rows):
            return []
        dense = (self._corpus.index.vectors(self._corpus.positions(rows).tolist()) @ query[0]).astype(np.float64)
        lexical = np.zeros(len(rows))
        lexical[np.searchsorted(rows, lexical_rows)] = lexical_scores
        scores = self._fuse(dense, lexical)
        best = np.argsort(-scores, kind="stable")[:k]
        shares = probabilities(dense, logit_scale=self.logit_scale, null_similarity=self.null_similarity)
        chunks = self._corpus.chunks(rows[best].tolist())
        return [
            Hit(chunk, float(scores[at]), rank, float(shares[at]))
            for rank, (at, chunk) in enumerate(zip(best, chunks, strict=True), start=1)
        ]

    def _fuse(self, dense: NDArray[np.float64], lexical: NDArray[np.float64]) -> NDArray[np.float64]:
        normalise = NORMALISE[self.fusion]
        return self.dense_weight * normalise(dense) + (1 - self.dense_weight) * normalise(lexical)
