"""Text → terms: folded, stemmed words, which everything that compares words counts with."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

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
