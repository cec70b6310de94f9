"""Text → quantities: numbers with what they count, so that "35 %" is never taken for "$35M".

A quantity has a *dimension* (bare number, percent, money, time, length, …) and its value in that
dimension's base unit, so that 1,200, "1.2 thousand" and "twelve hundred" are equal, as are "two weeks" and
"14 days". A range, and a bound such as "at least", widen the value to an interval.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace

BARE = "number"
PERCENT = "percent"
ORDINAL = "ordinal"

_ONES = {
    word: value
    for value, words in enumerate(
        (
            "zero null cero", "one eins ein eine einen einem einer une uno", "two zwei zwo deux dos", "three drei trois tres",
            "four vier quatre cuatro", "five fünf cinq cinco", "six sechs seis", "seven sieben sept siete",
            "eight acht huit ocho", "nine neun neuf nueve", "ten zehn dix diez", "eleven elf onze once",
            "twelve zwölf douze doce", "thirteen dreizehn treize trece", "fourteen vierzehn quatorze catorce",
            "fifteen fünfzehn quinze quince", "sixteen sechzehn seize", "seventeen siebzehn", "eighteen achtzehn",
            "nineteen neunzehn",
        )
    )
    for word in words.split()
}  # fmt: skip
# Words that are also something else: English "once", French "sept" is September's abbreviation in English, …
for _ambiguous in (
    "once",
    "null",
    "sept",
    "dos",
    "ein",
    "eine",
    "einen",
    "einem",
    "einer",
    "une",
    "uno",
    "seize",
    "dix",
):
    del _ONES[_ambiguous]
_TENS = {
    word: 10 * (tens + 2)
    for tens, words in enumerate(
        (
            "twenty zwanzig vingt veinte", "thirty dreißig trente treinta", "forty fourty vierzig quarante cuarenta",
            "fifty fünfzig cinquante cincuenta", "sixty sechzig soixante sesenta", "seventy siebzig setenta",
            "eighty achtzig ochenta", "ninety neunzig noventa",
        )
    )
    for word in words.split()
}  # fmt: skip
_SCALES = {
    "dozen": 12, "dozens": 12, "dutzend": 12,
    "hundred": 1e2, "hundreds": 1e2, "hundert": 1e2, "cent": 1e2, "cien": 1e2, "ciento": 1e2,
    "thousand": 1e3, "thousands": 1e3, "tausend": 1e3, "mille": 1e3, "mil": 1e3, "k": 1e3, "lakh": 1e5, "lakhs": 1e5,
    "million": 1e6, "millions": 1e6, "millionen": 1e6, "millones": 1e6, "millón": 1e6, "mio": 1e6, "mn": 1e6, "mm": 1e6,
    "m": 1e6, "crore": 1e7, "crores": 1e7,
    "billion": 1e9, "billions": 1e9, "milliarde": 1e9, "milliarden": 1e9, "milliard": 1e9, "milliards": 1e9, "mrd": 1e9,
    "bn": 1e9, "b": 1e9, "trillion": 1e12, "trillions": 1e12, "tn": 1e12,
}  # fmt: skip
_WORD_SCALES = {name: value for name, value in _SCALES.items() if len(name) > 2 and name not in {"cent", "mio", "mrd"}}
_ORDINALS = {
    word: value
    for value, word in enumerate(
        (
            "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
            "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
        ).split(),
        start=1,
    )
}
_FRACTIONS = {"half": 0.5, "halves": 0.5, "third": 1 / 3, "thirds": 1 / 3, "quarter": 0.25, "quarters": 0.25,
              "fifth": 0.2, "fifths": 0.2, "tenth": 0.1, "tenths": 0.1, "two-thirds": 2 / 3, "three-quarters": 0.75,
              "one-third": 1 / 3, "one-half": 0.5, "one-quarter": 0.25, "hälfte": 0.5, "moitié": 0.5, "mitad": 0.5,
              "drittel": 1 / 3, "viertel": 0.25}  # fmt: skip

_UNITS: dict[str, tuple[str, float]] = {}
for _dimension, _factor, _names in (
    (PERCENT, 1, "% percent pct prozent pourcent ％"),
    ("time", 1 / 86400, "s sec secs second seconds sekunde sekunden seconde secondes segundo segundos"),
    ("time", 0.001 / 86400, "ms millisecond milliseconds"),
    ("time", 1 / 1440, "min mins minute minutes minuten minuto minutos 分"),
    ("time", 1 / 24, "h hr hrs hour hours stunde stunden heure heures hora horas 時間 小时"),
    ("time", 1, "d day days tag tage tagen jour jours día días dia dias 日 日間 天"),
    ("time", 7, "week weeks wk wks woche wochen semaine semaines semana semanas 週間 周"),
    ("time", 14, "fortnight fortnights"),
    ("months", 1, "month months mo mos monat monate monaten mois mes meses ヶ月 か月 个月"),
    ("months", 3, "quarter quarters quartal quartale"),
    ("months", 12, "year years yr yrs jahr jahre jahren an ans année années año años 年間"),
    ("months", 120, "decade decades jahrzehnt jahrzehnte"),
    ("months", 1200, "century centuries jahrhundert jahrhunderte"),
    ("length", 1e-9, "nm nanometer nanometers nanometre nanometres"),
    ("length", 1e-6, "µm μm micrometer micrometers micron microns"),
    ("length", 0.001, "mm millimeter millimeters millimetre millimetres"),
    ("length", 0.01, "cm centimeter centimeters centimetre centimetres zentimeter"),
    ("length", 1, "m meter meters metre metres mètre mètres metro metros"),
    ("length", 1000, "km kilometer kilometers kilometre kilometres kilomètres kilómetros"),
    ("length", 1609.344, "mi mile miles meile meilen"),
    ("length", 0.3048, "ft foot feet"),
    ("length", 0.0254, "inch inches"),
    ("length", 0.9144, "yd yard yards"),
    ("area", 1, "m² m2 sqm"),
    ("area", 0.09290304, "sqft"),
    ("area", 1e6, "km² km2"),
    ("area", 1e4, "hectare hectares ha"),
    ("area", 4046.8564224, "acre acres"),
    ("mass", 1e-6, "µg μg mcg microgram micrograms"),
    ("mass", 0.001, "mg milligram milligrams"),
    ("mass", 1, "g gram grams gramm"),
    ("mass", 1000, "kg kilo kilos kilogram kilograms kilogramm"),
    ("mass", 1e6, "tonne tonnes"),
    ("mass", 907184.74, "ton tons"),
    ("mass", 453.59237, "lb lbs pound pounds"),
    ("mass", 28.349523125, "oz ounce ounces"),
    ("volume", 0.001, "ml milliliter milliliters millilitre millilitres"),
    ("volume", 1, "l liter liters litre litres"),
    ("volume", 3.785411784, "gallon gallons gal"),
    ("volume", 0.2365882365, "cup cups"),
    ("volume", 0.01478676478, "tablespoon tablespoons tbsp"),
    ("volume", 0.00492892159, "teaspoon teaspoons tsp"),
    ("power", 1, "w watt watts"),
    ("power", 1000, "kw kilowatt kilowatts"),
    ("power", 1e6, "mw megawatt megawatts"),
    ("energy", 1, "kwh"),
    ("energy", 1000, "mwh"),
    ("food energy", 1, "kcal calorie calories"),
    ("voltage", 1, "v volt volts"),
    ("current", 1, "amp amps ampere amperes"),
    ("frequency", 1, "hz hertz"),
    ("frequency", 1e3, "khz"),
    ("frequency", 1e6, "mhz"),
    ("frequency", 1e9, "ghz"),
    ("data", 1e-3, "byte bytes"),
    ("data", 1, "kb kilobyte kilobytes"),
    ("data", 1e3, "mb megabyte megabytes"),
    ("data", 1e6, "gb gigabyte gigabytes"),
    ("data", 1e9, "tb terabyte terabytes"),
    ("pressure", 1, "bar"),
    ("pressure", 1e-5, "pa pascal"),
    ("pressure", 0.0689476, "psi"),
    ("speed", 1, "km/h kmh kph"),
    ("speed", 1.609344, "mph"),
    ("speed", 3.6, "m/s"),
    ("celsius", 1, "°c ℃ celsius"),
    ("fahrenheit", 1, "°f ℉ fahrenheit"),
    ("degree", 1, "° degree degrees grad"),
    ("pixel", 1, "px pixel pixels"),
    ("USD", 1, "$ us$ usd dollar dollars"),
    ("EUR", 1, "€ eur euro euros"),
    ("GBP", 1, "£ gbp"),
    ("JPY", 1, "¥ jpy yen 円"),
    ("CNY", 1, "cny rmb yuan 元"),
    ("INR", 1, "₹ inr rs rupee rupees"),
    ("CHF", 1, "chf francs franken"),
    ("USD", 0.01, "cents ¢"),
):
    for _name in _names.split():
        _UNITS[_name] = (_dimension, _factor)
_MONEY = frozenset({"USD", "EUR", "GBP", "JPY", "CNY", "INR", "CHF"})
# Units that are ordinary words or letters: they count as units only where they follow the number at once.
_CLOSE_ONLY = frozenset(
    {"s", "d", "h", "g", "l", "m", "w", "v", "an", "mo", "mi", "mes", "min", "bar", "ha", "rs", "pa"}
)

_SIGNS_BEFORE = r"(?:US\$|A\$|C\$|[$€£¥₹]|(?:USD|EUR|GBP|CHF|JPY|INR|Rs\.?)(?=[\s\d]))"
_GROUPED = r"\d{1,3}(?:[,.’'][0-9]{3}(?![0-9]))+(?:[.,]\d+)?|\d{1,3}(?:[ \u00a0\u202f\u2009]\d{3}(?!\d))+(?:[.,]\d+)?"
_NUMBER = re.compile(
    rf"(?P<money>{_SIGNS_BEFORE})?[ \u00a0]?(?P<sign>(?<![\w\d)])[-−](?=[\d.]))?"
    rf"(?P<digits>{_GROUPED}|\d+(?:[.,]\d+)?|(?<![\d\w])\.\d+)"
    r"(?:(?P<ordinal>st|nd|rd|th)\b|(?P<tail>(?:[ \u00a0\u202f-]?(?:thousand|million|billion|trillion|hundred|dozen|lakh|crore)s?\b"
    r"|[ \u00a0]?(?:Mio|Mrd|Millionen|Milliarden?|Tausend|millions?|milliards?|millones|bn|mn|tn)\b\.?|[kKMB]\b|m(?=illion)|m\b)))?"
)
_GLUED_BEFORE = re.compile(r"[^\W\d_][-–/.]?\Z|[\d][.,:/]\Z|\d\Z|[#@_]\Z")
_PLAIN_WORDS = sorted([*_ONES, *_TENS, *_WORD_SCALES], key=len, reverse=True)
_NUMBER_WORDS = re.compile(
    rf"\b(?:(?P<half>half\s+an?\s+)|an?\s+(?=(?:{'|'.join(_WORD_SCALES)})\b))?"
    rf"(?:{'|'.join(_PLAIN_WORDS)})(?:(?:[\s-]+|\s+and\s+)(?:{'|'.join(_PLAIN_WORDS)}))*\b(?P<and_half>\s+and\s+a\s+half)?",
    re.IGNORECASE,
)
_ORDINAL_WORDS = re.compile(
    rf"\b(?:(?P<tens>{'|'.join(_TENS)})-)?(?P<word>{'|'.join(_ORDINALS)})\b(?!-)", re.IGNORECASE
)
_FRACTION_WORDS = re.compile(
    rf"\b(?:(?P<count>one|two|three|four|a|an|\d)[\s-]+)?(?P<word>{'|'.join(_FRACTIONS)})\b", re.IGNORECASE
)
_UNIT = re.compile(
    r"[ \u00a0\u202f\u2009]?(?P<close>[-–]?)[ \u00a0]?(?P<unit>%|％|(?:°|degrees?)\s?(?:[CF]\b|celsius\b|fahrenheit\b)|℃|℉|°|[€$£¥₹¢]|per\s?cent\b|percentage points?\b|pour\s?cent\b"
    r"|por\s?ciento\b|v\.\s?H\.|square (?:feet|foot|meters?|metres?|miles?|kilomet(?:er|re)s?)\b|sq\.?\s?(?:ft|m)\b"
    r"|km/h|m/s|km²|m²|日間?|週間|時間|分|か月|ヶ月|个月|年間|小时|天|周|円|元"
    r"|(?:(?:business|working|calendar|consecutive|paid|full|whole|more|additional|extra|light)[ -])?(?P<word>[^\W\d_]+)\b)"
)
_SQUARE = {"feet": 0.09290304, "foot": 0.09290304, "ft": 0.09290304, "mile": 2589988.11, "kilo": 1e6}
_RANGE = re.compile(r"\s*(?:-|–|—|−|\bto\b|\bbis\b|\bthrough\b|\buntil\b|\bà\b|\ba\b|~|〜)\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"\b(?:between|zwischen|entre)\s*\Z", re.IGNORECASE)
_AND = re.compile(r"\s*\b(?:and|und|et|y|&)\b\s*", re.IGNORECASE)
_APPROX = re.compile(
    r"(?:\b(?:about|around|approximately|approx\.?|roughly|nearly|almost|circa|ca\.?|c\.|some|close to|an estimated|estimated"
    r"|ungefähr|etwa|rund|fast|knapp|environ|presque|unos|unas|cerca de|aproximadamente)|[~≈∼])\s*\Z",
    re.IGNORECASE,
)
_BOUNDS = (
    ("min", re.compile(r"(?:\b(?:at least|a? ?minimum (?:of )?|no (?:fewer|less) than|not less than|mindestens|au moins|al menos|from)|≥|>=)\s*\Z", re.IGNORECASE)),
    ("max", re.compile(r"(?:\b(?:at most|up to|a? ?maximum (?:of )?|no (?:more|longer|later) than|not (?:more|exceed\w*) than|not exceed\w*|höchstens|maximal|bis zu|jusqu'à|hasta|within)|≤|<=)\s*\Z", re.IGNORECASE)),
    ("over", re.compile(r"(?:\b(?:more than|over|above|exceed(?:s|ed|ing)?|greater than|in excess of|longer than|older than|mehr als|über|plus de|más de)|>)\s*\Z", re.IGNORECASE)),
    ("under", re.compile(r"(?:\b(?:less than|under|below|fewer than|lower than|shorter than|younger than|weniger als|unter|moins de|menos de)|<)\s*\Z", re.IGNORECASE)),
)  # fmt: skip
_BOUND_AFTER = re.compile(
    r"\s*(?:(?P<min>\+|or more\b|or older\b|or over\b|or above\b|and (?:above|over|older)\b)|(?P<max>or (?:less|fewer|under|younger)\b))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with what it counts.

    Attributes:
        start: First character.
        end: One past the last, unit included.
        low: Smallest value it can mean, in the base unit of its dimension.
        high: Largest value.
        dimension: ``number``, ``percent``, ``ordinal``, a currency, ``time``, ``length``, ….
        raw: The number as written, before units.
        unit: The unit as written, ``""`` for a bare number.
        is_approx: Whether a word such as "about" stands before it.
        is_scaled: Whether it was rounded by its writing: "1.2 million".
        bound: ``""``, ``min``, ``max``, ``over`` or ``under``.
        other: Another reading of the same digits: "1.200" is 1200 or 1.2.
        is_weak: Whether it may not be meant as a number at all: "one".
        step: The place of the last digit that was written, in base units: how coarse the number is.
        raw_top: The upper number of a range as written.
    """

    start: int
    end: int
    low: float
    high: float
    dimension: str
    raw: float
    unit: str = ""
    is_approx: bool = False
    is_scaled: bool = False
    bound: str = ""
    other: float | None = None
    is_weak: bool = False
    step: float = 1.0
    raw_top: float | None = None

    @property
    def raw_high(self) -> float:
        """The upper number of a range as written; ``raw`` otherwise."""
        return self.raw if self.raw_top is None else self.raw_top

    @property
    def is_range(self) -> bool:
        """Whether it spans more than one value."""
        return self.low != self.high


