"""How answers, reports and hits look in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from ragkit.types import Outcome, Relation, VerdictLabel

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ragkit.types import Answer, Evidence, Hit, Location, Report, Verdict

SIGNS = {
    VerdictLabel.SUPPORTED: ("✔", "supported", "green"),
    VerdictLabel.CONTRADICTED: ("✘", "contradicted", "red"),
    VerdictLabel.UNSUPPORTED: ("?", "unsupported", "yellow"),
    VerdictLabel.NOT_CHECKED: ("–", "not checked", "dim"),
}
OUTCOMES = {
    Outcome.GROUNDED: ("every claim is supported by the sources", "green"),
    Outcome.PARTLY: ("only some claims are supported by the sources", "yellow"),
    Outcome.UNGROUNDED: ("no claim is supported by the sources", "red"),
    Outcome.ABSTAINED: ("no answer was found in the sources", "yellow"),
    Outcome.NO_CLAIMS: ("there is no claim to check", "dim"),
    Outcome.NO_SOURCES: ("there are no sources to check against", "red"),
}
EXCERPT_CHARS = 220


def console() -> Console:
    """A console on stdout; colour only in a terminal, and never with ``NO_COLOR``."""
    return Console(highlight=False, soft_wrap=False)


def answer_view(answer: Answer) -> RenderableType:
    """An answer, the verdict on each of its claims with the words that decided it, and the sources."""
    parts: list[RenderableType] = [
        Panel(
            Text(answer.text),
            title="Answer",
            title_align="left",
            subtitle=_outcome(answer.report),
            subtitle_align="left",
        )
    ]
    if answer.notice:
        parts.append(Text(answer.notice, style="yellow"))
    parts.extend(_verdicts(answer.report, _numbering(answer.hits)))
    if answer.hits:
        parts.append(Text("\nSources", style="bold"))
        parts.extend(_hit_line(hit) for hit in answer.hits)
    words = f"{answer.usage.completion_tokens} tokens, " if answer.usage.completion_tokens else ""
    parts.append(
        Text(f"\n{answer.generator}, checked by {answer.report.checker}: {words}{answer.usage.seconds:.1f} s", "dim")
    )
    return Group(*parts)


def report_view(report: Report) -> RenderableType:
    """A report on an answer that somebody else gave."""
    parts: list[RenderableType] = [Text.assemble("Outcome: ", _outcome(report))]
    parts.extend(_verdicts(report, {}))
    return Group(*parts)


def hits_view(hits: Sequence[Hit]) -> RenderableType:
    """Hits with the beginning of their text."""
    if not hits:
        return Text("Nothing was found.")
    parts: list[RenderableType] = []
    for hit in hits:
        parts.append(_hit_line(hit))
        parts.append(Padding(Text(excerpt(hit.chunk.text)), (0, 0, 1, 6)))
    return Group(*parts)


def excerpt(text: str, limit: int = EXCERPT_CHARS) -> str:
    """A text on one line, cut at a word if it is long."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[:limit].rsplit(" ", 1)[0] + " …"


def place(source: str, location: Location) -> str:
    """A source and where in it, such as ``docs/travel.md, line 12, Travel › Hotels``."""
    return f"{source}, {location}" if str(location) else source


def _numbering(hits: Iterable[Hit]) -> dict[tuple[str, int, int], int]:
    return {(hit.chunk.document_id, hit.chunk.start, hit.chunk.end): hit.rank for hit in hits}


def _outcome(report: Report) -> Text:
    words, style = OUTCOMES[report.outcome]
    return Text(words, style=style)


def _verdicts(report: Report, numbers: dict[tuple[str, int, int], int]) -> list[RenderableType]:
    parts: list[RenderableType] = []
    for verdict in report.verdicts:
        parts.append(Text())
        parts.append(_verdict_line(verdict))
        parts.extend(Padding(Text(finding.message, style="yellow"), (0, 0, 0, 4)) for finding in verdict.findings)
        shown = verdict.evidence[:2] if verdict.label is VerdictLabel.SUPPORTED else verdict.evidence[:1]
        parts.extend(_evidence(evidence, numbers) for evidence in shown)
        if verdict.label is VerdictLabel.UNSUPPORTED and not verdict.evidence:
            parts.append(Padding(Text("no words of the sources support it", style="dim"), (0, 0, 0, 4)))
    return parts


def _verdict_line(verdict: Verdict) -> Text:
    sign, word, style = SIGNS[verdict.label]
    return Text.assemble((f"{sign} {word:12} ", style), verdict.claim.text)


def _evidence(evidence: Evidence, numbers: dict[tuple[str, int, int], int]) -> RenderableType:
    number = next(
        (
            rank
            for (document_id, start, end), rank in numbers.items()
            if document_id == evidence.document_id and start <= evidence.start and evidence.end <= end
        ),
        None,
    )
    reference = f"[{number}] " if number else ""
    verb = "against it: " if evidence.relation is Relation.CONTRADICTS else ""
    where = place(evidence.source, evidence.location)
    line = Text.assemble(f"{verb}“{excerpt(evidence.text)}” ", (f"{reference}{where}", "cyan"))
    return Padding(line, (0, 0, 0, 4))


def _hit_line(hit: Hit) -> Text:
    where = place(hit.chunk.source, hit.chunk.location)
    return Text.assemble(f"[{hit.rank}] ".rjust(6), (where, "cyan"), (f"  p {hit.probability:.2f}", "dim"))
