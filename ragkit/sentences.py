"""Text → sentences with exact offsets."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from ragkit.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

LONG_CHARS = 2000
"""pysbd takes time that grows with the square of a paragraph; longer ones are cut by the plain rule."""

OWN_LINE = re.compile(r"\s*(?:[-*+•‣▪]\s|\d{1,3}[.)]\s|[a-zA-Z][.)]\s|#{1,6}\s|\||>|```|~~~|[-=_*]{3,}\s*$)")
"""A line that starts something of its own: a list item, heading, table row, quotation, fence or rule."""

FIELD = re.compile(r"\s*[^\s:;.!?][^:;.!?\n]{0,60}: \S[^;\n]*(?:;|$)")
"""A line of a record: ``name: value; name: value``."""

PLAIN_END = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9À-Þ])|(?<=[。！？])(?=[^」』）])")
UNSPACED_END = re.compile(r"(?<=[。！？])(?![」』）])")


def sentences(text: str) -> list[Span]:
    """Cut a text into sentences.

    A list item, heading, table row or record ends with its line; a line that is merely wrapped does not end
    anything. Every character that is not blank belongs to exactly one sentence.

    Args:
        text: Any text.

    Returns:
        Sentences in order, without blanks around them: ``text[s.start:s.end] == s.text``.

    >>> [s.text for s in sentences("Dr. Wu paid 3.50 euros. Why? Nobody knows.")]
    ['Dr. Wu paid 3.50 euros.', 'Why?', 'Nobody knows.']
    """
    found = []
    for start, end in _blocks(text):
        block = text[start:end]
        for first, last in _cuts(block.replace("\n", " ")):
            piece = block[first:last]
            left = len(piece) - len(piece.lstrip())
            body = piece.strip()
            if body:
                at = start + first + left
                found.append(Span(at, at + len(body), body))
    return found


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Runs of lines that belong together: wrapped prose, or one line that stands for itself."""
    start = at = 0
    open_block = False
    for line in text.splitlines(keepends=True):
        alone = bool(FIELD.match(line))
        if not line.strip() or OWN_LINE.match(line) or alone or not open_block:
            if at > start:
                yield start, at
            start = at
        at += len(line)
        open_block = bool(line.strip()) and not alone and not re.match(r"\s*(?:#{1,6}\s|\||```|~~~)", line)
    if at > start:
        yield start, at


@cache
def _segmenter() -> Any:
    import pysbd

    return pysbd.Segmenter(language="en", clean=False)


@lru_cache(maxsize=4096)
def _cuts(block: str) -> tuple[tuple[int, int], ...]:
    """Contiguous pieces that cover a block, one sentence each."""
    if not block.strip():
        return ()
    if not re.search(r"[.!?…。！？]\S*\s*\S", block):
        return ((0, len(block)),)
    edges = [0]
    if len(block) > LONG_CHARS:
        edges += [match.end() for match in PLAIN_END.finditer(block)]
    else:
        at = 0
        for piece in _segmenter().segment(block):
            # The library may change blanks; a piece that is not found again is left to the one before.
            found = block.find(piece.strip(), at)
            if found > at and piece.strip():
                edges.append(found)
            if found >= 0:
                at = found + len(piece.strip())
        edges += [match.end() for match in UNSPACED_END.finditer(block)]
    edges = sorted({edge for edge in edges if edge < len(block)})
    return tuple(zip(edges, [*edges[1:], len(block)], strict=True))
