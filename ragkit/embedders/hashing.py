"""An embedder without a model: words are hashed to dimensions. For tests and for machines too small for more."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from ragkit.similarity import unit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

WORD = re.compile(r"\w+|[^\w\s]")


class HashingEmbedder:
    """Each word adds one to a dimension, its sign and place given by its CRC-32: deterministic everywhere.

    Source: Weinberger et al., "Feature Hashing for Large Scale Multitask Learning" (2009), section 2.

    Args:
        dim: Width of a vector, at least 1.
        max_tokens: Longest text that counts as readable; nothing is ever truncated.
    """

    def __init__(self, dim: int = 256, max_tokens: int = 256) -> None:
        self.dim = dim
        self.max_tokens = max_tokens

    @property
    def fingerprint(self) -> str:
        """Name and width."""
        return f"hashing/1 dim={self.dim}"

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Words and punctuation marks of each text."""
        return [len(self.token_spans(text)) for text in texts]

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """Start and end of each word or punctuation mark."""
        return [match.span() for match in WORD.finditer(text)]

    def embed_documents(
        self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Unit vectors, shape (len(texts), dim)."""
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in WORD.findall(text.casefold()):
                digest = crc32(word.encode("utf-8", "surrogatepass"))
                vectors[row, digest % self.dim] += 1.0 if digest & 0x80000000 else -1.0
        if progress:
            progress(len(texts))
        return unit(vectors)

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The same as ``embed_documents``: there is no model that could tell them apart."""
        return self.embed_documents(texts)