def quantities(text: str, taken: list[tuple[int, int]] | None = None) -> list[Quantity]:
    """The quantities of a text, in order.

    Args:
        text: Any text.
        taken: Spans that are something else, such as dates; nothing is read inside them.
    """
    occupied = list(taken or ())
    found: list[Quantity] = []
    for quantity in (*_mixed(text), *_digits(text, occupied), *_fractions(text), *_words(text), *_ordinals(text)):
        if not any(quantity.start < end and start < quantity.end for start, end in occupied):
            found.append(quantity)
            occupied.append((quantity.start, quantity.end))
    found.sort(key=lambda quantity: quantity.start)
    return _joined(text, [_bounded(text, quantity) for quantity in found])


def _digits(text: str, occupied: list[tuple[int, int]]) -> list[Quantity]:
    found = []
    for match in _NUMBER.finditer(text):
        start = match.start()
        digits_start = match.start("digits")
        if any(a <= digits_start < b for a, b in occupied):
            continue
        if not match["money"]:
            start = match.start("sign") if match["sign"] else digits_start
            if _GLUED_BEFORE.search(text[max(0, start - 2) : start]):
                continue
        after = text[match.end() : match.end() + 2]
        if re.match(r"[:.]\d|/\d|[^\W\d_]\d", after):
            continue  # a time, a version, a fraction written with a slash, or an identifier
        value, other, step = _value(match["digits"])
        scale = _scale(match["tail"], money=bool(match["money"]))
        if match["ordinal"]:
            found.append(Quantity(start, match.end(), value, value, ORDINAL, value, match["ordinal"]))
            continue
        end = match.end() if scale != 1 or not match["tail"] else match.end("digits")
        sign = -1.0 if match["sign"] else 1.0
        dimension, factor, unit, end = _unit_at(text, end, (match["money"] or "").strip(), value)
        total = sign * value * scale * factor
        found.append(
            Quantity(
                start, end, total, total, dimension, sign * value * scale, unit, is_scaled=scale != 1,
                other=None if other is None else other * scale * factor, step=step * scale * factor,
            )
        )  # fmt: skip
    return found


