"""Text → tokens with offsets: the words that a claim and a source are compared by.

Words are case-folded and stemmed for the language that most of their stop words belong to. Scripts that
are written without spaces become pairs of characters, so that they can be compared at all.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

_WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f]"  # one ideograph, kana or Thai letter
    r"|[^\W_](?:[\w.&/@'’-]*[^\W_])?"
)
_INNER = re.compile(r"[^\W_]+")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f]")
_POSSESSIVE = re.compile(r"['’]s?$")
_ELISION = re.compile(r"^(?:[cdjlmnst]|qu|jusqu|lorsqu)['’](?=\w{2})", re.IGNORECASE)

_STOP_WORDS = {
    "english": """
        a an the this that these those there here it its itself he she they them his her hers their theirs him we us
        our ours you your yours i me my mine is are was were be been being am do does did done doing have has had
        having will would shall should can could may might must of in on at to from by for with about into onto over
        under between through during as than then so and or but if while because since until when where which who
        whom whose what why how also too very just only both each such own same other another more most some any all
        not no nor out up off again further once per via upon within without among there's it's that's s t d ll re ve
        m said say says according well however therefore thus yet still even
    """,
    "german": """
        der die das den dem des ein eine einen einem einer eines und oder aber wenn als wie ist sind war waren wird
        werden wurde wurden hat haben hatte hatten sein seine ihr ihre er sie es wir ich du man nicht kein keine auch
        noch nur schon sehr in im an am auf aus bei mit nach von vom vor zu zum zur über unter für durch um dass so
        sich kann können muss müssen soll sollen dieser diese dieses
    """,
    "french": """
        le la les l un une des du de d et ou mais si est sont était étaient a ont avait sera il elle ils elles on nous
        vous je ce cet cette ces qui que qu dont où dans en sur sous par pour avec sans à au aux ne pas plus se s son
        sa ses leur leurs y
    """,
    "spanish": """
        el la los las un una unos unas y o pero si es son era eran fue fueron ha han había será él ella ellos ellas se
        su sus que quien cual donde en de del a al por para con sin sobre entre no más como lo le les este esta estos
        estas
    """,
    "italian": """
        il lo la i gli le un uno una e o ma se è sono era erano ha hanno che chi cui dove in di del della dei delle a
        al alla ai alle da dal dalla per con su tra non più come si suo sua suoi sue questo questa
    """,
}
STOP_WORDS = {language: frozenset(words.split()) for language, words in _STOP_WORDS.items()}
_ALL_STOP_WORDS = STOP_WORDS["english"]


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a text.

    Attributes:
        start: First character.
        end: One past the last.
        word: Case-folded, accents kept, possessive ending dropped.
        stem: What it is compared by.
        is_stop: Whether it carries structure rather than content.
    """

    start: int
    end: int
    word: str
    stem: str
    is_stop: bool


def tokenize(text: str, language: str = "english") -> list[Token]:
    """The words of a text in order; compounds such as ``well-known`` and ``and/or`` give one token per part."""
    stops = STOP_WORDS.get(language, _ALL_STOP_WORDS)
    tokens: list[Token] = []
    for match in _WORD.finditer(text):
        raw = match[0]
        if raw.casefold() == "cannot":
            tokens.append(Token(match.start(), match.start() + 3, "can", "can", True))
            tokens.append(Token(match.start() + 3, match.end(), "not", "not", True))
        elif raw.isalnum() and not (len(raw) == 1 and _UNSPACED.match(raw)):
            tokens.append(_token(match.start(), match.end(), raw, language, stops))
        elif len(raw) == 1:
            _add_unspaced(tokens, match.start(), raw)
        else:
            tokens.extend(_parts(match.start(), raw, language, stops))
    return tokens


def _parts(start: int, raw: str, language: str, stops: frozenset[str]) -> list[Token]:
    """A run with signs in it: a number or an abbreviation stays whole, other things fall into their words."""
    elided = _ELISION.match(raw)
    if elided:
        start, raw = start + elided.end(), raw[elided.end() :]
    lower = raw.casefold().replace("’", "'")
    if lower.endswith("n't"):
        stem = {"can't": "can", "won't": "will", "shan't": "shall"}.get(lower, lower[:-3])
        return [
            Token(start, start + len(raw) - 3, stem, stem, True),
            Token(start, start + len(raw), "not", "not", True),
        ]
    if raw[0].isdigit() and not any(c.isalpha() for c in raw):
        return [_token(start, start + len(raw), raw, language, stops)]
    if re.fullmatch(r"(?:[^\W\d_]\.)+[^\W\d_]", raw):  # U.S.A
        return [_token(start, start + len(raw), raw.replace(".", ""), language, stops)]
    raw = _POSSESSIVE.sub("", raw)
    return [_token(start + m.start(), start + m.end(), m[0], language, stops) for m in _INNER.finditer(raw)]


def _token(start: int, end: int, raw: str, language: str, stops: frozenset[str]) -> Token:
    word = raw.casefold()
    return Token(start, end, word, stem(word, language), word in stops)


def _add_unspaced(tokens: list[Token], start: int, letter: str) -> None:
    """Pair the letter with the one before it; a run of one letter stays alone."""
    before = tokens[-1] if tokens else None
    if before is not None and before.end == start and _UNSPACED.match(before.word[-1]):
        pair = before.word[-1] + letter
        if len(before.word) == 1:
            tokens.pop()
        tokens.append(Token(start - 1, start + 1, pair, pair, False))
    else:
        tokens.append(Token(start, start + 1, letter, letter, False))


@cache
def _stemmer(language: str) -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer(language)


@lru_cache(maxsize=100_000)
def stem(word: str, language: str = "english") -> str:
    """The stem of a case-folded word, accents dropped; words with digits stay as they are.

    >>> stem("vacations"), stem("employees"), stem("a113")
    ('vacat', 'employe', 'a113')
    """
    if not word.isalpha():
        return word
    stemmed = str(_stemmer(language).stemWord(word))
    if stemmed.isascii():
        return stemmed
    bare = unicodedata.normalize("NFKD", stemmed)
    return "".join(c for c in bare if not unicodedata.combining(c)) or stemmed


def language_of(text: str) -> str:
    """The language whose stop words a text has most of, by its name among the Snowball stemmers."""
    words = [word.casefold() for word in _INNER.findall(text[:2000])]
    counts = {language: sum(word in stops for word in words) for language, stops in STOP_WORDS.items()}
    best = max(counts, key=lambda language: counts[language])
    # A few foreign words, such as the "a" that many languages have, are no reason to leave English.
    return best if counts[best] > counts["english"] + 1 else "english"


def is_unspaced(text: str) -> bool:
    """Whether most letters of a text belong to scripts written without spaces between words."""
    letters = sum(c.isalpha() for c in text)
    return letters > 0 and 2 * len(_UNSPACED.findall(text)) > letters


def scripts_of(text: str) -> frozenset[str]:
    """The scripts of a text's letters, by the first word of their Unicode names (LATIN, CYRILLIC, CJK, …)."""
    return frozenset(_script(c) for c in set(text[:5000]) if c.isalpha())


@lru_cache(maxsize=20_000)
def _script(letter: str) -> str:
    return unicodedata.name(letter, "UNKNOWN").split()[0].split("-")[0]
