"""BM25 over SQLite's full-text index, fed with words that ragkit has analysed itself.

The index lives in the database of the corpus, so it changes in the same transaction as the chunks. SQLite
only counts: words are found, folded and stemmed here, and Chinese and Japanese are cut into pairs of characters,
which SQLite's own tokenizers cannot do.

Source of the formula: https://sqlite.org/fts5.html#the_bm25_function (k1 = 1.2, b = 0.75).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ragkit.words import analyze

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from numpy.typing import NDArray


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
