"""Text → names: people, places, organisations, acronyms and identifiers that a claim must have from somewhere.

A name is a run of capitalised words; a word that is only capitalised because a sentence begins with it does
not count unless something shows that it is one. Whether a source knows a name is decided word by word, so
that "Smith" is known from "Anna Smith", and "WHO" from "World Health Organization".
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from ragkit.checkers.tokens import STOP_WORDS

_IDENTIFIER = re.compile(
    r"https?://[^\s<>()\"']+[^\s<>()\"'.,;:!?]"
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|\b(?:[A-Za-z]{1,6}[-_/]?\d[\w./-]*\w|[A-Za-z]{1,6}[-_/]?\d|\d+[A-Za-z]+\d[\w-]*)(?![\w])"
    r"|\bv?\d+(?:\.\d+){2,}\b"
    r"|(?<![\w.])\+?\(?\d{2,4}\)?[ -]\d{3,4}[ -]\d{3,}\b"
)
_WORD = re.compile(r"[^\W\d_]+(?:[-'’&.][^\W\d_]+)*\.?(?=\W|$)|[^\W\d_]+")
_JOINERS = frozenset("of the de la le du von van der den di da del and & for y al bin ibn zu".split())
_SENTENCE_START = re.compile(r"(?:^|[.!?:;…]|\n|[\"“„«(]|[-*•–—>])\s*\Z")
_TITLES = frozenset(
    "mr mrs ms dr prof sir lady lord president minister director ceo cto cfo chief chairman chair judge officer".split()
)
# Capitalised in ordinary text without being anyone's name.
_COMMON = frozenset(
    """
    i i'm i'd i've i'll monday tuesday wednesday thursday friday saturday sunday january february march april may june
    july august september october november december ok yes no am pm ad bc etc faq id tv pdf url it's
    section chapter table figure page appendix part step note example question answer passage source sources document
    english customers customer reviewers reviewer additionally overall however passages sources documents steps tip ingredients
    instructions method summary conclusion title rating hours address location category categories review reviews
    """.split()
)
_ALIASES = (
    ("us", "usa", "united states", "united states of america", "america", "american", "americans", "u.s", "u.s.a"),
    ("uk", "united kingdom", "britain", "great britain", "british", "u.k"),
    ("eu", "european union", "e.u"),
    ("un", "united nations", "u.n"),
    ("nyc", "new york city", "new york", "ny"),
    ("la", "los angeles"),
    ("dc", "washington", "d.c"),
    ("netherlands", "holland", "dutch"),
    ("tv", "television"),
    ("ai", "artificial intelligence"),
    ("who", "world health organization", "world health organisation"),
    ("covid", "covid-19", "coronavirus", "sars-cov-2"),
    ("wifi", "wi-fi", "wireless"),
    *tuple(
        tuple(pair.split("="))
        for pair in "al=alabama|ak=alaska|az=arizona|ar=arkansas|ca=california|co=colorado|ct=connecticut|de=delaware|fl=florida|"
        "ga=georgia|hi=hawaii|id=idaho|il=illinois|in=indiana|ia=iowa|ks=kansas|ky=kentucky|me=maine|md=maryland|"
        "ma=massachusetts|mi=michigan|mn=minnesota|ms=mississippi|mo=missouri|mt=montana|ne=nebraska|nv=nevada|"
        "nh=new hampshire|nj=new jersey|nm=new mexico|nc=north carolina|nd=north dakota|oh=ohio|ok=oklahoma|or=oregon|"
        "pa=pennsylvania|ri=rhode island|sc=south carolina|sd=south dakota|tn=tennessee|tx=texas|ut=utah|vt=vermont|"
        "va=virginia|wa=washington|wv=west virginia|wi=wisconsin|wy=wyoming|"
        "germany=german|france=french|spain=spanish|italy=italian|china=chinese|japan=japanese|russia=russian|"
        "mexico=mexican|canada=canadian|india=indian|greece=greek|switzerland=swiss|sweden=swedish|poland=polish|"
        "ireland=irish|scotland=scottish|wales=welsh|england=english|egypt=egyptian|turkey=turkish|israel=israeli|"
        "iran=iranian|iraq=iraqi|syria=syrian|thailand=thai|vietnam=vietnamese|korea=korean|brazil=brazilian|"
        "dr=doctor|prof=professor|st=saint|st=street|ave=avenue|rd=road|blvd=boulevard|ste=suite|dept=department|"
        "mt=mount|ft=fort|mike=michael|bob=robert|bill=william|tom=thomas|jim=james|dan=daniel|dave=david|chris=christopher|"
        "joe=joseph|matt=matthew|nick=nicholas|tony=anthony|kate=katherine|liz=elizabeth|steve=steven|steve=stephen".split(
            "|"
        )
    ),
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a text.

    ``words`` are its case-folded words without joiners; ``is_sure`` is False where only the beginning of a
    sentence may have given it its capital. ``is_identifier`` marks codes, addresses and versions.
    """

    start: int
    end: int
    text: str
    words: tuple[str, ...]
    is_sure: bool
    is_identifier: bool = False


