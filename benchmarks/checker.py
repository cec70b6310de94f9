"""How well the checker tells what sources support, per task, beside baselines that know next to nothing.

    python benchmarks/checker.py                          # every task in ../shared/data/grounding
    python benchmarks/checker.py --tasks ragtruth --limit 200
    python benchmarks/checker.py FILE.jsonl --json        # rows of {answer, sources, question?, label?}
    python benchmarks/checker.py --fit                    # print the coefficients of ragkit/checkers/fusion.py

``label`` is 1 if something in the answer is not supported, 0 if all of it is. Half of the sources of each task
(by a digest of their text) are for fitting, the other half is reported: a figure never comes from a source
that the coefficients have seen. With ``--half all`` both halves are reported.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ragkit.checkers import LexicalChecker
from ragkit.checkers.fusion import ANSWER_FEATURES, FEATURES, answer_features
from ragkit.checkers.tokens import tokenize
from ragkit.sentences import sentences
from ragkit.types import Chunk, Document, VerdictLabel

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "grounding"
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Row:
    """One answer with its sources; ``bad`` are the character spans that people marked as not supported."""

    task: str
    answer: str
    sources: tuple[str, ...]
    label: int | None
    question: str | None = None
    bad: tuple[tuple[int, int], ...] | None = None
    group: str = ""

    @property
    def is_for_fitting(self) -> bool:
        """Whether the source belongs to the half that coefficients may see."""
        return hashlib.sha256(self.group.encode()).digest()[0] % 2 == 0

    @property
    def chunks(self) -> list[Chunk]:
        """The sources as the checker takes them."""
        return [Chunk.whole(Document(f"s{i}", text, f"s{i}")) for i, text in enumerate(self.sources)]


def read(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a JSON Lines file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def ragtruth(folder: Path) -> Iterator[Row]:
    """RAGTruth: question answering, summaries, and texts about a record."""
    sources = {source["source_id"]: source for source in read(folder / "sources.jsonl")}
    for row in read(folder / "responses.jsonl"):
        source = sources[row["source_id"]]
        texts = (source["context"],)
        if source["task_type"] == "QA":
            texts = tuple(text for text in source["context"].split("\n\n") if text.strip())
        bad = tuple((label["start"], label["end"]) for label in row["labels"])
        yield Row(
            f"ragtruth {source['task_type']}", row["response"], texts, int(row["hallucinated"]), source.get("question"), bad,
            source["context"],
        )  # fmt: skip


def summedits(folder: Path) -> Iterator[Row]:
    """SummEdits: summaries with one edit, in eight domains."""
    for row in read(folder / "summedits.jsonl"):
        yield Row(f"summedits {row['domain']}", row["summary"], (row["doc"],), 1 - int(row["label"]), group=row["doc"])


def wice(folder: Path) -> Iterator[Row]:
    """WiCE: claims of Wikipedia against a web page."""
    for row in read(folder / "claim_dev.jsonl"):
        text = "\n".join(row["evidence"])
        yield Row("wice", row["claim"], (text,), int(row["label"] != "supported"), group=text)


def begin(folder: Path) -> Iterator[Row]:
    """BEGIN: turns of a dialogue against a snippet."""
    for row in read(folder / "test_wow.jsonl"):
        if row["begin_label"] != "Generic":
            bad = int(row["begin_label"] != "Fully attributable")
            yield Row("begin-wow", row["response"], (row["knowledge"],), bad, group=row["knowledge"])


def fool_me_twice(folder: Path) -> Iterator[Row]:
    """Fool Me Twice: claims written to mislead."""
    for row in read(folder / "pairs.jsonl"):
        yield Row(
            "fool-me-twice", row["claim"], (row["evidence"],), int(row["label"] != "SUPPORTS"), group=row["evidence"]
        )


def healthver(folder: Path) -> Iterator[Row]:
    """HealthVer: claims about COVID-19 against sentences of papers."""
    for row in (*read(folder / "dev.jsonl"), *read(folder / "test.jsonl")):
        yield Row("healthver", row["claim"], (row["evidence"],), int(row["label"] != "Supports"), group=row["evidence"])


def climate_fever(folder: Path) -> Iterator[Row]:
    """CLIMATE-FEVER: claims against single sentences of Wikipedia."""
    for row in read(folder / "pairs.jsonl"):
        yield Row(
            "climate-fever", row["claim"], (row["evidence"],), int(row["label"] != "SUPPORTS"), group=row["claim"]
        )


def scifact(folder: Path) -> Iterator[Row]:
    """SciFact: scientific claims against an abstract."""
    for row in read(folder / "claim_doc_labels.jsonl"):
        text = row["title"] + "\n\n" + " ".join(row["sentences"])
        yield Row("scifact", row["claim"], (text,), int(row["label"] != "supported"), group=text)


TASKS: dict[str, tuple[str, Callable[[Path], Iterator[Row]]]] = {
    "begin": ("begin-wow", begin),
    "climate": ("climate-fever", climate_fever),
    "fm2": ("fool-me-twice", fool_me_twice),
    "healthver": ("healthver", healthver),
    "ragtruth": ("ragtruth-train", ragtruth),
    "scifact": ("scifact-claims", scifact),
    "summedits": ("summedits-4", summedits),
    "wice": ("wice-dev", wice),
}


def auroc(labels: Sequence[int], scores: Sequence[float]) -> float:
    """Probability that a row with label 1 scores above one with label 0, ties counted half; NaN for one class."""
    y, s = np.array(labels, dtype=bool), np.array(scores, dtype=float)
    if y.all() or not y.any():
        return float("nan")
    _, inverse, counts = np.unique(s, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    positive = int(y.sum())
    return float((ranks[y].sum() - positive * (positive + 1) / 2) / (positive * (len(y) - positive)))


def balanced_accuracy(labels: Sequence[int], flags: Sequence[bool]) -> float:
    """Mean of the recall of both classes."""
    y, f = np.array(labels, dtype=bool), np.array(flags, dtype=bool)
    return float((f[y].mean() + (~f)[~y].mean()) / 2) if y.any() and not y.all() else float("nan")


def f1(labels: Sequence[int], flags: Sequence[bool]) -> float:
    """F1 of finding label 1."""
    y, f = np.array(labels, dtype=bool), np.array(flags, dtype=bool)
    return float(2 * (y & f).sum() / max(1, y.sum() + f.sum()))


def ece(labels: Sequence[int], probabilities: Sequence[float], bins: int = 10) -> float:
    """Expected calibration error over bins of equal width (Naeini et al. 2015)."""
    y, p = np.array(labels, dtype=float), np.array(probabilities, dtype=float)
    at = np.minimum((p * bins).astype(int), bins - 1)
    return float(sum(abs(y[at == b].sum() - p[at == b].sum()) for b in range(bins)) / len(y))


def overlap(row: Row) -> float:
    """Baseline: the share of the answer's content words that no source has."""
    stems = {token.stem for text in row.sources for token in tokenize(text) if not token.is_stop}
    mine = {token.stem for token in tokenize(row.answer) if not token.is_stop}
    return len(mine - stems) / len(mine) if mine else 0.0


