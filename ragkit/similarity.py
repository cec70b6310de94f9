"""Similarity in the manner of CLIP: unit vectors, scaled cosines, probabilities with a null option, one loss.

Source: Radford et al., "Learning Transferable Visual Models From Natural Language Supervision" (2021),
section 2.3 and figure 3. The temperature τ appears here only as its inverse, ``logit_scale`` = 1/τ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ragkit.errors import ConfigError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def unit(vectors: ArrayLike) -> NDArray[np.float32]:
    """Scale vectors to length 1; a zero vector stays zero.

    Args:
        vectors: Shape (..., dim).

    Returns:
        Same shape, float32.

    >>> unit([[3.0, 4.0], [0.0, 0.0]]).tolist()
    [[0.6000000238418579, 0.800000011920929], [0.0, 0.0]]
    """
    array = np.asarray(vectors, dtype=np.float32)
    norms = np.linalg.norm(array, axis=-1, keepdims=True)
    scaled: NDArray[np.float32] = np.divide(array, norms, out=np.zeros_like(array), where=norms > 0)
    return scaled


def cosine(a: ArrayLike, b: ArrayLike) -> NDArray[np.float32]:
    """Cosine of every row of ``a`` with every row of ``b``; 0 where either is zero.

    Args:
        a: Shape (n, dim).
        b: Shape (m, dim).

    Returns:
        Shape (n, m), float32, -1 to 1.
    """
    scores: NDArray[np.float32] = unit(a) @ unit(b).T
    return np.clip(scores, -1.0, 1.0)


def clip_logits(queries: ArrayLike, candidates: ArrayLike, *, logit_scale: float) -> NDArray[np.float32]:
    """Cosines times ``logit_scale``: CLIP's logits.

    Args:
        queries: Shape (n, dim).
        candidates: Shape (m, dim).
        logit_scale: Inverse temperature, above 0.

    Returns:
        Shape (n, m), float32.
    """
    if not logit_scale > 0:
        raise ConfigError(f"logit_scale is {logit_scale}", hint="it is an inverse temperature: give a number above 0")
    return cosine(queries, candidates) * np.float32(logit_scale)


def probabilities(
    similarities: ArrayLike, *, logit_scale: float, null_similarity: float | None = None
) -> NDArray[np.float64]:
    """Softmax over the candidates of each query, with the option that none of them is the right one.

    Args:
        similarities: Cosines, shape (..., m); m may be 0.
        logit_scale: Inverse temperature, above 0.
        null_similarity: The cosine at which a single candidate is as likely as "none of them"; None
            leaves the null option out, and the candidates share all the probability.

    Returns:
        Same shape, float64. Rows add up to 1 less the null option's share.

    >>> probabilities([0.5], logit_scale=20.0, null_similarity=0.5).tolist()
    [0.5]
    """
    logits = np.asarray(similarities, dtype=np.float64) * logit_scale
    if null_similarity is not None:
        null = np.full((*logits.shape[:-1], 1), null_similarity * logit_scale)
        logits = np.concatenate([logits, null], axis=-1)
    if not logits.shape[-1]:
        return logits
    logits = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares: NDArray[np.float64] = logits / logits.sum(axis=-1, keepdims=True)
    return shares if null_similarity is None else shares[..., :-1]


def contrastive_loss(queries: ArrayLike, candidates: ArrayLike, *, logit_scale: float) -> float:
    """The symmetric cross-entropy of CLIP's figure 3: row i of each side belongs to row i of the other.

    Args:
        queries: Shape (n, dim), n at least 1.
        candidates: Shape (n, dim).
        logit_scale: Inverse temperature, above 0.

    Returns:
        Mean loss in nats, 0 or more.
    """
    logits = clip_logits(queries, candidates, logit_scale=logit_scale).astype(np.float64)

    def cross_entropy(rows: NDArray[np.float64]) -> float:
        highest = rows.max(axis=1)
        log_sums = highest + np.log(np.exp(rows - highest[:, None]).sum(axis=1))
        return float(np.mean(log_sums - np.diagonal(rows)))

    return (cross_entropy(logits) + cross_entropy(logits.T)) / 2