def names(text: str, taken: list[tuple[int, int]] | None = None) -> list[Name]:
    """The names and identifiers of a text, in order.

    Args:
        text: Any text.
        taken: Spans that are something else, such as dates.
    """
    found: list[Name] = []
    occupied = list(taken or ())
    for sure in _IDENTIFIER.finditer(text):
        if not _overlaps(occupied, sure.start(), sure.end()):
            found.append(Name(sure.start(), sure.end(), sure[0], (fold(sure[0]),), is_sure=True, is_identifier=True))
            occupied.append((sure.start(), sure.end()))
    run: list[re.Match[str]] = []
    words: list[re.Match[str] | None] = [*_WORD.finditer(text), None]
    for match in words:
        if match is not None and not _overlaps(occupied, match.start(), match.end()):
            gap = text[run[-1].end() : match.start()] if run else ""
            if match[0][0].isupper() and (not run or gap in {" ", "  ", "\n", "-", " & "}):
                run.append(match)
                continue
            if (
                run
                and match[0] in _JOINERS
                and gap == " "
                and re.match(r" [A-ZÀ-Þ]", text[match.end() : match.end() + 2])
            ):
                run.append(match)
                continue
        if run:
            found.extend(_named(text, run))
            run = []
            if match is not None and match[0][0].isupper() and not _overlaps(occupied, match.start(), match.end()):
                run = [match]
    return sorted(found, key=lambda name: name.start)


def _overlaps(occupied: list[tuple[int, int]], start: int, end: int) -> bool:
    return any(start < b and a < end for a, b in occupied)


def _named(text: str, run: list[re.Match[str]]) -> list[Name]:
    """The name that a run of capitalised words is, if it is one."""
    at_start = _SENTENCE_START.search(text[: run[0].start()]) is not None
    while run and (
        run[0][0].casefold() in STOP_WORDS["english"] | STOP_WORDS["german"] | _COMMON or run[0][0] in _JOINERS
    ):
        if (
            run[0][0].isupper()
            and len(run[0][0]) > 1
            and run[0][0].casefold() not in {"i", "a", "ok", "no"}
            and len(run) == 1
        ):
            break  # "IT", "US", "WHO"
        run, at_start = run[1:], False
    while run and run[-1][0] in _JOINERS:
        run = run[:-1]
    if not run:
        return []
    if len(run) == 1 and run[0][0].casefold().strip(".") in _COMMON:
        return []
    words = tuple(fold(match[0]) for match in run if match[0] not in _JOINERS)
    start, end = run[0].start(), run[-1].end()
    if text[end - 1] == "." and not re.fullmatch(r"(?:\w\.)+", run[-1][0]):
        end -= 1
    first = run[0][0]
    is_sure = not at_start or (first.isupper() and len(first) > 1) or any(c.isupper() for c in first[1:])
    if at_start and not is_sure and len(run) > 1:
        # "Berlin Wall": the second capital shows that it is a name, though its first word may be an ordinary one.
        is_sure = True
    return [Name(start, end, text[start:end], words, is_sure)]


