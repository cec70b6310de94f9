"""Fusion by hand, and the order of hits."""

from __future__ import annotations

import numpy as np
import pytest

from ragkit.corpus import Corpus
from ragkit.embedders.hashing import HashingEmbedder
from ragkit.errors import ConfigError
from ragkit.retriever import Fusion, Retriever, distribution_based, min_max, reciprocal_rank
from ragkit.splitters.recursive import RecursiveSplitter
from ragkit.types import Document

EMBEDDER = HashingEmbedder()
SPLITTER = RecursiveSplitter(EMBEDDER)
TEXTS = {"tides": "The tide follows the moon.", "swifts": "Swifts sleep in the air.", "soil": "Clay holds water."}


@pytest.fixture
def corpus(tmp_path):
    with Corpus.create(tmp_path / "idx", embedder=EMBEDDER, splitter=SPLITTER) as opened:
        documents = [(Document(name, text, name), name) for name, text in TEXTS.items()]
        opened.write(documents, embedder=EMBEDDER, splitter=SPLITTER)
        yield opened


def test_normalisations_by_hand():
    scores = np.array([2.0, 4.0, 3.0])
    assert min_max(scores).tolist() == [0.0, 1.0, 0.5]
    assert min_max(np.array([1.0, 1.0])).tolist() == [0.0, 0.0]
    assert reciprocal_rank(scores).tolist() == pytest.approx([1 / 63, 1 / 61, 1 / 62])
    assert distribution_based(scores)[2] == pytest.approx(0.5)
    assert distribution_based(np.array([1.0])).tolist() == [0.0]
    for function in (min_max, reciprocal_rank, distribution_based):
        assert function(np.zeros(0)).shape == (0,)


@pytest.mark.parametrize("fusion", list(Fusion))
def test_each_fusion_finds_the_document(corpus, fusion):
    hits = Retriever(corpus, EMBEDDER, fusion=fusion).search("When do swifts sleep?", k=3)
    assert hits[0].chunk.document_id == "swifts"
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert sum(hit.probability for hit in hits) <= 1


def test_a_question_is_not_a_query_language(corpus):
    retriever = Retriever(corpus, EMBEDDER)
    for question in ('"', "AND OR NOT", "swifts*", "a:b", "NEAR(tide moon)", "'; DROP TABLE chunks; --", "???", "\x00"):
        retriever.search(question)
    assert retriever.search("moon", k=1)[0].chunk.document_id == "tides"


def test_k_above_the_size_gives_all(corpus):
    assert len(Retriever(corpus, EMBEDDER).search("moon", k=99)) == 3


@pytest.mark.parametrize("options", [{"dense_weight": 2.0}, {"candidates": 0}, {"logit_scale": -1.0}])
def test_values_out_of_range_are_refused(corpus, options):
    with pytest.raises(ConfigError):
        Retriever(corpus, EMBEDDER, **options)


def test_an_unknown_fusion_is_refused(corpus):
    with pytest.raises(ConfigError, match="best") as caught:
        Retriever(corpus, EMBEDDER, fusion="best")
    assert "convex" in caught.value.hint