@dataclass
class Table:
    """What was measured on one task."""

    labels: list[int] = field(default_factory=list)
    probabilities: list[float] = field(default_factory=list)
    flags: list[bool] = field(default_factory=list)
    lengths: list[float] = field(default_factory=list)
    overlaps: list[float] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)
    claim_labels: list[int] = field(default_factory=list)
    claim_probabilities: list[float] = field(default_factory=list)


def is_bad(row: Row, start: int, end: int) -> bool:
    """Whether people marked something within these characters of the answer."""
    return any(start < b and a < end for a, b in row.bad or ())


def measure(rows: Sequence[Row], checker: LexicalChecker) -> Table:
    """Check every row."""
    table = Table()
    for row in rows:
        started = time.perf_counter()
        report = checker.check(row.answer, row.chunks, row.question)
        table.milliseconds.append(1000 * (time.perf_counter() - started))
        checked = [v for v in report.verdicts if v.label is not VerdictLabel.NOT_CHECKED]
        table.labels.append(row.label or 0)
        table.probabilities.append(report.p_hallucinated or 0.0)
        table.flags.append((report.p_hallucinated or 0.0) >= 0.5)
        table.lengths.append(len(row.answer.split()))
        table.overlaps.append(overlap(row))
        if row.bad is not None:
            for verdict in checked:
                table.claim_labels.append(int(is_bad(row, verdict.claim.start, verdict.claim.end)))
                table.claim_probabilities.append(1.0 - (verdict.p_supported or 0.0))
    return table


HEADER = f"{'task':<22}{'n':>6}{'bad':>6}{'AUROC':>8}{'BAcc':>7}{'F1':>7}{'ECE':>7}{'length':>8}{'overlap':>8}{'p50 ms':>8}{'p95 ms':>8}  claims: AUROC, ECE"