_MIXED = re.compile(
    r"(?<![\w/.,])(?:(?P<whole>\d{1,4})(?:\s+|-))?"
    r"(?:(?P<top>\d{1,2})/(?P<bottom>\d{1,2})(?![\d/])|(?P<sign>[½⅓⅔¼¾⅛]))"
)
_SIGNS = {"½": 0.5, "⅓": 1 / 3, "⅔": 2 / 3, "¼": 0.25, "¾": 0.75, "⅛": 0.125}


def _mixed(text: str) -> list[Quantity]:
    """Numbers with a fraction: "6 1/2 months", "¾ cup"."""
    found = []
    for match in _MIXED.finditer(text):
        if match["sign"]:
            part = _SIGNS[match["sign"]]
        elif int(match["bottom"]) in {2, 3, 4, 5, 6, 8, 10, 16} and int(match["top"]) < int(match["bottom"]):
            part = int(match["top"]) / int(match["bottom"])
        else:
            continue  # a date, or 24/7
        value = int(match["whole"] or 0) + part
        dimension, factor, unit, end = _unit_at(text, match.end(), "", value)
        total = value * factor
        found.append(Quantity(match.start(), end, total, total, dimension, value, unit, step=0.1 * factor))
    return found


def _value(digits: str) -> tuple[float, float | None, float]:
    """The number that digits with separators stand for, another reading of them, and the place of the last digit."""
    text = re.sub(r"[ \u00a0\u202f\u2009’']", "", digits)
    commas, points = text.count(","), text.count(".")
    other = None
    if commas and points:
        decimal = max(text.rfind(","), text.rfind("."))
        plain = re.sub(r"[.,]", "", text[:decimal]) + "." + text[decimal + 1 :]
    elif commas + points > 1:
        plain = text.replace(",", "").replace(".", "")
    elif commas:
        whole, _, rest = text.partition(",")
        plain = whole + rest if len(rest) == 3 and whole != "0" else f"{whole}.{rest}"
    elif points and len(text.partition(".")[2]) == 3 and text[0] not in "0.":
        plain = text
        other = float(text.replace(".", ""))
    else:
        plain = text
    _, point, decimals = plain.partition(".")
    trailing = len(plain) - len(plain.rstrip("0")) if not point else 0
    return float(plain), other, 10.0 ** (-len(decimals) if point else min(trailing, len(plain) - 1))


