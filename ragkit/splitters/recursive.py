"""The default splitter: sections, then paragraphs, lines, sentences and words, counted in the embedder's tokens."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING

from ragkit.errors import ConfigError
from ragkit.splitters.separators import separators_for
from ragkit.types import Chunk, Document

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ragkit.protocols import Tokens

Piece = tuple[int, int]

MIN_TOKENS = 16
CONTEXT_SHARE = 4
"""Title and headings may take one part in so many of a chunk's tokens."""


class RecursiveSplitter:
    """Cuts a document at the best places that keep every chunk within a number of tokens.

    Headings are boundaries that no chunk crosses, except where a section is so short that it is read
    together with the next one. Within a section the separators of the file's kind are tried in turn, and
    neighbours are joined again while they fit. Tokens are counted by the embedder's own tokenizer, with
    the title and headings that it reads in front of the chunk, so the embedder never truncates one.

    Args:
        tokens: The tokenizer that counts, usually the embedder.
        max_tokens: Longest chunk with its context and special tokens; 0 stands for the embedder's limit.
        overlap_tokens: How much of the end of a chunk the next one of the same section repeats, at most.
        min_section_tokens: A section shorter than this is joined with the next one.

    Raises:
        ConfigError: The sizes contradict each other or the embedder's limit.
    """

    def __init__(
        self, tokens: Tokens, *, max_tokens: int = 0, overlap_tokens: int = 0, min_section_tokens: int = 24
    ) -> None:
        limit = tokens.max_tokens
        max_tokens = max_tokens or limit
        if not MIN_TOKENS <= max_tokens <= limit:
            raise ConfigError(
                f"max_tokens is {max_tokens}, but the embedder reads at most {limit} tokens of a chunk",
                hint=f"choose a value from {MIN_TOKENS} to {limit}",
            )
        if not 0 <= overlap_tokens <= max_tokens // 2:
            raise ConfigError(
                f"overlap_tokens is {overlap_tokens} with max_tokens {max_tokens}",
                hint=f"choose a value from 0 to {max_tokens // 2}",
            )
        self._tokens = tokens
        self.max_tokens = max_tokens
        self.overlap_tokens = overlap_tokens
        self.min_section_tokens = min_section_tokens

    @property
    def fingerprint(self) -> str:
        """Name and settings: two splitters with the same fingerprint cut alike."""
        return f"recursive/1 max={self.max_tokens} overlap={self.overlap_tokens} section={self.min_section_tokens}"

    def split(self, document: Document) -> list[Chunk]:
        """Cut a document.

        Returns:
            Chunks in document order, trimmed of blanks at both ends; every other character of the document
            is in at least one of them. None for a blank document.
        """
        text = document.text
        starts = [start for start, _ in self._tokens.token_spans(text)]
        suffix = re.search(r"\.\w+$", document.source.lower())
        cutter = _Cutter(text, starts, separators_for(suffix.group() if suffix else ""))
        chunks: list[Chunk] = []
        for section_start, section_end in self._sections(document, cutter):
            context = self._context(document, section_start, section_end)
            budget = self.max_tokens - self._tokens.count_tokens([context])[0] - 1
            for start, end in self._cut(cutter, section_start, section_end, budget):
                chunks.extend(self._fitting(document, start, end, context))
        return chunks

    def _sections(self, document: Document, cutter: _Cutter) -> Iterator[Piece]:
        """Runs of one heading path, short ones joined to the next."""
        edges = [0]
        path: tuple[tuple[str, ...], int | None, str | None] | None = None
        for mark in document.marks:
            place = (mark.location.headings, mark.location.slide, mark.location.sheet)
            if path is not None and place != path:
                edges.append(mark.start)
            path = place
        edges.append(len(document.text))
        start = 0
        for end in edges[1:]:
            if end == len(document.text) or cutter.count(start, end) >= self.min_section_tokens:
                yield start, end
                start = end

    def _context(self, document: Document, start: int, end: int) -> str:
        """Title and headings of a section, as far as they fit, outermost first."""
        parts = [document.title, *document.locate(end - 1 if end > start else start).headings]
        seen: list[str] = []
        for part in parts:
            if part and part not in seen:
                seen.append(part)
        budget = self.max_tokens // CONTEXT_SHARE
        while seen and self._tokens.count_tokens([" › ".join(seen)])[0] > budget:
            seen.pop(0)
        return " › ".join(seen)

    def _cut(self, cutter: _Cutter, start: int, end: int, budget: int) -> Iterator[Piece]:
        """Pieces of at most ``budget`` tokens, each begun early enough for the overlap."""
        previous = start
        for piece_start, piece_end in cutter.cut(start, end, budget - self.overlap_tokens):
            first = piece_start
            if self.overlap_tokens and piece_start > start:
                first = max(previous, cutter.back(piece_start, self.overlap_tokens))
            previous = piece_start
            yield first, piece_end

    def _fitting(self, document: Document, start: int, end: int, context: str) -> Iterator[Chunk]:
        """The piece as a chunk; halved where cutting inside a word made more tokens than were counted."""
        body = document.text[start:end]
        start += len(body) - len(body.lstrip())
        end -= len(body) - len(body.rstrip())
        if start >= end:
            return
        body = document.text[start:end]
        shown = " › ".join(part for part in context.split(" › ") if part and part not in body[: len(part) + 8])
        chunk = Chunk.cut(document, start, end, context=shown)
        if end - start > 1 and self._tokens.count_tokens([chunk.embedded_text])[0] > self.max_tokens:
            middle = (start + end) // 2
            yield from self._fitting(document, start, middle, context)
            yield from self._fitting(document, middle, end, context)
        else:
            yield chunk


