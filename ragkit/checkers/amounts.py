"""Numbers with what they count, and dates: found in text and compared by value."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ragkit.words import STOP_WORDS, stem

UNITS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
        " seventeen eighteen nineteen".split()
    )
}
TENS = {
    word: 10 * (number + 2)
    for number, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split())
}
SCALES = {
    "hundred": 1e2,
    "thousand": 1e3,
    "k": 1e3,
    "million": 1e6,
    "m": 1e6,
    "billion": 1e9,
    "bn": 1e9,
    "trillion": 1e12,
}
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
            "september sep sept", "october oct", "november nov", "december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
DURATIONS = {
    "second": ("minute", 1 / 60), "minute": ("minute", 1.0), "hour": ("minute", 60.0), "day": ("day", 1.0),
    "week": ("day", 7.0), "fortnight": ("day", 14.0), "month": ("month", 1.0), "quarter": ("month", 3.0),
    "year": ("month", 12.0), "decade": ("month", 120.0),
}  # fmt: skip
LENGTHS = {
    "mm": ("metre", 1e-3), "cm": ("metre", 1e-2), "m": ("metre", 1.0), "metre": ("metre", 1.0), "meter": ("metre", 1.0),
    "km": ("metre", 1e3), "kilometre": ("metre", 1e3), "kilometer": ("metre", 1e3), "mg": ("gram", 1e-3),
    "g": ("gram", 1.0), "gram": ("gram", 1.0), "kg": ("gram", 1e3), "kilogram": ("gram", 1e3), "tonne": ("gram", 1e6),
}  # fmt: skip
CURRENCIES = {
    "$": "dollar", "€": "euro", "£": "pound", "¥": "yen", "usd": "dollar", "eur": "euro", "gbp": "pound",
    "dollar": "dollar", "euro": "euro", "pound": "pound", "yen": "yen",
}  # fmt: skip

_WORD = "|".join([*UNITS, *TENS])
NUMBER = re.compile(
    rf"(?:(?P<currency>[$€£¥])\s?)?(?<![\w.])(?P<digits>\d{{1,3}}(?:[,'\u202f\u00a0]\d{{3}})+(?:\.\d+)?|\d+(?:[.,]\d+)?)"
    rf"(?P<ordinal>st|nd|rd|th)?(?![\d])"
    rf"|\b(?P<words>(?:{_WORD})(?:[- ](?:{_WORD}|and))*|a (?=hundred|thousand|million|dozen)|half a dozen|dozen)\b",
    re.IGNORECASE,
)
AFTER = re.compile(r"[\s\u00a0\u202f-]*(?P<word>%|°\s?[CF]?|[^\W\d_]+)")
ABOUT = re.compile(
    r"\b(?:about|around|roughly|approximately|nearly|almost|some|circa|ca\.?|over|more than|~)\s*$", re.IGNORECASE
)
RANGE = re.compile(r"\s*(?:-|–|to|and|bis)\s*$", re.IGNORECASE)
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
DATE = re.compile(
    rf"\b(?P<iso>\d{{4}}-\d{{2}}-\d{{2}})\b"
    rf"|\b(?P<day1>\d{{1,2}})(?:st|nd|rd|th|\.)?(?: of)? (?P<month1>{_MONTH})\b\.?(?:,? (?P<year1>\d{{4}}))?"
    rf"|\b(?P<month2>{_MONTH})\.? (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d)(?:,? (?P<year2>\d{{4}}))?"
    rf"|\b(?P<month3>{_MONTH})\.? (?P<year3>\d{{4}})\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a text.

    Attributes:
        start: First character.
        end: One past the last, the unit included.
        value: In the base unit (minutes, days, months, metres, grams) where the unit is known.
        unit: Stem of what is counted, a base unit, a currency, ``%``, or ``""``.
        is_rough: Said to be about this much.
        low: The lower end of a range that ends with ``value``, or ``value`` itself.
    """

    start: int
    end: int
    value: float
    unit: str
    is_rough: bool
    low: float

    def agrees(self, other: Quantity) -> bool:
        """Whether ``other`` says the same amount of the same thing, or a range around it."""
        if self.unit != other.unit and self.unit and other.unit and {self.unit, other.unit} & SPECIAL:
            return False
        tolerance = 0.05 if self.is_rough or other.is_rough else 1e-6
        low, high = min(other.low, other.value), max(other.low, other.value)
        slack = tolerance * max(abs(self.value), abs(other.value))
        return low - slack <= self.value <= high + slack and low - slack <= self.low <= high + slack


