"""What every vector index has to keep."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from ragkit.errors import IndexFormatError, VectorIndexError
from ragkit.indexes.flat import FlatIndex
from ragkit.similarity import unit

if TYPE_CHECKING:
    from ragkit.protocols import VectorIndex


def _raises(kind: type[Exception], action: object) -> bool:
    try:
        action()  # type: ignore[operator]
    except kind:
        return True
    return False


class VectorIndexContract(ABC):
    """Subclass it in a test module, name the class ``Test…`` and say how an index is made and opened."""

    @abstractmethod
    def make(self, dim: int) -> VectorIndex:
        """An empty index."""

    @abstractmethod
    def load(self, path: Path) -> VectorIndex:
        """Open a saved index."""

    def test_known_order(self) -> None:
        """Vectors written by hand come back in an order that anyone can verify."""
        index = self.make(2)
        index.add(np.array([[1.0, 0.0], [0.0, 1.0], [0.6, 0.8]], dtype=np.float32))
        scores, rows = index.search(np.array([[0.0, 1.0]], dtype=np.float32), 3)
        assert rows.tolist() == [[1, 2, 0]]
        assert np.allclose(scores, [[1.0, 0.8, 0.0]])

    def test_agrees_with_the_exact_index(self) -> None:
        """Scores equal those of the plain NumPy index; rows too, where scores differ."""
        generator = np.random.default_rng(7)
        vectors, queries = unit(generator.normal(size=(200, 16))), unit(generator.normal(size=(9, 16)))
        index, oracle = self.make(16), FlatIndex(16)
        for part in (vectors[:50], vectors[50:]):
            index.add(part)
            oracle.add(part)
        scores, rows = index.search(queries, 10)
        expected_scores, expected_rows = oracle.search(queries, 10)
        assert np.allclose(scores, expected_scores, atol=1e-5)
        assert (rows == expected_rows).mean() > 0.99

    def test_one_query_equals_a_batch_of_one(self) -> None:
        """Searching together gives what searching one by one gives."""
        generator = np.random.default_rng(8)
        index = self.make(8)
        index.add(unit(generator.normal(size=(40, 8))))
        queries = unit(generator.normal(size=(5, 8)))
        _, together = index.search(queries, 4)
        for number, query in enumerate(queries):
            assert index.search(query[None], 4)[1].tolist() == [together[number].tolist()]

    def test_k_above_the_size_and_empty(self) -> None:
        """Never more rows than there are, and no padding."""
        index = self.make(3)
        query = np.array([[1.0, 0.0, 0.0]], dtype=np.float32)
        assert index.search(query, 5)[1].shape == (1, 0)
        index.add(np.eye(3, dtype=np.float32)[:2])
        scores, rows = index.search(query, 5)
        assert sorted(rows[0].tolist()) == [0, 1]
        assert scores.shape == (1, 2)

    def test_types_and_vectors(self) -> None:
        """Scores are float32, rows int64, and vectors can be had back."""
        index = self.make(3)
        vectors = unit(np.arange(12.0).reshape(4, 3))
        index.add(vectors)
        scores, rows = index.search(vectors[:1], 2)
        assert scores.dtype == np.float32
        assert rows.dtype == np.int64
        assert np.array_equal(index.vectors([2, 0]), vectors[[2, 0]])
        assert index.vectors([]).shape == (0, 3)
        assert (len(index), index.dim) == (4, 3)

    def test_refuses_what_does_not_fit(self) -> None:
        """Wrong widths, wrong ranks and values that are not finite are errors."""
        index = self.make(3)
        for wrong in (np.zeros((1, 2)), np.zeros(3), np.full((1, 3), np.nan)):
            assert _raises(VectorIndexError, lambda wrong=wrong: index.add(wrong.astype(np.float32)))

    def test_saved_and_opened(self) -> None:
        """An opened index gives the scores of the one that was saved; a damaged file is an error."""
        index = self.make(4)
        vectors = unit(np.random.default_rng(9).normal(size=(20, 4)))
        index.add(vectors)
        with TemporaryDirectory() as folder:
            path = Path(folder) / "index"
            index.save(path)
            opened = self.load(path)
            assert [part.tolist() for part in opened.search(vectors, 5)] == [
                part.tolist() for part in index.search(vectors, 5)
            ]
            path.write_bytes(b"not an index at all, only some words")
            assert _raises(IndexFormatError, lambda: self.load(path))