def _scale(tail: str | None, *, money: bool) -> float:
    if not tail:
        return 1.0
    name = tail.strip(" \u00a0\u202f-.").casefold()
    if tail == "m" and not money:
        return 1.0  # metres
    return _SCALES.get(name, _SCALES.get(name.rstrip("s"), 1.0))


def _unit_at(text: str, end: int, money: str, value: float) -> tuple[str, float, str, int]:
    """Dimension, factor, unit as written and new end of a number that ends at ``end``."""
    if money:
        dimension, factor = _UNITS[money.casefold().rstrip(".").replace("a$", "$").replace("c$", "$")]
        return dimension, factor, money, end
    match = _UNIT.match(text, end)
    if match is None:
        return BARE, 1.0, "", end
    written = match["unit"]
    low = written.casefold()
    if match["word"] is None:
        low = re.sub(r"\s", "", low)
        if low.startswith(("percent", "pourcent", "porciento", "v.h")):
            return PERCENT, 1.0, "%", match.end()
        if low.startswith(("°", "degree")) and low[-1] != "°":
            return ("fahrenheit" if "f" in low else "celsius"), 1.0, written, match.end()
        if low.startswith("sq"):
            factor = next((f for key, f in _SQUARE.items() if key in low), 1.0)
            return "area", factor, written, match.end()
        dimension, factor = _UNITS[low]
        return dimension, factor, written, match.end()
    word = match["word"].casefold()
    if word not in _UNITS:
        return BARE, 1.0, "", end
    if word in _CLOSE_ONLY and (match.start("unit") > end + 1 or not match["word"].islower()):
        return BARE, 1.0, "", end
    if word == "second" and value == 1:
        return BARE, 1.0, "", end
    dimension, factor = _UNITS[word]
    return dimension, factor, written, match.end()


