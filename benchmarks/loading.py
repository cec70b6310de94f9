"""What the loaders make of real files, hostile ones among them, and of articles on web pages.

python benchmarks/loading.py            tables for ../shared/data/docs
python benchmarks/loading.py --json     the same as JSON

Files go through worker processes with the limits of ``ragkit index``; the F1 of articles compares sets of four
consecutive words with the body that people marked, averaged over pages, as precision and recall are.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from ragkit.errors import LoadError
from ragkit.loaders import find_files, load_file
from ragkit.loaders.isolation import LoadLimits, load_isolated
from ragkit.types import Document

DATA = Path(__file__).parent.parent.parent / "shared/data/docs"
SHINGLE = 4


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    if not DATA.is_dir():
        sys.exit(f"skipped: {DATA} is not there")
    report = {"files": load_all(), "articles": extract_articles()}
    if arguments.json:
        print(json.dumps(report, indent=2, ensure_ascii=False))
        return
    print("command: python benchmarks/loading.py")
    files = report["files"]
    print(f"{'format':>12}  loaded  quarantined  seconds  worst")
    for kind, row in files["formats"].items():
        print(f"{kind:>12}  {row['loaded']:6}  {row['quarantined']:11}  {row['seconds']:7.2f}  {row['worst_s']:5.2f}")
    print(f"{files['count']} files in {files['seconds']} s with one worker, worst {files['worst']},", end=" ")
    print(f"worker's peak {files['worker_peak_mb']} MB")
    for reason, count in files["reasons"].items():
        print(f"{count:4}  {reason}")
    articles = report["articles"]
    print(
        f"articles: {articles['pages']} pages, precision {articles['precision']}, recall {articles['recall']},", end=" "
    )
    print(f"F1 {articles['f1']}")


def load_all() -> dict[str, Any]:
    """Every file of the collection, by format; one worker, so that each file's seconds are its own."""
    sources = find_files([DATA / "files"])
    formats: dict[str, dict[str, float]] = {}
    reasons: Counter[str] = Counter()
    worst = (0.0, "")
    started = last = time.perf_counter()
    for source, outcome in load_isolated(sources, LoadLimits(), workers=1):
        now = time.perf_counter()
        seconds, last = now - last, now
        row = formats.setdefault(
            Path(source).parent.name, {"loaded": 0, "quarantined": 0, "seconds": 0.0, "worst_s": 0.0}
        )
        row["seconds"] += seconds
        row["worst_s"] = max(row["worst_s"], seconds)
        worst = max(worst, (seconds, Path(source).name))
        if isinstance(outcome, Document):
            row["loaded"] += 1
        else:
            row["quarantined"] += 1
            reasons[outcome.reason[:100]] += 1
    return {
        "count": len(sources),
        "seconds": round(last - started, 1),
        "worst": f"{worst[0]:.2f} s for {worst[1]}",
        "worker_peak_mb": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024),
        "formats": {kind: {name: round(value, 3) for name, value in row.items()} for kind, row in formats.items()},
        "reasons": dict(reasons.most_common()),
    }


def extract_articles() -> dict[str, Any]:
    """Precision, recall and F1 of article bodies."""
    folder = DATA / "article-extraction"
    truth = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    precisions, recalls = [], []
    for name, facts in truth.items():
        try:
            text = load_file(folder / "html" / f"{name}.html").text
        except LoadError:
            text = ""
        found, wanted = shingles(text), shingles(facts["articleBody"])
        common = sum((found & wanted).values())
        precisions.append(common / found.total() if found else float(not wanted))
        recalls.append(common / wanted.total() if wanted else 1.0)
    precision, recall = sum(precisions) / len(truth), sum(recalls) / len(truth)
    f1 = 2 * precision * recall / (precision + recall)
    return {"pages": len(truth), "precision": round(precision, 3), "recall": round(recall, 3), "f1": round(f1, 3)}


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Runs of four words with their counts."""
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[at : at + SHINGLE]) for at in range(max(1, len(words) - SHINGLE + 1)) if words)


if __name__ == "__main__":
    main()
