"""CLIP-style scoring on vectors whose answers can be worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragkit.errors import ConfigError
from ragkit.similarity import clip_logits, contrastive_loss, cosine, probabilities, unit


def test_unit_of_every_rank():
    assert unit([3.0, 4.0]).tolist() == pytest.approx([0.6, 0.8])
    assert np.linalg.norm(unit(np.ones((2, 3, 4))), axis=-1) == pytest.approx(np.ones((2, 3)))
    assert unit([0.0, 0.0]).tolist() == [0.0, 0.0]


def test_cosine_by_hand():
    got = cosine([[1.0, 0.0], [1.0, 1.0]], [[2.0, 0.0], [0.0, 5.0], [0.0, 0.0]])
    assert got == pytest.approx(np.array([[1.0, 0.0, 0.0], [math.sqrt(0.5), math.sqrt(0.5), 0.0]]))


def test_logits_are_scaled_cosines():
    assert clip_logits([[1.0, 0.0]], [[1.0, 0.0], [0.0, 1.0]], logit_scale=100.0).tolist() == [[100.0, 0.0]]
    with pytest.raises(ConfigError, match="logit_scale"):
        clip_logits([[1.0]], [[1.0]], logit_scale=0.0)


def test_a_candidate_at_the_null_similarity_is_as_likely_as_none():
    assert probabilities([0.5], logit_scale=20.0, null_similarity=0.5).tolist() == [0.5]
    assert probabilities([0.2, 0.2], logit_scale=20.0).tolist() == [0.5, 0.5]
    two = probabilities([math.log(2) / 10, 0.0], logit_scale=10.0, null_similarity=0.0)
    assert two.tolist() == pytest.approx([0.5, 0.25])


def test_no_candidates_have_no_probabilities():
    assert probabilities([], logit_scale=20.0, null_similarity=0.3).shape == (0,)
    assert probabilities([], logit_scale=20.0).shape == (0,)


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=8), st.floats(0.1, 200))
def test_probabilities_keep_the_order_and_add_up(similarities, logit_scale):
    shares = probabilities(similarities, logit_scale=logit_scale)
    assert shares.sum() == pytest.approx(1.0)
    assert np.all(np.diff(shares[np.argsort(similarities)]) >= -1e-12)
    with_null = probabilities(similarities, logit_scale=logit_scale, null_similarity=0.0)
    assert 0 <= with_null.sum() <= 1 + 1e-9


def test_loss_of_perfect_and_of_blind_pairs():
    pairs = np.eye(4)
    assert contrastive_loss(pairs, pairs, logit_scale=100.0) == pytest.approx(0.0, abs=1e-6)
    same = np.ones((4, 2))
    assert contrastive_loss(same, same, logit_scale=100.0) == pytest.approx(math.log(4))


def test_loss_agrees_with_torch():
    import torch

    generator = np.random.default_rng(0)
    a, b = unit(generator.normal(size=(6, 5))), unit(generator.normal(size=(6, 5)))
    logits, target = torch.tensor(7.0 * a @ b.T), torch.arange(6)
    expected = (
        torch.nn.functional.cross_entropy(logits, target) + torch.nn.functional.cross_entropy(logits.T, target)
    ) / 2
    assert contrastive_loss(a, b, logit_scale=7.0) == pytest.approx(float(expected), rel=1e-5)