def _words(text: str) -> list[Quantity]:
    found = []
    for match in _NUMBER_WORDS.finditer(text):
        words = [word for word in re.split(r"[\s-]+", match[0].casefold()) if word not in {"and", "a", "an", "half"}]
        value = _spoken(words)
        if value is None:
            continue
        if match["half"]:
            value *= 0.5
        if match["and_half"]:
            value += 0.5
        is_weak = words in (["one"], ["eins"])
        vague = words[0] in {"hundreds", "thousands", "millions", "billions", "trillions", "dozens"}
        dimension, factor, unit, end = _unit_at(text, match.end(), "", value)
        total = value * factor
        scaled = any(word in _WORD_SCALES for word in words)
        found.append(
            Quantity(
                match.start(), end, total, total, dimension, value, unit, is_scaled=scaled,
                is_weak=vague or (is_weak and not unit), step=factor * (0.1 * value if scaled else 1.0),
            )
        )  # fmt: skip
    return found


def _spoken(words: list[str]) -> float | None:
    """The number that words stand for: ["twelve", "hundred"] is 1200; None for "thousand" after nothing sensible."""
    total = current = 0.0
    seen = False
    for word in words:
        if word in _ONES:
            current += _ONES[word]
        elif word in _TENS:
            current += _TENS[word]
        else:
            scale = _SCALES[word]
            current = (current or 1.0) * scale
            if scale >= 1000:
                total, current = total + current, 0.0
        seen = True
    return total + current if seen else None


