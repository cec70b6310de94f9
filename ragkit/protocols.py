"""The seams of ragkit on one page: what each interchangeable part has to be able to do.

A part satisfies its protocol by having these members; it need not inherit from anything here. Contract
tests for each seam ship in ``ragkit.testing``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from ragkit.types import Chunk, Document, Generation, Hit, Prompt, Report

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from ragkit.decoding import DecodingConfig


@dataclass(frozen=True, slots=True)
class RawFile:
    """A file's bytes and the name it was given by: what a loader reads."""

    source: str
    data: bytes

    @property
    def suffix(self) -> str:
        """The last suffix in lower case with its dot (``.md``), or ``""``."""
        name = self.source.replace("\\", "/").rsplit("/", 1)[-1]
        stem, dot, suffix = name.rpartition(".")
        return f".{suffix.lower()}" if dot and stem else ""


Loader = Callable[[RawFile], Document]
"""Turns the bytes of a file into a document; raises LoadError with a reason for a person to read."""


class Splitter(Protocol):
    """Cuts a document into chunks that an embedder can read whole."""

    @property
    def fingerprint(self) -> str:
        """Name and settings: two splitters with the same fingerprint cut alike."""
        ...

    def split(self, document: Document) -> list[Chunk]:
        """Chunks in document order, which together hold every non-blank character."""
        ...


class Tokens(Protocol):
    """A tokenizer and the limit of the model that it belongs to: what a splitter counts with."""

    @property
    def max_tokens(self) -> int:
        """Longest text, in tokens with special tokens, that the model reads whole."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, special tokens included, without truncation."""
        ...

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """Start and end character of each token, in order, without special tokens or truncation."""
        ...


@runtime_checkable
class Embedder(Tokens, Protocol):
    """Turns text into unit vectors."""

    @property
    def fingerprint(self) -> str:
        """Model, digest, prompts and dimension: the same fingerprint gives comparable vectors."""
        ...

    @property
    def dim(self) -> int:
        """Width of a vector."""
        ...

    def embed_documents(
        self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Unit vectors of passages, shape (len(texts), dim).

        Args:
            texts: Any number of texts, none included.
            progress: Called with the number of texts finished since the last call.
        """
        ...

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of questions, shape (len(texts), dim)."""
        ...


class VectorIndex(Protocol):
    """Holds vectors and answers row numbers and scores (inner products, higher is better)."""

    @property
    def dim(self) -> int:
        """Width of a vector."""
        ...

    def __len__(self) -> int:
        """Number of rows."""
        ...

    def add(self, vectors: NDArray[np.float32]) -> None:
        """Append rows, shape (n, dim); their numbers go on from the last."""
        ...

    def search(self, queries: NDArray[np.float32], k: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Best rows of each query.

        Args:
            queries: Shape (q, dim).
            k: Rows wanted per query, at least 1.

        Returns:
            Scores and row numbers, both of shape (q, min(k, len(self))), best first.
        """
        ...

    def vectors(self, rows: Sequence[int]) -> NDArray[np.float32]:
        """The stored vectors of these rows, shape (len(rows), dim)."""
        ...

    def save(self, path: Path) -> None:
        """Write the index as one file."""
        ...


class Reranker(Protocol):
    """Puts hits into a better order."""

    def rerank(self, question: str, hits: Sequence[Hit]) -> list[Hit]:
        """The same hits in a new order, with new ranks and scores."""
        ...


@runtime_checkable
class Generator(Protocol):
    """Writes an answer to a prompt."""

    @property
    def name(self) -> str:
        """What a reader of the answer is told it was written by."""
        ...

    def generate(self, prompt: Prompt, decoding: DecodingConfig) -> tuple[Generation, ...]:
        """``decoding.num_return_sequences`` texts, best first; one where there is no more."""
        ...

    def stream(self, prompt: Prompt, decoding: DecodingConfig) -> Iterator[str]:
        """The text of ``generate``'s first answer in pieces, as they come."""
        ...


@runtime_checkable
class Checker(Protocol):
    """Compares an answer with sources, claim by claim."""

    @property
    def name(self) -> str:
        """What a reader of the report is told it was checked by."""
        ...

    def check(self, answer: str, sources: Sequence[Chunk], question: str | None = None) -> Report:
        """A verdict for every claim of the answer.

        Args:
            answer: Any text, empty included.
            sources: What the answer may rest on; offsets of evidence are those of their documents.
            question: What was asked, if known.
        """
        ...
