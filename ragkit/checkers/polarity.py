"""Whether two sentences about the same thing say opposite things: negation, antonyms, quantifiers, comparisons.

These rules speak only about a claim and a *sentence that is already aligned with it*; a sentence about
something else contradicts nothing. Each returns the words of the claim that are turned round, and what
the source has instead.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from ragkit.checkers.tokens import Token, stem

_NEGATORS = frozenset(
    """
    not no never none nobody nothing neither nor without unable hardly rarely seldom barely lacks lack lacking unaware
    fails failed fail refuses refused refuse denies denied deny prevents prevented prohibits prohibited forbids
    forbidden
    nicht kein keine keinen keinem keiner keines nie niemals ohne pas jamais aucun aucune sans nunca ningún ninguna sin
    """.split()
)
# A second negation within these phrases is none: "not only", "no later than", "no doubt".
_NOT_NEGATING = re.compile(
    r"\b(?:not only|no (?:later|more|less|fewer|longer) than|not (?:more|less|fewer|later|exceed\w*)(?: than)?|no doubt|no\.? \d"
    r"|whether or not|(?:could|can)(?:n['’]t| ?not) be more|can['’]t wait|not just|no matter|nothing but|not least|nicht nur)\b",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(
    r"[,;:.!?()]|\b(?:but|however|although|though|whereas|while|because|if|unless|except|aber|sondern|mais)\b",
    re.IGNORECASE,
)

_ANTONYMS_TEXT = """
    increase/decrease/reduce/decline/fall/drop rise/fall/drop/decline grow/shrink more/less/fewer higher/lower
    up/down above/below before/after earlier/later early/late first/last maximum/minimum max/min most/least
    largest/smallest biggest/smallest highest/lowest best/worst oldest/youngest longest/shortest fastest/slowest
    larger/smaller bigger/smaller longer/shorter faster/slower older/younger stronger/weaker better/worse
    cheaper/dearer heavier/lighter hotter/colder warmer/cooler wider/narrower
    allow/forbid/prohibit/ban permit/forbid/prohibit/ban allowed/forbidden/prohibited/banned accept/reject/refuse
    approve/reject/deny grant/deny include/exclude open/close win/lose true/false mandatory/optional/voluntary
    required/optional/voluntary compulsory/optional/voluntary free/paid public/private always/never internal/external
    buy/sell pass/fail succeed/fail success/failure legal/illegal possible/impossible able/unable male/female men/women
    man/woman boy/girl north/south east/west northern/southern eastern/western left/right import/export inside/outside
    indoor/outdoor start/end begin/end start/stop enable/disable enabled/disabled add/remove encrypt/decrypt
    hot/cold warm/cold strong/weak hard/soft safe/dangerous safe/unsafe rich/poor new/old young/old fast/slow quick/slow
    long/short high/low big/small large/small heavy/light wet/dry full/empty present/absent active/inactive
    temporary/permanent positive/negative majority/minority upper/lower ancestor/descendant love/hate
    agree/disagree guilty/innocent alive/dead live/die gain/lose profit/loss asset/liability deny/admit deny/confirm
    support/oppose arrive/leave arrive/depart enter/leave borrow/lend teach/learn husband/wife mother/father
    son/daughter brother/sister day/night morning/evening summer/winter spring/autumn morning/afternoon
    manual/automatic manually/automatically synchronous/asynchronous major/minor common/rare often/rarely often/never
    usually/rarely employer/employee landlord/tenant vertical/horizontal gross/net debit/credit acute/chronic benign/malignant worsen/improve improve/deteriorate
    accelerate/slow strengthen/weaken expand/contract widen/narrow raise/lower hire/fire refundable/non-refundable
    eligible/ineligible valid/invalid complete/incomplete correct/incorrect similar/different same/different
    visible/invisible known/unknown likely/unlikely happy/unhappy satisfied/dissatisfied available/unavailable
    offline/online wired/wireless domestic/foreign domestic/international urban/rural primary/secondary
    predecessor/successor former/current single/married parent/child ascending/descending increases/decreases