SPECIAL = {"%", "dollar", "euro", "pound", "yen", "minute", "day", "month", "metre", "gram"}


@dataclass(frozen=True, slots=True)
class Date:
    """A date in a text; what is not said is None."""

    start: int
    end: int
    year: int | None
    month: int
    day: int | None

    def agrees(self, other: Date) -> bool:
        """Whether nothing that both say differs."""
        return self.month == other.month and all(
            mine is None or theirs is None or mine == theirs
            for mine, theirs in ((self.year, other.year), (self.day, other.day))
        )


@lru_cache(maxsize=8192)
def dates(text: str) -> tuple[Date, ...]:
    """The dates of a text, in order.

    >>> [(d.year, d.month, d.day) for d in dates("due 3 March 2024, or 2024-04-01")]
    [(2024, 3, 3), (2024, 4, 1)]
    """
    found = []
    for match in DATE.finditer(text):
        parts = match.groupdict()
        if parts["iso"]:
            year, month, day = (int(part) for part in parts["iso"].split("-"))
            found.append(Date(match.start(), match.end(), year, month, day))
            continue
        named = parts["month1"] or parts["month2"] or parts["month3"]
        years = parts["year1"] or parts["year2"] or parts["year3"]
        days = parts["day1"] or parts["day2"]
        if named.lower() == "may" and named[0] == "m":
            continue
        found.append(
            Date(
                match.start(),
                match.end(),
                int(years) if years else None,
                MONTHS[named.lower()],
                int(days) if days else None,
            )
        )
    return tuple(found)


@lru_cache(maxsize=8192)
def quantities(text: str) -> tuple[Quantity, ...]:
    """The numbers of a text that are not part of a date, in order.

    >>> [(q.value, q.unit) for q in quantities("two weeks, 1.2 thousand euros and 35 %")]
    [(14.0, 'day'), (1200.0, 'euro'), (35.0, '%')]
    """
    taken = [(date.start, date.end) for date in dates(text)]
    found: list[Quantity] = []
    for match in NUMBER.finditer(text):
        if any(start <= match.start() < end for start, end in taken):
            continue
        value = _digits(match["digits"]) if match["digits"] else _words(match["words"])
        if value is None:
            continue
        end = match.end()
        unit = CURRENCIES.get(match["currency"] or "", "")
        after = AFTER.match(text, end)
        while after and after["word"].lower() in SCALES and not (after["word"] == "m" and not unit):
            value *= SCALES[after["word"].lower()]
            end = after.end()
            after = AFTER.match(text, end)
        if after and not unit:
            unit, end, value = _unit(after, end, value)
        rough = bool(ABOUT.search(text[: match.start()]))
        low = value
        if found and RANGE.fullmatch(text[found[-1].end : match.start()]) and found[-1].unit in ("", unit):
            factor = value / (_digits(match["digits"]) or value) if match["digits"] else 1.0
            low = found[-1].value * (factor if not found[-1].unit else 1.0)
            joined = text[found[-1].end : match.start()].strip().lower()
            before = text[: found[-1].start].rstrip().lower()
            if joined != "and" or before.endswith("between"):
                start = found.pop().start
                found.append(Quantity(start, end, value, unit, rough, min(low, value)))
                continue
            low = value
        found.append(Quantity(match.start(), end, value, unit, rough, low))
    return tuple(found)


def _unit(after: re.Match[str], end: int, value: float) -> tuple[str, int, float]:
    word = after["word"].lower()
    if word in STOP_WORDS:
        return "", end, value
    if word in ("%", "percent") or (word == "per" and after.string[after.end() :].startswith(" cent")):
        return "%", after.end(), value
    name = stem(word) if word not in LENGTHS else word
    singular = word.removesuffix("s")
    for table in (DURATIONS, LENGTHS):
        if singular in table:
            base, factor = table[singular]
            return base, after.end(), value * factor
    if singular in CURRENCIES:
        return CURRENCIES[singular], after.end(), value
    return name, end, value


def _digits(text: str) -> float:
    if re.fullmatch(r"\d+,\d{1,2}", text):
        return float(text.replace(",", "."))
    return float(re.sub(r"[,'\u202f\u00a0]", "", text))


def _words(text: str) -> float | None:
    text = text.lower().strip()
    if "dozen" in text:
        return 6.0 if text.startswith("half") else 12.0
    if text == "a":
        return 1.0
    total = 0.0
    for word in re.split(r"[- ]", text):
        total += UNITS.get(word, TENS.get(word, 0))
    # "One" is far more often a pronoun than a count.
    return None if text == "one" else total
