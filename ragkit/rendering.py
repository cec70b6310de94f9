"""Facts as plain JSON values and as Markdown: one place for the shapes that other programs read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ragkit.types import VerdictLabel

if TYPE_CHECKING:
    from ragkit.types import Answer, Evidence, Hit, Report, Verdict

DIGITS = 6
SIGNS = {
    VerdictLabel.SUPPORTED: "✔",
    VerdictLabel.CONTRADICTED: "✘",
    VerdictLabel.UNSUPPORTED: "?",
    VerdictLabel.NOT_CHECKED: "–",
}


def hit_to_dict(hit: Hit) -> dict[str, Any]:
    """A hit: rank, score, probability, source, start, end, text, location."""
    return {
        "rank": hit.rank,
        "score": round(hit.score, DIGITS),
        "probability": round(hit.probability, DIGITS),
        "source": hit.chunk.source,
        "start": hit.chunk.start,
        "end": hit.chunk.end,
        "text": hit.chunk.text,
        "location": hit.chunk.location.to_dict(),
    }


def evidence_to_dict(evidence: Evidence) -> dict[str, Any]:
    """Words of a source: source, start, end, text, location, then what they do to the claim."""
    return {
        "source": evidence.source,
        "start": evidence.start,
        "end": evidence.end,
        "text": evidence.text,
        "location": evidence.location.to_dict(),
        "relation": evidence.relation.value,
        "score": round(evidence.score, DIGITS),
    }


def verdict_to_dict(verdict: Verdict) -> dict[str, Any]:
    """A claim with its verdict: text, start, end, verdict, p_supported, evidence, then the details."""
    return {
        "text": verdict.claim.text,
        "start": verdict.claim.start,
        "end": verdict.claim.end,
        "verdict": verdict.label.value,
        "p_supported": None if verdict.p_supported is None else round(verdict.p_supported, DIGITS),
        "evidence": [evidence_to_dict(evidence) for evidence in verdict.evidence],
        "kind": verdict.claim.kind.value,
        "cites": list(verdict.claim.cites),
        "decided_by": verdict.decided_by,
        "findings": [
            {
                "code": finding.code.value,
                "start": finding.span.start,
                "end": finding.span.end,
                "text": finding.span.text,
                "message": finding.message,
                "expected": finding.expected,
            }
            for finding in verdict.findings
        ],
    }


def report_to_dict(report: Report) -> dict[str, Any]:
    """A report: answer, outcome, groundedness, p_hallucinated, claims, checker, seconds."""
    return {
        "answer": report.answer,
        "outcome": report.outcome.value,
        "groundedness": None if report.groundedness is None else round(report.groundedness, DIGITS),
        "p_hallucinated": None if report.p_hallucinated is None else round(report.p_hallucinated, DIGITS),
        "claims": [verdict_to_dict(verdict) for verdict in report.verdicts],
        "checker": report.checker,
        "seconds": round(report.seconds, DIGITS),
    }


def answer_to_dict(answer: Answer) -> dict[str, Any]:
    """An answer: question, answer, outcome, claims, hits, generator, usage, then notice and what was rejected."""
    return {
        "question": answer.question,
        "answer": answer.text,
        "outcome": answer.outcome.value,
        "claims": [verdict_to_dict(verdict) for verdict in answer.report.verdicts],
        "hits": [hit_to_dict(hit) for hit in answer.hits],
        "generator": answer.generator,
        "usage": {
            "prompt_tokens": answer.usage.prompt_tokens,
            "completion_tokens": answer.usage.completion_tokens,
            "seconds": round(answer.usage.seconds, 3),
        },
        "notice": answer.notice,
        "rejected": [report_to_dict(report) for report in answer.rejected],
    }


def report_to_markdown(report: Report) -> str:
    """A report as Markdown: a line for the outcome, then a list of claims with findings and evidence."""
    share = "" if report.groundedness is None else f", {report.groundedness:.0%} of the claims supported"
    lines = [f"**{report.outcome.value.replace('_', ' ')}**{share}", ""]
    for verdict in report.verdicts:
        word = verdict.label.value.replace("_", " ")
        lines.append(f"- {SIGNS[verdict.label]} **{word}**: {_flat(verdict.claim.text)}")
        lines.extend(f"  - {_flat(finding.message)}" for finding in verdict.findings)
        for evidence in verdict.evidence:
            where = ", ".join(part for part in (evidence.source, str(evidence.location)) if part)
            lines.append(f"  > {_flat(evidence.text)}")
            lines.append(f"  > ({evidence.relation.value}; {where}; characters {evidence.start}-{evidence.end})")
    return "\n".join(lines).rstrip() + "\n"


def _flat(text: str) -> str:
    return " ".join(text.split())
