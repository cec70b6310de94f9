"""The FAISS index: exact inner products by default."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np

from ragkit.errors import IndexFormatError
from ragkit.indexes.flat import checked

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray


class FaissIndex:
    """Inner products in FAISS's exact ``IndexFlatIP``.

    Args:
        dim: Width of a vector.
    """

    def __init__(self, dim: int) -> None:
        import faiss

        self.dim = dim
        self._index: Any = faiss.IndexFlatIP(dim)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def add(self, vectors: NDArray[np.float32]) -> None:
        """Append rows, shape (n, dim)."""
        self._index.add(checked(vectors, self.dim))

    def search(self, queries: NDArray[np.float32], k: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Scores and rows of shape (q, min(k, len(self))), best first."""
        queries = checked(queries, self.dim)
        # FAISS pads a short answer with row -1; asking for no more than there are keeps it from doing so.
        k = min(k, len(self))
        if not k:
            return np.zeros((len(queries), 0), dtype=np.float32), np.zeros((len(queries), 0), dtype=np.int64)
        scores, rows = self._index.search(queries, k)
        return scores, rows

    def vectors(self, rows: Sequence[int]) -> NDArray[np.float32]:
        """The stored vectors of these rows, shape (len(rows), dim)."""
        wanted = np.asarray(rows, dtype=np.int64)
        if not len(wanted):
            return np.zeros((0, self.dim), dtype=np.float32)
        stored: NDArray[np.float32] = self._index.reconstruct_batch(wanted)
        return stored

    def save(self, path: Path) -> None:
        """Write the index as one file in FAISS's own format."""
        import faiss

        path.write_bytes(faiss.serialize_index(self._index).tobytes())

    @classmethod
    def load(cls, path: Path) -> Self:
        """Open a file that ``save`` wrote."""
        import faiss

        try:
            stored = faiss.deserialize_index(np.frombuffer(path.read_bytes(), dtype=np.uint8))
        except RuntimeError as exc:
            raise IndexFormatError(f"{path} is not a FAISS index", hint="index the sources again") from exc
        index = cls(stored.d)
        index._index = stored
        return index
