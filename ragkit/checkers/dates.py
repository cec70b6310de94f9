"""Text → dates, weekdays and times of day, whatever way they are written.

A date knows what was said of it: "3 March 2024" has a day, a month and a year, "in 2019" only a year. Two
dates agree if the source says all that the claim says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_MONTH_NAMES = (
    "january jan januar janvier enero jänner", "february feb februar février febrero", "march mar märz mars marzo",
    "april apr avril abril", "may mai mayo", "june jun juni juin junio", "july jul juli juillet julio",
    "august aug août agosto", "september sep sept septembre septiembre", "october oct oktober okt octobre octubre",
    "november nov novembre noviembre", "december dec dezember dez décembre diciembre",
)  # fmt: skip
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()}
_DAY_NAMES = (
    "monday mon mondays montag montags lundi lunes", "tuesday tue tues tuesdays dienstag dienstags mardi martes",
    "wednesday wed weds wednesdays mittwoch mittwochs mercredi miércoles",
    "thursday thu thur thurs thursdays donnerstag donnerstags jeudi jueves",
    "friday fri fridays freitag freitags vendredi viernes", "saturday saturdays samstag samstags samedi sábado",
    "sunday sundays sonntag sonntags dimanche domingo",
)  # fmt: skip
_DAYS = {name: number for number, names in enumerate(_DAY_NAMES) for name in names.split()}
# Short names are read only with a capital: "mon", "sat", "may" and "mar" are words elsewhere.
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\b\.?"
_YEAR = r"(?P<year>1\d{3}|20\d{2}|2100)"
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])"

_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<![\d/.-]){_YEAR}[-/.](?P<m>0?[1-9]|1[0-2])[-/.]{_DAY}(?![\d-])(?:[T ]\d{{2}}:\d{{2}}(?::\d{{2}})?)?",
        rf"\b{_DAY}(?:st|nd|rd|th|er|\.)?\s+(?:of\s+|de\s+)?{_MONTH},?\s+(?:de\s+|del\s+)?{_YEAR}(?!\d)",
        rf"\b{_MONTH}\s+{_DAY}(?:st|nd|rd|th)?,?\s+{_YEAR}(?!\d)",
        rf"\b{_MONTH},?\s+(?:of\s+|de\s+)?{_YEAR}(?!\d)",
        rf"\b{_DAY}(?:st|nd|rd|th|er|\.)?\s+(?:of\s+|de\s+)?{_MONTH}(?!\w)",
        rf"\b{_MONTH}\s+(?:the\s+)?{_DAY}(?:st|nd|rd|th)?\b(?![:,.]?\d|\s?(?:%|percent|people|am\b|pm\b))",
        rf"(?<![\d/.-])(?P<a>0?[1-9]|[12]\d|3[01])(?P<sep>[./-])(?P<b>0?[1-9]|[12]\d|3[01])(?P=sep){_YEAR}(?!\d)",
        rf"{_YEAR}年(?:(?P<m>0?[1-9]|1[0-2])月(?:{_DAY}日)?)?",
        rf"(?P<m>0?[1-9]|1[0-2])月{_DAY}日",
        r"(?<![\w.,$€£#/-])(?P<year>1[5-9]\d{2}|20\d{2}|2100)s\b",
        r"(?<![\w.,$€£#:-])(?P<year>1[1-9]\d{2}|20\d{2}|2100)(?![\w%]|[.,:]\d|\s?(?:%|€|percent\b|people\b|employees\b|users\b|"
        r"euros?\b|dollars?\b|km\b|kg\b|m\b|miles\b|units\b|hours\b|days\b|kcal\b|calories\b|mg\b|feet\b|pounds\b|degrees\b))",
        r"\b(?P<name>January|February|March|April|June|July|August|September|October|November|December|"
        r"Januar|Februar|März|Juni|Juli|Oktober|Dezember)\b",
        r"\b(?P<name>May)\b(?=\s+(?:and|or|through|to)\s+[A-Z])|(?<=\bin )(?P<also>May)\b|(?<=\bsince )(?P<third>May)\b",
    )
)
_WEEKDAY = re.compile(
    rf"\b(?:{'|'.join(sorted((d for d in _DAYS if len(d) > 5), key=len, reverse=True))}|Monday|Friday|Sunday|Lundi|Mardi|Jeudi"
    r"|Mon|Tue|Tues|Wed|Weds|Thu|Thurs|Fri|Sunday|Montag|lundi|mardi|jeudi|lunes|martes|jueves)\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"(?<![\d:.,/-])(?P<h>[01]?\d|2[0-4])(?:[:.](?P<min>[0-5]?\d)(?::\d{2})?)?\s?(?P<half>a\.?m\b\.?|p\.?m\b\.?)"
    r"|(?<![\d:.,/])(?P<h24>[01]?\d|2[0-4]):(?P<min24>[0-5]?\d)(?![\d:])(?:\s?Uhr\b)?"
    r"|(?<![\d:.,/-])(?P<uhr>[01]?\d|2[0-4])(?:\.(?P<uhrmin>[0-5]\d))?\s?Uhr\b"
    r"|\b(?P<word>noon|midday|midnight|mittag|mitternacht)\b",
    re.IGNORECASE,
)
_ORDER_WORDS = (
    ("before", re.compile(r"\b(?:before|by|until|till|no later than|not later than|prior to|vor|bis|avant|antes de)(?:\s+(?:the|dem|le|el))?\s*\Z", re.IGNORECASE)),
    ("after", re.compile(r"\b(?:after|since|from|starting|as of|nach|seit|ab|après|depuis|desde)(?:\s+(?:the|dem|le|el))?\s*\Z", re.IGNORECASE)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Date:
    """A date or a part of one; what is not said is None.

    ``order`` is ``before`` or ``after`` where a word such as "until" or "since" stands before it. ``swapped``
    is the other reading of 03/04/2024, as (month, day).
    """

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    is_decade: bool = False
    order: str = ""
    swapped: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Weekday:
    """A day of the week, 0 for Monday."""

    start: int
    end: int
    day: int


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day, in minutes after midnight; ``half`` says whether "am" or "pm" was written."""

    start: int
    end: int
    minutes: int
    is_exact: bool


