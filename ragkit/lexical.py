"""BM25 over SQLite's full-text index, fed with words that ragkit has analysed itself.

The index lives in the database of the corpus, so it changes in the same transaction as the chunks. SQLite
only counts: words are found, folded and stemmed here, and Chinese and Japanese are cut into pairs of characters,
which SQLite's own tokenizers cannot do.

Source of the formula: https://sqlite.org/fts5.html#the_bm25_function (k1 = 1.2, b = 0.75).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from numpy.typing import NDArray

WORD = re.compile(r"\w+")
UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
"""Kana and Han characters: written without spaces, so a run of them is not a word."""

_STOP_WORDS = (
    "a about above after again all also am an and any are as at be because been before being below "
    "between both but by can could did do does doing down during each few for from further had has have "
    "having he her here hers him his how i if in into is it its just me more most my no nor not of off "
    "on once only or other our out over own per same she should so some such than that the their them "
    "then there these they this those through to too under until up us very was we were what when where "
    "which while who whom why will with would you your "
)
STOP_WORDS = frozenset(_STOP_WORDS.split())


@cache
def _stemmer() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("english")


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The Porter2 stem of a lower-case word; words with digits or non-ASCII letters stay as they are."""
    return str(_stemmer().stemWord(word)) if word.isascii() and word.isalpha() else word


def analyze(text: str) -> list[str]:
    """The terms of a text, in order: folded, stemmed, without stop words; pairs of characters for kana and Han.

    >>> analyze("The wings were tested in Göttingen")
    ['wing', 'test', 'gottingen']
    """
    folded = unicodedata.normalize("NFKD", text.casefold())
    folded = "".join(c for c in folded if not unicodedata.combining(c) or c in "\u3099\u309a")
    folded = unicodedata.normalize("NFC", folded)
    terms: list[str] = []
    for word in WORD.findall(folded):
        if UNSPACED.search(word):
            for run in UNSPACED.findall(word):
                terms.extend(a + b for a, b in pairwise(run)) if len(run) > 1 else terms.append(run)
            terms.extend(stem(part) for part in UNSPACED.split(word) if part)
        elif word not in STOP_WORDS:
            terms.append(stem(word))
    return terms


class LexicalIndex:
    """The full-text table of one corpus's database; changes belong to the connection's open transaction.

    Args:
        connection: The database.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def create(self) -> None:
        """Make the table, empty."""
        self._connection.execute(
            "CREATE VIRTUAL TABLE lexical USING fts5(terms, detail=full, tokenize=\"unicode61 tokenchars '_'\")"
        )

    def add(self, rows: Iterable[tuple[int, str]]) -> None:
        """Enter texts under their row numbers."""
        self._connection.executemany(
            "INSERT INTO lexical(rowid, terms) VALUES (?, ?)", ((row, " ".join(analyze(text))) for row, text in rows)
        )

    def delete(self, rows: Iterable[int]) -> None:
        """Take rows out."""
        self._connection.executemany("DELETE FROM lexical WHERE rowid = ?", ((row,) for row in rows))

    def search(self, question: str, k: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """The best rows for a question.

        Args:
            question: Any text; it is not read as a query language.
            k: Rows wanted, at least 1.

        Returns:
            BM25 scores (float32, above 0) and row numbers (int64), both of shape (n,), n at most k, best first.
        """
        terms = list(dict.fromkeys(analyze(question)))
        found: list[tuple[int, float]] = []
        if terms:
            query = " OR ".join(f'"{term}"' for term in terms)
            found = self._connection.execute(
                "SELECT rowid, -bm25(lexical) FROM lexical WHERE lexical MATCH ? ORDER BY rank, rowid LIMIT ?",
                (query, k),
            ).fetchall()
        rows = np.array([row for row, _ in found], dtype=np.int64)
        return np.array([score for _, score in found], dtype=np.float32), rows