class _Cutter:
    """Cuts one text, counting tokens by position in a single tokenization of the whole."""

    def __init__(self, text: str, token_starts: Sequence[int], separators: Sequence[str]) -> None:
        self._text = text
        self._starts = token_starts
        self._separators = separators

    def count(self, start: int, end: int) -> int:
        """Tokens that begin in ``[start, end)``, and one for a word that ``start`` cuts."""
        return bisect_left(self._starts, end) - bisect_left(self._starts, start)

    def back(self, position: int, tokens: int) -> int:
        """The earliest sentence or word start at most ``tokens`` before ``position``."""
        first = self._starts[max(0, bisect_right(self._starts, position) - 1 - tokens)]
        window = self._text[first:position]
        sentence = re.search(r"(?<=[.!?。！？\n])\s*(?=\S)", window)
        return first + (sentence.end() if sentence else 0)

    def cut(self, start: int, end: int, budget: int, level: int = 0) -> list[Piece]:
        """Contiguous pieces that cover ``[start, end)``, each of at most ``budget`` tokens."""
        if self.count(start, end) <= budget:
            return [(start, end)]
        edges = self._edges(start, end, level)
        pieces: list[Piece] = []
        for left, right in pairwise(edges):
            if self.count(left, right) > budget and level + 1 < len(self._separators):
                pieces.extend(self.cut(left, right, budget, level + 1))
            else:
                pieces.append((left, right))
        return self._joined(pieces, budget)

    def _edges(self, start: int, end: int, level: int) -> list[int]:
        separator = self._separators[level]
        if not separator:
            inside = self._starts[bisect_right(self._starts, start) : bisect_left(self._starts, end)]
        else:
            inside = [match.end() for match in re.compile(separator).finditer(self._text, start, end)]
        return sorted({start, end, *(edge for edge in inside if start < edge < end)})

    def _joined(self, pieces: Sequence[Piece], budget: int) -> list[Piece]:
        joined: list[Piece] = []
        for start, end in pieces:
            if joined and self.count(joined[-1][0], end) <= budget:
                joined[-1] = (joined[-1][0], end)
            else:
                joined.append((start, end))
        return joined