def line(task: str, t: Table) -> str:
    """One row of the printed table."""
    claims = ""
    if t.claim_labels:
        claims = (
            f"  {auroc(t.claim_labels, t.claim_probabilities):.3f} {ece(t.claim_labels, t.claim_probabilities):.3f}"
        )
    return (
        f"{task:<22}{len(t.labels):>6}{np.mean(t.labels):>6.2f}{auroc(t.labels, t.probabilities):>8.3f}"
        f"{balanced_accuracy(t.labels, t.flags):>7.3f}{f1(t.labels, t.flags):>7.3f}{ece(t.labels, t.probabilities):>7.3f}"
        f"{auroc(t.labels, t.lengths):>8.3f}{auroc(t.labels, t.overlaps):>8.3f}"
        f"{np.percentile(t.milliseconds, 50):>8.1f}{np.percentile(t.milliseconds, 95):>8.1f}{claims}"
    )


def false_positives(rows: Sequence[Row], checker: LexicalChecker, limit: int = 300) -> tuple[int, int]:
    """How many sentences of sources, given back word for word as answers, are not found supported; out of how many."""
    wrong = total = 0
    for row in {row.group: row for row in rows}.values():
        chunks = row.chunks
        for text in row.sources:
            if text.lstrip()[:1] in "{[":
                continue
            for sentence in sentences(text)[1:4]:
                if len(sentence.text.split()) < 5 or total >= limit:
                    continue
                for verdict in checker.check(sentence.text, chunks).verdicts:
                    total += verdict.label is not VerdictLabel.NOT_CHECKED
                    wrong += verdict.label in {VerdictLabel.UNSUPPORTED, VerdictLabel.CONTRADICTED}
    return wrong, total


def logistic(x: Floats, y: Floats, weights: Floats, ridge: float = 1.0, signs: Sequence[int] | None = None) -> Floats:
    """Coefficients of a logistic regression with a ridge penalty, by projected Newton steps.

    Args:
        x: Shape (n, features); the first column is the bias and is not penalised.
        y: Shape (n,), 0 or 1.
        weights: Shape (n,), what each row counts.
        ridge: Strength of the penalty.
        signs: 1, -1 or 0 per feature: which sign a coefficient may have; 0 for any.
    """
    beta = np.zeros(x.shape[1])
    penalty = np.full(x.shape[1], ridge)
    penalty[0] = 1e-6
    allowed = np.array(signs if signs is not None else [0] * x.shape[1])
    for _ in range(200):
        p = 1.0 / (1.0 + np.exp(-np.clip(x @ beta, -30, 30)))
        gradient = x.T @ (weights * (p - y)) + penalty * beta
        active = (allowed != 0) & (beta == 0.0) & (allowed * gradient > 0)
        free = ~active
        curvature = x[:, free].T @ (x[:, free] * (weights * p * (1 - p))[:, None]) + np.diag(penalty[free])
        step = np.zeros_like(beta)
        step[free] = np.linalg.solve(curvature + 1e-9 * np.eye(int(free.sum())), gradient[free])
        new = beta - step
        new[(allowed != 0) & (allowed * new < 0)] = 0.0
        if np.abs(new - beta).max() < 1e-7:
            break
        beta = new
    return beta


def fit(rows: Sequence[Row], checker: LexicalChecker) -> None:
    """Print coefficients for claims, then for answers; every task counts the same, whatever its size."""
    features: list[tuple[float, ...]] = []
    labels: list[float] = []
    weights: list[float] = []
    tasks: list[str] = []
    answers: list[tuple[list[int], int, str]] = []
    for row in rows:
        cases = [case for case in checker.cases(row.answer, row.chunks, row.question) if case.can_judge]
        # Without marked spans, nobody knows which claim of a bad answer is the bad one.
        is_known = row.bad is not None or len(cases) == 1
        where = list(range(len(features), len(features) + len(cases)))
        for case in cases:
            bad = is_bad(row, case.claim.start, case.claim.end) if row.bad is not None else bool(row.label)
            features.append(case.features)
            labels.append(0.0 if bad else 1.0)
            weights.append(WEIGHTS.get(row.task.split()[0], 1.0) if is_known else 0.0)
            tasks.append(row.task)
        if cases:
            answers.append((where, row.label or 0, row.task))
    x, y = np.array(features), np.array(labels)
    beta = logistic(x, y, _task_weights(tasks, weights), 1.0, SIGNS)
    print("claims:", len(y), "supported:", round(float(y.mean()), 3))
    for name, value in zip(FEATURES, beta, strict=True):
        print(f"    {value:8.3f},  # {name}")
    p = 1.0 / (1.0 + np.exp(-(x @ beta)))
    x2 = np.array([answer_features([float(p[i]) for i in where]) for where, _, _ in answers])
    y2 = np.array([label for _, label, _ in answers], dtype=float)
    own = [WEIGHTS.get(task.split()[0], 1.0) for _, _, task in answers]
    beta2 = logistic(x2, y2, _task_weights([task for _, _, task in answers], own), 1.0)
    print("answers:", len(y2))
    for name, value in zip(ANSWER_FEATURES, beta2, strict=True):
        print(f"    {value:8.3f},  # {name}")