def _fractions(text: str) -> list[Quantity]:
    """Shares in words ("two thirds of", "half the"), as percent."""
    found = []
    for match in _FRACTION_WORDS.finditer(text):
        word = match["word"].casefold()
        count = match["count"]
        after = text[match.end() : match.end() + 8]
        is_share = re.match(r"\s+(?:of|the|der|des|de)\b", after) is not None
        if not is_share and not (count and count.casefold() not in {"a", "an"} and word.endswith("s")):
            continue
        if word in {"third", "fifth", "tenth", "quarter"} and not count:
            continue  # "the third of March"
        number = {"one": 1, "two": 2, "three": 3, "four": 4, "a": 1, "an": 1}.get((count or "a").casefold(), 0)
        value = 100.0 * _FRACTIONS[word] * (number or int(count or 1))
        found.append(Quantity(match.start(), match.end(), value, value, PERCENT, value, "%", is_weak=not count))
    return found


def _ordinals(text: str) -> list[Quantity]:
    found = []
    for match in _ORDINAL_WORDS.finditer(text):
        value = float(_ORDINALS[match["word"].casefold()] + (_TENS[match["tens"].casefold()] if match["tens"] else 0))
        weak = match["word"].casefold() in {"first", "second"}
        found.append(Quantity(match.start(), match.end(), value, value, ORDINAL, value, "th", is_weak=weak))
    return found


