"""The exact index in plain NumPy: the oracle that the others are tested against."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import numpy as np

from ragkit.errors import IndexFormatError, VectorIndexError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray


class FlatIndex:
    """Compares a query with every vector.

    Args:
        dim: Width of a vector.
    """

    def __init__(self, dim: int) -> None:
        self.dim = dim
        self._rows: NDArray[np.float32] = np.zeros((0, dim), dtype=np.float32)

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, vectors: NDArray[np.float32]) -> None:
        """Append rows, shape (n, dim)."""
        self._rows = np.concatenate([self._rows, checked(vectors, self.dim)])

    def search(self, queries: NDArray[np.float32], k: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Scores and rows of shape (q, min(k, len(self))), best first; equal scores by row number."""
        scores = checked(queries, self.dim) @ self._rows.T
        rows = np.argsort(-scores, axis=1, kind="stable")[:, :k].astype(np.int64)
        return np.take_along_axis(scores, rows, axis=1), rows

    def vectors(self, rows: Sequence[int]) -> NDArray[np.float32]:
        """The stored vectors of these rows, shape (len(rows), dim)."""
        return self._rows[np.asarray(rows, dtype=np.int64)]

    def save(self, path: Path) -> None:
        """Write the vectors as one ``.npy`` file without pickle."""
        with path.open("wb") as file:
            np.save(file, self._rows, allow_pickle=False)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Open a file that ``save`` wrote."""
        try:
            rows = np.load(path, allow_pickle=False)
        except (ValueError, EOFError) as exc:
            raise IndexFormatError(f"{path} is not a saved array: {exc}", hint="index the sources again") from exc
        index = cls(rows.shape[1])
        index.add(rows)
        return index


def checked(vectors: NDArray[np.float32], dim: int) -> NDArray[np.float32]:
    """The vectors as contiguous float32 rows of the right width.

    Raises:
        VectorIndexError: They are not two-dimensional, of another width, or not finite.
    """
    array = np.ascontiguousarray(vectors, dtype=np.float32)
    if array.ndim != 2 or array.shape[1] != dim:
        raise VectorIndexError(f"vectors of shape {array.shape} do not fit an index of shape (n, {dim})")
    if not np.isfinite(array).all():
        raise VectorIndexError("a vector has a value that is not finite")
    return array
