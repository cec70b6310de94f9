"""Answer text → claims with offsets: what can be checked one by one, and what kind of statement each is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ragkit.sentences import sentences
from ragkit.types import Claim, ClaimKind

if TYPE_CHECKING:
    from collections.abc import Iterator

FENCE = re.compile(r"^[ \t]*(```|~~~).*?(?:^[ \t]*\1[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
MARKER = re.compile(r"(?:[-*+•‣▪]\s+|\(?\d{1,3}[.)]\s+|[a-zA-Z]\)\s+|#{1,6}\s+|>\s*)+")
CITES = r"(?:\s*\[\d{1,3}(?:\s*,\s*\d{1,3})*\])+"
CITES_LAST = re.compile(rf"({CITES})([.!?…。]*)\s*$")
CITES_FIRST = re.compile(rf"^({CITES})\s*")
RULE = re.compile(r"[\s|:=_*\-–—]+")

NOTHING = (
    r"not (?:in|found in|stated in|mentioned in|covered (?:in|by)|part of|available in|specified in|contained in)"
    r" (?:the|these|any of the|your|my|our)? ?(?:given |provided |retrieved |available |above )?"
    r"(?:sources?|documents?|context|text|passages?|information|material|corpus)"
)
ABSTENTIONS = re.compile(
    "|".join(
        (
            NOTHING,
            r"\b(?:i|we) (?:do not|don't|did not|didn't) know\b",
            r"\b(?:i|we) (?:cannot|can't|can not|could not|couldn't|am unable to|are unable to|am not able to)"
            r" (?:\w+ )?(?:answer|find|determine|say|tell|locate|confirm|provide)",
            r"\b(?:sources?|documents?|context|text|passages?|information) (?:provided |given |available )?"
            r"(?:do(?:es)? not|don't|doesn't|did not) (?:\w+ )?"
            r"(?:mention|say|state|contain|answer|specify|provide|include|cover|give|address|tell)",
            r"\bno (?:information|mention|answer|details?|data|evidence)\b.{0,40}\b"
            r"(?:sources?|documents?|context|text|passages?|found|provided|available|given)",
            r"\b(?:there is|there's) (?:no|not enough|insufficient) (?:information|mention|evidence|data)",
            r"\b(?:i|we) (?:do not|don't) have (?:enough |any |the |sufficient )?(?:information|data|access)",
            r"^(?:unknown|unanswerable|no answer(?: found)?|not enough information)\W*$",
            r"^not (?:stated|specified|mentioned|available|given)\W*$",
            r"\bich wei(?:ß|ss) (?:es |das )?nicht",
            r"\b(?:quellen|dokumenten?|texten?|unterlagen|kontext)\b.{0,60}\b(?:nicht|keine?n?)\b",
            r"\b(?:nicht|keine?n?)\b.{0,60}\b(?:quellen|dokumenten?|unterlagen|kontext)\b",
            r"\bkeine (?:angaben?|informationen|auskunft)\b",
            r"\bje ne (?:sais|peux|trouve|dispose) (?:pas|d'aucune)",
            r"\b(?:sources?|documents?|contexte|textes?)\b.{0,40}\bne \w+ (?:pas|aucune?|rien)\b",
            r"\bno (?:lo s[eé]|se menciona|s[eé]|puedo responder|hay informaci[oó]n|encuentro)\b",
            r"(?:わかりません|分かりません|不明です|記載(?:が|は)?(?:ありません|されていません)|見つかりません|書かれていません)",
        )
    ),
    re.IGNORECASE,
)
META = re.compile(
    r"(?:^(?:sure|certainly|of course|okay|ok|great question|here (?:is|are|you go|'s)|in summary|to summari[sz]e"
    r"|let me|i hope|hope this|based on the (?:\w+ )?(?:sources?|documents?|context|passages?|text)[,:]?$"
    r"|according to the (?:\w+ )?(?:sources?|documents?|context|passages?|text)[,:]?$"
    r"|please (?:note|let me)|feel free)\b[^.]*)"
    r"|^[^.!?]{0,80}:$",
    re.IGNORECASE,
)
OPINION = re.compile(
    r"^(?:in my (?:opinion|view)|i (?:think|believe|feel|guess|suppose|recommend|suggest|would (?:recommend|suggest))"
    r"|personally|arguably|ich (?:finde|glaube|denke)|à mon avis|en mi opinión)\b",
    re.IGNORECASE,
)
QUOTED = re.compile(r"^[\"“„«»‘'].{3,}[\"”“»«’'][.!?…]?$", re.DOTALL)


def split_claims(answer: str) -> list[Claim]:
    """Cut an answer into claims.

    Sentences, list items and table rows become claims; list markers and citation marks at the ends are left
    out of a claim's span; a fenced block is one claim of kind code.

    Args:
        answer: Any text.

    Returns:
        Claims in order: ``answer[c.start:c.end] == c.text``.

    >>> [(c.text, c.cites) for c in split_claims("1. Rent is due monthly [2]. 2. I don't know.")]
    [('Rent is due monthly', (2,)), ("I don't know.", ())]
    """
    claims = []
    for start, end, is_code in _parts(answer):
        if is_code:
            claims.append(Claim(start, end, answer[start:end], ClaimKind.CODE))
            continue
        for sentence in sentences(answer[start:end]):
            claim = _claim(answer, start + sentence.start, start + sentence.end)
            if claim is not None:
                claims.append(claim)
    return claims


def _parts(answer: str) -> Iterator[tuple[int, int, bool]]:
    """Fenced blocks and what is between them; blanks at their ends left out."""
    at = 0
    for fence in FENCE.finditer(answer):
        yield at, fence.start(), False
        start = fence.start() + len(fence.group()) - len(fence.group().lstrip())
        yield start, fence.start() + len(fence.group().rstrip()), True
        at = fence.end()
    yield at, len(answer), False


def _claim(answer: str, start: int, end: int) -> Claim | None:
    """One sentence as a claim, or None if nothing is left of it without marks and markers."""
    cites: list[int] = []
    changed = True
    while changed and start < end:
        changed = False
        text = answer[start:end]
        marker, first = MARKER.match(text), CITES_FIRST.match(text)
        if marker or first:
            found = marker or first
            start += found.end() if found else 0
            cites += _numbers(first.group(1)) if first and not marker else []
            changed = True
            continue
        last = CITES_LAST.search(text)
        if last:
            cites += _numbers(last.group(1))
            end = start + last.start(1)
            changed = True
        stripped = answer[start:end].strip()
        start += len(answer[start:end]) - len(answer[start:end].lstrip())
        end = start + len(stripped)
    text = answer[start:end]
    if not text or RULE.fullmatch(text) or not any(c.isalnum() for c in text):
        return None
    return Claim(start, end, text, kind_of(text), tuple(dict.fromkeys(cites)))


def _numbers(marks: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", marks)]


def kind_of(text: str) -> ClaimKind:
    """What sort of statement a sentence is.

    >>> kind_of("Die Quellen enthalten dazu keine Angaben.").value
    'abstention'
    """
    if ABSTENTIONS.search(text):
        return ClaimKind.ABSTENTION
    if text.rstrip("\"”' )").endswith(("?", "？")):
        return ClaimKind.QUESTION
    if META.search(text):
        return ClaimKind.META
    if OPINION.search(text):
        return ClaimKind.OPINION
    return ClaimKind.QUOTE if QUOTED.match(text) else ClaimKind.ASSERTION