@lru_cache(maxsize=1)
def _alias_table() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for group in _ALIASES:
        single = [name for name in group if name.isalpha()]
        for name in single:
            table.setdefault(name, set()).update(other for other in single if other != name)
    return {name: frozenset(others) for name, others in table.items()}


def aliases_of(word: str) -> frozenset[str]:
    """Other single words for a place, title or first name: ``ca`` for ``california``.

    >>> sorted(aliases_of("uk"))
    ['britain', 'british']
    """
    return _alias_table().get(word, frozenset())


@lru_cache(maxsize=50_000)
def fold(word: str) -> str:
    """A word of a name as it is compared: no case, accents, possessive or dots.

    >>> fold("Müller's"), fold("U.S.")
    ('muller', 'us')
    """
    low = re.sub(r"['’]s?$", "", word.casefold()).replace("’", "'").rstrip(".")
    if "@" not in low and "/" not in low and not any(c.isdigit() for c in low):
        low = low.replace(".", "")
    bare = unicodedata.normalize("NFKD", low.replace("ß", "ss"))
    return "".join(c for c in bare if not unicodedata.combining(c)) or low


class KnownNames:
    """What words and acronyms a body of text knows, for asking whether a name occurs in it."""

    def __init__(self, text: str) -> None:
        raw = re.findall(r"[^\W_]+(?:[.'’&-][^\W_]+)*", text)
        self._words = {fold(word) for word in raw}
        for word in raw:
            if not word.isalnum():
                self._words.update(fold(part) for part in re.split(r"[.'’&-]", word) if part)
        self._joined = " " + " ".join(fold(word) for word in raw) + " "
        self._squeezed = {word.replace("-", "") for word in self._words}
        capitals = re.findall(
            r"\b[A-ZÀ-Þ][^\W_]*(?:(?:\s+(?:of|the|and|for|on|in|de|des|für|der)\b)?[\s-]+[A-ZÀ-Þ][^\W_]*)+", text
        )
        self._initials: set[str] = set()
        for phrase in capitals:
            initials = "".join(word[0].casefold() for word in re.split(r"[\s-]+", phrase) if word[0].isupper())
            self._initials.update(
                initials[i:j] for i in range(len(initials)) for j in range(i + 2, min(len(initials), i + 6) + 1)
            )
            with_small = "".join(word[0].casefold() for word in re.split(r"[\s-]+", phrase))
            self._initials.add(with_small)
        self._text = text

    def unknown(self, name: Name) -> list[str]:
        """The words of a name that the text does not know, folded."""
        if name.is_identifier:
            plain = re.sub(r"[\s()+.-]", "", name.words[0])
            squeezed = re.sub(r"[\s()+.-]", "", self._text.casefold())
            return [] if plain in squeezed else [name.words[0]]
        return [word for word in name.words if not self.knows(word, name)]

    def knows(self, word: str, name: Name | None = None) -> bool:
        """Whether one folded word of a name occurs, as such, as an alias, or as an acronym of what occurs."""
        if word in self._words or word.replace("-", "") in self._squeezed or word in _TITLES:
            return True
        if word in STOP_WORDS["english"] or (len(word) == 1 and any(other.startswith(word) for other in self._words)):
            return True
        if (word.endswith("s") and word[:-1] in self._words) or word + "s" in self._words:
            return True
        if 2 <= len(word) <= 6 and word in self._initials and name is not None and name.text.isupper():
            return True
        if "-" in word and all(part in self._words for part in word.split("-") if part):
            return True
        whole = " ".join(name.words) if name is not None else word
        return any(
            f" {other} " in self._joined
            for group in _ALIASES
            if word in group or whole in group or any(word in other.split() and other in whole for other in group)
            for other in group
        ) or self._is_spelled_out(word, name)

    def _is_spelled_out(self, word: str, name: Name | None) -> bool:
        """Whether the name that ``word`` belongs to is the long form of an acronym that occurs."""
        if name is None or len(name.words) < 2 or word not in name.words:
            return False
        initials = "".join(part[0] for part in name.words)
        return initials in self._words and re.search(rf"\b{re.escape(initials.upper())}\b", self._text) is not None
