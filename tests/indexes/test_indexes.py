"""Both vector indexes keep the contract."""

from __future__ import annotations

from ragkit.indexes import INDEXES, create_index, load_index
from ragkit.testing.vector_index_contract import VectorIndexContract


class TestFaissIndex(VectorIndexContract):
    def make(self, dim):
        return create_index("faiss", dim)

    def load(self, path):
        return load_index("faiss", path)


class TestFlatIndex(VectorIndexContract):
    def make(self, dim):
        return create_index("flat", dim)

    def load(self, path):
        return load_index("flat", path)


def test_the_table_is_sorted():
    assert list(INDEXES) == sorted(INDEXES)