def _bounded(text: str, quantity: Quantity) -> Quantity:
    before = text[max(0, quantity.start - 28) : quantity.start]
    if before.endswith("out of "):
        quantity = replace(quantity, is_weak=True)  # the scale of a rating
    approx = _APPROX.search(before)
    if approx:
        before = before[: approx.start()]
        quantity = replace(quantity, is_approx=True)
    for bound, pattern in _BOUNDS:
        if pattern.search(before):
            return replace(quantity, bound=bound)
    after = _BOUND_AFTER.match(text, quantity.end)
    if after:
        return replace(quantity, bound="min" if after["min"] else "max")
    return quantity


def _joined(text: str, found: list[Quantity]) -> list[Quantity]:
    """Two quantities with "to" or a dash between them are one range."""
    joined: list[Quantity] = []
    for quantity in found:
        last = joined[-1] if joined else None
        if last is not None and not last.is_range and _is_range(text, last, quantity):
            if last.dimension == BARE and quantity.dimension != BARE and quantity.raw:
                factor = quantity.low / quantity.raw
                last = replace(last, low=last.low * factor, high=last.high * factor, dimension=quantity.dimension)
            joined[-1] = replace(
                quantity,
                start=last.start,
                low=last.low,
                high=quantity.high,
                raw=last.raw,
                raw_top=quantity.raw,
                is_approx=last.is_approx,
                bound="",
            )
        else:
            joined.append(quantity)
    return joined


def _is_range(text: str, first: Quantity, second: Quantity) -> bool:
    between = text[first.end : second.start]
    if len(between) > 9 or first.dimension not in {BARE, second.dimension} or second.dimension == ORDINAL:
        return False
    if (first.low if first.dimension == second.dimension else first.raw) > (
        second.low if first.dimension == second.dimension else second.raw
    ):
        return False
    if _RANGE.fullmatch(between) and between.strip():
        return True
    return (
        _AND.fullmatch(between) is not None
        and _BETWEEN.search(text[max(0, first.start - 10) : first.start]) is not None
    )


