"""What every embedder has to keep."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from ragkit.protocols import Embedder

TEXTS = ["The harbour freezes in January.", "", "魚は冬に深く泳ぐ。", "a" * 3000, "naïve café — 12.5 °C", "\n\t "]


class EmbedderContract(ABC):
    """Subclass it in a test module, name the class ``Test…`` and say how an embedder is made."""

    @abstractmethod
    def make(self) -> Embedder:
        """An embedder; the same one may be given every time."""

    def test_shapes_and_types(self) -> None:
        """Rows of float32, one per text, none included."""
        embedder = self.make()
        for embed in (embedder.embed_documents, embedder.embed_queries):
            assert embed([]).shape == (0, embedder.dim)
            vectors = embed(TEXTS)
            assert vectors.shape == (len(TEXTS), embedder.dim)
            assert vectors.dtype == np.float32
            assert np.isfinite(vectors).all()

    def test_unit_length(self) -> None:
        """Length 1, or 0 for a text without any word."""
        norms = np.linalg.norm(self.make().embed_documents(TEXTS), axis=1)
        assert all(abs(norm - 1) < 1e-3 or norm == 0 for norm in norms)

    def test_order_does_not_matter(self) -> None:
        """Each text has its own vector, whatever stands beside it."""
        embedder = self.make()
        vectors = embedder.embed_documents(TEXTS)
        backwards = embedder.embed_documents(TEXTS[::-1])[::-1]
        assert (vectors * backwards).sum(axis=1)[[0, 2, 3, 4]].min() > 0.99

    def test_like_is_near_like(self) -> None:
        """A text is nearest to itself."""
        embedder = self.make()
        texts = ["Tides follow the moon.", "Invoices are paid on Friday.", "Copper conducts heat well."]
        scores = embedder.embed_queries(texts) @ embedder.embed_documents(texts).T
        assert scores.argmax(axis=1).tolist() == [0, 1, 2]

    def test_progress_counts_every_text(self) -> None:
        """The callback's numbers add up to the number of texts."""
        seen: list[int] = []
        self.make().embed_documents(TEXTS, progress=seen.append)
        assert sum(seen) == len(TEXTS)

    def test_tokens(self) -> None:
        """Token spans lie in the text, in order; counts include them all."""
        embedder = self.make()
        for text in TEXTS:
            spans = embedder.token_spans(text)
            assert all(0 <= start <= end <= len(text) for start, end in spans)
            assert spans == sorted(spans)
            assert embedder.count_tokens([text])[0] >= len(spans)
        assert embedder.max_tokens > 1
        assert embedder.fingerprint == embedder.fingerprint
