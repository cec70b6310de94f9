"""Hold vectors and find the nearest ones; a sorted table of what there is."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from ragkit.protocols import VectorIndex

INDEXES = {
    "faiss": "ragkit.indexes.faiss:FaissIndex",
    "flat": "ragkit.indexes.flat:FlatIndex",
}
"""Name → class."""


def _class(name: str) -> Any:
    module, _, attribute = INDEXES[name].partition(":")
    return getattr(import_module(module), attribute)


def create_index(name: str, dim: int) -> VectorIndex:
    """An empty index of vectors ``dim`` wide."""
    index: VectorIndex = _class(name)(dim)
    return index


def load_index(name: str, path: Path) -> VectorIndex:
    """Open an index that ``save`` wrote.

    Raises:
        IndexFormatError: The file is damaged.
    """
    index: VectorIndex = _class(name).load(path)
    return index