def are_comparable(a: Quantity, b: Quantity) -> bool:
    """Whether two quantities measure the same sort of thing, or one of them does not say what it measures."""
    if a.dimension == b.dimension:
        return True
    if {a.dimension, b.dimension} <= {"celsius", "degree"} or {a.dimension, b.dimension} <= {"fahrenheit", "degree"}:
        return True
    if {a.dimension, b.dimension} <= {"time", "months"}:
        return True
    return BARE in {a.dimension, b.dimension} and ORDINAL not in {a.dimension, b.dimension}


def agree(claimed: Quantity, given: Quantity) -> bool:
    """Whether a source's quantity bears out a claimed one; both are comparable.

    A claimed number may be a rounding of the given one; a claimed bound may be borne out by a value inside
    it; a value inside a given range is covered by it.
    """
    bare = claimed.dimension != given.dimension and BARE in {claimed.dimension, given.dimension}
    low, high = (given.raw, given.raw_high) if bare else (given.low, given.high)
    mine_low, mine_high = (claimed.raw, claimed.raw_high) if bare else (claimed.low, claimed.high)
    if {claimed.dimension, given.dimension} == {"time", "months"}:
        return _same_span_of_time(claimed, given)
    if _close(mine_low, low) and _close(mine_high, high):
        is_stricter = claimed.bound in {"over", "under"} and not given.bound
        return not is_stricter and not _opposed(claimed.bound, given.bound)
    if claimed.other is not None and _close(claimed.other, low):
        return True
    if given.other is not None and _close(given.other, mine_low):
        return True
    if given.is_range and not claimed.is_range:
        return low <= mine_low <= high
    if claimed.bound and not given.bound:
        return _within(low, claimed.bound, mine_low) and _within(high, claimed.bound, mine_high)
    if claimed.bound and _same_direction(claimed.bound, given.bound):
        return _within(low, claimed.bound, mine_low)
    if claimed.is_range or given.is_range:
        return claimed.is_range and mine_low <= low and high <= mine_high and claimed.is_approx
    gap = abs(mine_low - low)
    if claimed.is_approx:
        return gap <= max(0.05 * abs(low), 0.5 * claimed.step if claimed.step < 0.2 * abs(mine_low) else 0)
    if given.is_approx and not claimed.is_approx:
        return False
    is_coarser = claimed.is_scaled or claimed.step < 1 or (claimed.dimension == PERCENT and given.step < 1)
    return is_coarser and given.step < claimed.step and gap <= 0.5 * claimed.step * (1 + 1e-9)


def _close(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-12)


def _same_span_of_time(claimed: Quantity, given: Quantity) -> bool:
    """Months have no fixed number of days, but everyone takes 12 months, 52 weeks and 365 days for a year."""
    days, months = (claimed, given) if claimed.dimension == "time" else (given, claimed)
    lengths = {1: (28, 30, 31), 3: (90, 91), 6: (180, 182, 183), 12: (364, 365, 366)}
    return days.low in {*lengths.get(round(months.low), ())} and months.low == round(months.low)


def _within(value: float, bound: str, limit: float) -> bool:
    return {"min": value >= limit, "over": value > limit, "max": value <= limit, "under": value < limit}[bound]


def _same_direction(a: str, b: str) -> bool:
    return ({a, b} <= {"min", "over"}) or ({a, b} <= {"max", "under"})


def _opposed(a: str, b: str) -> bool:
    return bool(a) and bool(b) and not _same_direction(a, b)


def has_same_number(a: Quantity, b: Quantity) -> bool:
    """Whether two quantities are written with the same number, whatever they measure."""
    return _close(a.raw, b.raw)
