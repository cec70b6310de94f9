"""Features of a claim → the probability that its sources support it."""

from __future__ import annotations

import math
from collections.abc import Sequence

FEATURES = (
    "bias",
    "coverage",  # idf-weighted share of the claim's content that the best window has
    "coverage_3",  # … that the best three windows have together
    "coverage_all",  # … that all sources have, anywhere
    "heaviest_gap",  # share of the heaviest content word that the best three windows lack
    "pairs",  # share of neighbouring content words that are close together in the best windows
    "run",  # longest run of the claim's words that a source has word for word, as a share
    "length",  # log of the number of content words
    "facts_missing",  # numbers, dates and times that no window has, at most 3
    "facts_matched",  # … that some window has, at most 3
    "fact_conflict",  # 1 if an aligned window has another number or date instead
    "names_new",  # names that no source knows, at most 3
    "names_elsewhere",  # names that the sources know, but not the best windows, at most 3
    "opposed",  # 1 if an aligned sentence is negated or says the opposite
    "hedge_lost",  # 1 if the sentence says "may" where the claim asserts
    "field_conflict",  # fields of a record that say otherwise, at most 2
    "field_unknown",  # fields that are null, at most 2
    "field_match",  # fields that bear the claim out, at most 2
    "record",  # 1 if the best window is a field of a record
)
COEFFICIENTS: tuple[float, ...] = (
    -3.0, 2.0, 2.0, 1.5, -1.0, 0.5, 1.0, 0.0, -1.5, 0.2, -2.5, -1.5, -0.4, -2.0, -0.4, -2.5, -1.0, 0.5, 0.0,
)  # fmt: skip


def probability(features: Sequence[float], coefficients: Sequence[float] = COEFFICIENTS) -> float:
    """The logistic model's probability, 0 to 1.

    Args:
        features: In the order of ``FEATURES``.
        coefficients: One per feature.
    """
    z = sum(weight * value for weight, value in zip(coefficients, features, strict=True))
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, z))))


THRESHOLD = 0.5
"""Probability of support from which a claim counts as supported."""

ANSWER_FEATURES = ("bias", "worst", "mean", "length")
ANSWER_COEFFICIENTS: tuple[float, ...] = (0.0, 1.0, 0.0, 0.0)


def answer_features(claims: Sequence[float]) -> tuple[float, ...]:
    """What tells whether some claim of an answer is not supported: bias, worst, mean, length.

    Args:
        claims: Probability of support of each checkable claim, at least one.
    """
    logits = [math.log(p / (1.0 - p)) for p in (min(max(p, 0.005), 0.995) for p in claims)]
    return (1.0, -min(logits), -sum(logits) / len(logits), math.log(len(logits)))


def answer_probability(claims: Sequence[float]) -> float:
    """The probability that some claim of an answer is not supported, from the claims' own probabilities."""
    return probability(answer_features(claims), ANSWER_COEFFICIENTS)