# Support cannot grow with what is missing or contradicted, whatever a sample says.
SIGNS = (0, 1, 1, 1, -1, 1, 1, 0, -1, 1, -1, -1, -1, -1, -1, -1, -1, 1, 0)


# Answers about retrieved sources are what the checker is for; claims written to mislead, or that only an expert can
# tell, say little about words.
WEIGHTS = {
    "ragtruth": 2.0,
    "summedits": 0.4,
    "fool-me-twice": 0.2,
    "healthver": 0.2,
    "climate-fever": 0.2,
    "scifact": 0.2,
}


def _task_weights(tasks: Sequence[str], weights: Sequence[float]) -> Floats:
    """Weights by which a task counts by its own weight, whatever its size; they add up to the number of rows."""
    totals: dict[str, float] = {}
    for task, weight in zip(tasks, weights, strict=True):
        totals[task] = totals.get(task, 0.0) + (weight > 0)
    each = np.array([weight / totals[task] if weight else 0.0 for task, weight in zip(tasks, weights, strict=True)])
    return np.asarray(each * np.count_nonzero(each) / each.sum())


def own_rows(path: Path) -> list[Row]:
    """The rows of a user's file."""
    rows = []
    for row in read(path):
        sources = row["sources"] if isinstance(row["sources"], list) else [row["sources"]]
        label = row.get("label")
        rows.append(
            Row(path.name, row["answer"], tuple(sources), None if label is None else int(label), row.get("question"))
        )
    return rows


def main() -> int:
    """Print a table, or the verdicts of a file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", type=Path, help="rows of {answer, sources, question?, label?}")
    parser.add_argument("--json", action="store_true", help="print one JSON object per row (with a file) or per task")
    parser.add_argument("--tasks", default=",".join(TASKS), help="which tasks, separated by commas")
    parser.add_argument("--limit", type=int, default=400, help="rows per task; 0 for all")
    parser.add_argument("--half", choices=("held-out", "all", "fit"), default="held-out")
    parser.add_argument("--fit", action="store_true", help="print the coefficients")
    arguments = parser.parse_args()
    checker = LexicalChecker()
    if arguments.file is not None:
        return check_file(arguments.file, checker, as_json=arguments.json)
    print("command: python", " ".join(["benchmarks/checker.py", *sys.argv[1:]]), file=sys.stderr)
    if not DATA.is_dir():
        print(f"skipped: the data of this benchmark is not at {DATA}", file=sys.stderr)
        return 0
    everything: list[Row] = []
    for name in arguments.tasks.split(","):
        folder, reader = TASKS[name]
        if not (DATA / folder).is_dir():
            print(f"skipped {name}: {DATA / folder} is absent", file=sys.stderr)
            continue
        everything.extend(reader(DATA / folder))
    half = "fit" if arguments.fit else arguments.half
    if half != "all":
        everything = [row for row in everything if row.is_for_fitting == (half == "fit")]
    by_task: dict[str, list[Row]] = {}
    for row in sorted(everything, key=lambda row: hashlib.sha256((row.group + row.answer).encode()).digest()):
        rows = by_task.setdefault(row.task, [])
        if not arguments.limit or len(rows) < arguments.limit:
            rows.append(row)
    if arguments.fit:
        fit([row for rows in by_task.values() for row in rows], checker)
        return 0
    print(HEADER)
    for task, rows in sorted(by_task.items()):
        print(line(task, measure(rows, checker)), flush=True)
    wrong, total = false_positives([row for rows in by_task.values() for row in rows], checker)
    print(f"sentences of sources given back word for word and not found supported: {wrong} of {total}")
    return 0


def check_file(path: Path, checker: LexicalChecker, *, as_json: bool) -> int:
    """Check the rows of a file; a table at the end if they have labels."""
    from ragkit.rendering import report_to_dict

    rows = own_rows(path)
    for row in rows:
        report = checker.check(row.answer, row.chunks, row.question)
        if as_json:
            print(json.dumps({**report_to_dict(report), "label": row.label}, ensure_ascii=False))
        else:
            print(
                f"{report.outcome.value:<12} {report.p_hallucinated if report.p_hallucinated is None else round(report.p_hallucinated, 3)}  {row.answer[:80]}"
            )
    labelled = [row for row in rows if row.label is not None]
    if labelled and not as_json:
        print(HEADER)
        print(line(path.name[:21], measure(labelled, checker)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