def dates(text: str) -> list[Date]:
    """The dates of a text, in order."""
    found: list[Date] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if any(match.start() < other.end and other.start < match.end() for other in found):
                continue
            date = _date(text, match)
            if date is not None:
                found.append(date)
    return sorted(found, key=lambda date: date.start)


def _date(text: str, match: re.Match[str]) -> Date | None:
    group = match.groupdict()
    year = int(group["year"]) if group.get("year") else None
    day = int(group["day"]) if group.get("day") else None
    month = int(group["m"]) if group.get("m") else None
    swapped = None
    name = next((group[key] for key in ("month", "name", "also", "third") if group.get(key)), None)
    if name is not None:
        if name in {"may", "mar"}:
            return None  # "you may 3 times"
        month = _MONTHS[name.casefold()]
    if group.get("a"):
        a, b = int(group["a"]), int(group["b"])
        # Day first, as most of the world writes, unless only the other order is a date.
        day, month = (a, b) if b <= 12 else (b, a)
        if month > 12:
            return None
        swapped = (day, month) if day <= 12 else None
    before = text[max(0, match.start() - 20) : match.start()]
    order = next((name for name, pattern in _ORDER_WORDS if pattern.search(before)), "")
    return Date(
        match.start(),
        match.end(),
        year,
        month,
        day,
        match[0].endswith("s") and day is None and month is None,
        order,
        swapped,
    )


def weekdays(text: str) -> list[Weekday]:
    """The days of the week that a text names; short names only with a capital."""
    return [
        Weekday(match.start(), match.end(), _DAYS[match[0].casefold()])
        for match in _WEEKDAY.finditer(text)
        if len(match[0]) > 5 or match[0][0].isupper() or match[0] in {"lundi", "mardi", "jeudi", "lunes"}
    ]


def clocks(text: str) -> list[Clock]:
    """The times of day of a text, in order."""
    found = []
    for match in _TIME.finditer(text):
        if match["word"]:
            minutes = 0 if match["word"].casefold() in {"midnight", "mitternacht"} else 720
            found.append(Clock(match.start(), match.end(), minutes, is_exact=True))
            continue
        hour = int(match["h"] or match["h24"] or match["uhr"])
        minute = int(match["min"] or match["min24"] or match["uhrmin"] or 0)
        half = (match["half"] or "").casefold()[:1]
        if half:
            if not 1 <= hour <= 12:
                half = ""
            else:
                hour = hour % 12 + (12 if half == "p" else 0)
        found.append(
            Clock(
                match.start(),
                match.end(),
                (60 * hour + minute) % 1440,
                is_exact=bool(half) or hour > 12 or not match["h24"],
            )
        )
    return found


def dates_agree(claimed: Date, given: Date) -> bool:
    """Whether the source's date says all that the claimed one says, and nothing else."""
    if claimed.is_decade:
        return given.year is not None and claimed.year is not None and claimed.year <= given.year <= claimed.year + 9
    for mine, theirs in ((claimed.year, given.year), (claimed.month, given.month), (claimed.day, given.day)):
        if mine is not None and mine != theirs:
            return _swapped_agree(claimed, given)
    return not (claimed.order and given.order and claimed.order != given.order)


def _swapped_agree(claimed: Date, given: Date) -> bool:
    if claimed.year is not None and claimed.year != given.year:
        return False
    mine, theirs = (claimed.month, claimed.day), (given.month, given.day)
    return (claimed.swapped is not None and claimed.swapped == theirs) or (
        given.swapped is not None and given.swapped == mine
    )


def dates_conflict(claimed: Date, given: Date) -> bool:
    """Whether both dates say the same kind of thing differently: another year, another day of a month."""
    if dates_agree(claimed, given) or given.is_decade:
        return False
    shared = [
        (mine, theirs)
        for mine, theirs in ((claimed.year, given.year), (claimed.month, given.month), (claimed.day, given.day))
        if mine is not None and theirs is not None
    ]
    return any(mine != theirs for mine, theirs in shared) or bool(
        shared and claimed.order and given.order and claimed.order != given.order
    )


def clocks_agree(claimed: Clock, given: Clock) -> bool:
    """Whether two times are the same; "8:00" without am or pm may be either."""
    if claimed.minutes == given.minutes:
        return True
    return not (claimed.is_exact and given.is_exact) and claimed.minutes % 720 == given.minutes % 720