"""
_HEDGES = frozenset(
    "may might could possibly perhaps probably likely seems suggests appears reportedly allegedly".split()
)
_DEMANDS = frozenset("must required mandatory shall obligatory".split())
_QUANTIFIERS = {
    "all": 5, "every": 5, "each": 5, "always": 5, "everyone": 5, "everybody": 5, "entirely": 5, "completely": 5, "only": 5,
    "most": 4, "usually": 4, "majority": 4, "generally": 4, "mostly": 4,
    "many": 3, "often": 3, "several": 2, "some": 2, "sometimes": 2, "certain": 2, "occasionally": 2,
    "few": 1, "rarely": 1, "seldom": 1, "none": 0, "never": 0,
}  # fmt: skip


@lru_cache(maxsize=1)
def _antonyms() -> dict[str, frozenset[str]]:
    """Stem → stems of its opposites."""
    table: dict[str, set[str]] = {}
    for group in _ANTONYMS_TEXT.split():
        first, *others = (stem(word) for word in group.split("/"))
        for other in others:
            if first != other:
                table.setdefault(first, set()).add(other)
                table.setdefault(other, set()).add(first)
    return {word: frozenset(others) for word, others in table.items()}


@dataclass(frozen=True, slots=True)
class Turned:
    """A point on which a claim and a sentence are opposed: tokens of the claim, and the words of the source."""

    start: int
    end: int
    theirs: str
    kind: str


@dataclass(frozen=True, slots=True)
class Cue:
    """A negation: where it stands, what it is about (the first content word that it reaches), and all that it reaches."""

    start: int
    end: int
    head: str
    reached: frozenset[str]


@dataclass(frozen=True, slots=True)
class Polarity:
    """What of a sentence is negated, and what stands in it without negation, by stems."""

    negated: frozenset[str]
    plain: frozenset[str]
    cues: tuple[Cue, ...]


def polarity(text: str, tokens: Sequence[Token]) -> Polarity:
    """Which words of a sentence are negated.

    A negation reaches from its cue to the end of the clause, or back to its beginning where nothing follows
    ("öffnet samstags nicht"); two negations cancel each other for the words that both reach.
    """
    skipped = [match.span() for match in _NOT_NEGATING.finditer(text)]
    edges = [0, *(match.start() for match in _CLAUSE_END.finditer(text)), len(text)]
    content = [token for token in tokens if not token.is_stop and token.word not in _NEGATORS]
    cues = []
    for token in tokens:
        if token.word not in _NEGATORS or any(start <= token.start < end for start, end in skipped):
            continue
        stop = next(edge for edge in edges if edge >= token.end)
        reached = [each for each in content if token.end <= each.start < stop]
        if not reached:
            first = max(edge for edge in edges if edge <= token.start)
            reached = [each for each in content if first <= each.start < token.start][::-1]
        if reached:
            cues.append(Cue(token.start, token.end, reached[0].stem, frozenset(each.stem for each in reached)))
    counts = {token.stem: sum(token.stem in cue.reached for cue in cues) for token in content}
    negated = frozenset(stem for stem, count in counts.items() if count % 2)
    return Polarity(negated, frozenset(counts) - negated, tuple(cues))


def opposition(
    claim_text: str, claim: Sequence[Token], text: str, tokens: Sequence[Token], shared: frozenset[str]
) -> list[Turned]:
    """The points on which an aligned sentence is opposed to a claim.

    Args:
        claim_text: The claim.
        claim: Its tokens.
        text: The sentence of a source.
        tokens: Its tokens.
        shared: Content stems that both have.
    """
    found = _antonymy(claim_text, claim, text, tokens, shared)
    if found:
        return found
    return [
        *_negation(claim_text, claim, text, tokens, shared),
        *_order(claim_text, claim, text, tokens),
        *_quantity_words(claim, tokens, shared),
    ]


def _negation(
    claim_text: str, claim: Sequence[Token], text: str, tokens: Sequence[Token], shared: frozenset[str]
) -> list[Turned]:
    """One side negates something that the other says plainly.

    What a negation is about must be a word that both sides have, and most of what it reaches must be on the other side
    too: "we never had a problem reaching him" does not deny that it is difficult to reach him.
    """
    mine, theirs = polarity(claim_text, claim), polarity(text, tokens)
    if len(mine.cues) % 2 == len(theirs.cues) % 2:
        return []
    for cue in mine.cues:
        if cue.head in theirs.plain and 2 * len(cue.reached & shared) > len(cue.reached):
            return [Turned(cue.start, cue.end, _around(text, tokens, cue.reached & shared), "negation")]
    for cue in theirs.cues:
        if cue.head in mine.plain and 2 * len(cue.reached & shared) > len(cue.reached):
            hit = [token for token in claim if token.stem == cue.head]
            return [Turned(hit[0].start, hit[-1].end, _around(text, tokens, cue.reached & shared, cue), "negation")]
    return []


def _around(text: str, tokens: Sequence[Token], stems: frozenset[str], cue: Cue | None = None) -> str:
    """The words of a source from a negation, if one is given, to the words that matter."""
    hits = [token for token in tokens if token.stem in stems]
    start, end = hits[0].start, hits[-1].end
    if cue is not None:
        start, end = min(start, cue.start), max(end, cue.end)
    return text[start:end] if end - start <= 120 else text[start : start + 117] + "…"


def _antonymy(
    claim_text: str, claim: Sequence[Token], text: str, tokens: Sequence[Token], shared: frozenset[str]
) -> list[Turned]:
    """A word of the claim whose opposite stands in the sentence, in the same place and with the same polarity."""
    table = _antonyms()
    theirs = {token.stem: token for token in tokens}
    mine = {token.stem for token in claim}
    polar_mine, polar_theirs = polarity(claim_text, claim), polarity(text, tokens)
    found = []
    for index, token in enumerate(claim):
        opposites = table.get(token.stem, frozenset()) & theirs.keys() - mine
        if not opposites or token.stem in theirs:
            continue
        other = theirs[min(opposites)]
        if (token.stem in polar_mine.negated) != (other.stem in polar_theirs.negated):
            continue  # "not optional" is "mandatory"
        if _beside(claim, index, shared) & _beside(tokens, tokens.index(other), shared):
            found.append(Turned(token.start, token.end, text[other.start : other.end], "antonym"))
    return found


def _beside(tokens: Sequence[Token], index: int, shared: frozenset[str], reach: int = 6) -> set[str]:
    """The shared content words around one token."""
    return {token.stem for token in tokens[max(0, index - reach) : index + reach + 1] if token.stem in shared}


_COMPARATIVE = re.compile(
    r"\b(?:(?:more|less|fewer)\s+[^\W\d_]+|[^\W\d_]{2,}er|better|worse|more|less)\s+(?:[^\W\d_]+\s+){0,3}?than\b",
    re.IGNORECASE,
)


def _order(claim_text: str, claim: Sequence[Token], text: str, tokens: Sequence[Token]) -> list[Turned]:
    """Comparisons that are turned round: "A is larger than B" against "B is larger than A"."""
    mine, theirs = _COMPARATIVE.search(claim_text), _COMPARATIVE.search(text)
    if mine is None or theirs is None:
        return []
    left, right = _sides(claim, mine)
    their_left, their_right = _sides(tokens, theirs)
    same = mine[0].casefold().split()[0] == theirs[0].casefold().split()[0]
    if (
        same
        and left
        and right
        and left & their_right
        and right & their_left
        and not (left & their_left or right & their_right)
    ):
        return [Turned(mine.start(), mine.end(), text[theirs.start() : theirs.end()], "order")]
    return []


def _sides(tokens: Sequence[Token], match: re.Match[str]) -> tuple[set[str], set[str]]:
    left = {token.stem for token in tokens if token.end <= match.start() and not token.is_stop}
    right = {token.stem for token in tokens if token.start >= match.end() and not token.is_stop}
    return left, right


def _quantity_words(claim: Sequence[Token], tokens: Sequence[Token], shared: frozenset[str]) -> list[Turned]:
    """Words like "all" against "some", "must" against "may": the claim says more than the sentence, about the same words."""
    for index, token in enumerate(claim):
        mine = _QUANTIFIERS.get(token.word)
        if mine is None:
            continue
        near = _following(claim, index, shared)
        for other_index, other in enumerate(tokens):
            theirs = _QUANTIFIERS.get(other.word)
            if theirs is None or abs(mine - theirs) < 2 or min(mine, theirs) == 0 or "only" in {token.word, other.word}:
                continue
            words = {word.word for word in tokens}
            if token.word not in words and near & _following(tokens, other_index, shared):
                return [Turned(token.start, token.end, other.word, "quantifier")]
    return []


def _following(tokens: Sequence[Token], index: int, shared: frozenset[str]) -> set[str]:
    return {token.stem for token in tokens[index + 1 : index + 5] if token.stem in shared}


def hedging(claim: Sequence[Token], tokens: Sequence[Token]) -> int:
    """1 if the sentence hedges or permits where the claim asserts or demands, -1 the other way round, else 0."""
    mine, theirs = {token.word for token in claim}, {token.word for token in tokens}
    if theirs & _HEDGES and not mine & _HEDGES:
        return 1
    if mine & _DEMANDS and not theirs & _DEMANDS:
        return 1
    return -1 if mine & _HEDGES and not theirs & _HEDGES else 0
