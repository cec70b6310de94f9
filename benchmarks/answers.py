"""How good and how honest answers are, on the shipped corpora; and how the constants were fitted.

python benchmarks/answers.py            the table for corpora/
python benchmarks/answers.py --json     the same as JSON
python benchmarks/answers.py --fit      fits the extractive generator and the null option on SQuAD 2.0

An answer counts as right when the words that support it overlap a gold span of the corpus; "supported" is the share of
the given answers whose every claim is supported; "kept back" is the share of unanswerable questions that were met with
"Not in the sources."
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from ragkit.embedders import create_embedder
from ragkit.generators.extractive import FEATURES, ExtractiveGenerator, candidates_of
from ragkit.pipeline import RagPipeline
from ragkit.types import Answer, Chunk, Document, Hit, Outcome

ROOT = Path(__file__).parent.parent
SQUAD = ROOT.parent / "shared/data/qa/squad2-dev-half"
SEED = 13


def main() -> None:
    """Print a table, JSON, or fitted constants."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--questions", type=int, default=400, metavar="N", help="questions of SQuAD to fit on")
    parser.add_argument("--generators", nargs="+", default=["extractive", "auto"], metavar="NAME")
    arguments = parser.parse_args()
    if arguments.fit:
        fit(arguments.questions)
        return
    rows = [
        row for corpus in sorted((ROOT / "corpora").glob("*/questions.jsonl")) for row in ask_corpus(corpus, arguments)
    ]
    if arguments.json:
        print(json.dumps(rows, indent=2))
        return
    print(f"command: python benchmarks/answers.py --generators {' '.join(arguments.generators)}")
    heads = ("corpus", "generator", "questions", "right", "supported", "kept back", "p50 s")
    print("  ".join(f"{head:>10}" for head in heads))
    for row in rows:
        print("  ".join(f"{row[head]:>10}" for head in heads))


def ask_corpus(questions_file: Path, arguments: argparse.Namespace) -> list[dict[str, Any]]:
    """A row per generator for one corpus."""
    questions = [json.loads(line) for line in questions_file.read_text(encoding="utf-8").splitlines()]
    rows = []
    with TemporaryDirectory() as folder:
        documents = questions_file.parent / "documents"
        with RagPipeline.from_corpus(documents, index=folder) as pipeline:
            for generator in arguments.generators:
                pipeline.ask(questions[0]["question"], generator=generator)
                answers, seconds = [], []
                for question in questions:
                    started = time.perf_counter()
                    answers.append(pipeline.ask(question["question"], generator=generator))
                    seconds.append(time.perf_counter() - started)
                answerable = [(q, a) for q, a in zip(questions, answers, strict=True) if q["evidence"]]
                given = [a for _, a in answerable if a.outcome is not Outcome.ABSTAINED]
                others = [a for q, a in zip(questions, answers, strict=True) if not q["evidence"]]
                rows.append(
                    {
                        "corpus": questions_file.parent.name,
                        "generator": generator,
                        "questions": len(questions),
                        "right": share([is_right(q, a, questions_file.parent) for q, a in answerable]),
                        "supported": share([a.is_grounded for a in given]),
                        "kept back": share([a.outcome is Outcome.ABSTAINED for a in others]),
                        "p50 s": round(statistics.median(seconds), 3),
                    }
                )
    return rows


def share(values: list[bool]) -> float:
    """Mean of truth values, to three places; 0 of none."""
    return round(sum(values) / len(values), 3) if values else 0.0


def is_right(question: dict[str, Any], answer: Answer, folder: Path) -> bool:
    """Whether some evidence of a supported claim overlaps some gold span."""
    golds = [(str(folder / gold["source"]), gold["start"], gold["end"]) for gold in question["evidence"]]
    return any(
        Path(evidence.source) == Path(source) and evidence.start < end and start < evidence.end
        for verdict in answer.report.verdicts
        for evidence in verdict.evidence
        for source, start, end in golds
    )


def fit(count: int) -> None:
    """Fit on SQuAD 2.0: the logistic model of sentences, then logit scale and null similarity of the retriever."""
    if not SQUAD.is_dir():
        sys.exit(f"skipped: {SQUAD} is not there")
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score

    questions = [json.loads(line) for line in (SQUAD / "questions.jsonl").read_text(encoding="utf-8").splitlines()]
    articles: dict[str, dict[str, int]] = {}
    for question in questions:
        paragraphs = articles.setdefault(question["title"], {})
        paragraphs.setdefault(question["context"], len(paragraphs))
    embedder = create_embedder("embedded")
    chooser = random.Random(SEED)
    pools = [(list(paragraphs), embedder.embed_documents(list(paragraphs))) for paragraphs in articles.values()]
    numbers = {title: at for at, title in enumerate(articles)}
    items = [(numbers[q["title"]], articles[q["title"]][q["context"]], q) for q in questions]
    chosen = chooser.sample(items, count)
    print(f"command: python benchmarks/answers.py --fit --questions {count}; seed {SEED}")
    vectors = embedder.embed_queries([question["question"] for _, _, question in chosen])
    for with_cosine in (True, False):
        generator = ExtractiveGenerator(embedder if with_cosine else None)
        rows, labels, groups, answerable = [], [], [], []
        for item, ((at, number, question), vector) in enumerate(zip(chosen, vectors, strict=True)):
            # Every fourth question is asked of another article, which cannot answer it.
            foreign = item % 4 == 0
            texts, stored = pools[(at + 1) % len(pools)] if foreign else pools[at]
            order = np.argsort(-(stored @ vector))[:5]
            hits = [
                Hit(Chunk.whole(Document(f"{text_at}", texts[text_at], "squad")), 1.0, rank, 0.5)
                for rank, text_at in enumerate(order, start=1)
            ]
            candidates = candidates_of(hits)
            features, _ = generator.features(question["question"], hits, candidates)
            golds = [] if foreign or question["is_impossible"] else question["answers"]
            right = [
                int(order[c.hit]) == number and any(gold.lower() in c.text.lower() for gold in golds)
                for c in candidates
            ]
            rows.append(features)
            labels.append(np.array(right))
            groups.append(item)
            answerable.append(any(right))
        half = len(rows) // 2
        model = LogisticRegression(fit_intercept=False, C=10.0, max_iter=1000)
        model.fit(np.concatenate(rows[:half]), np.concatenate(labels[:half]))
        print(
            f"{'with' if with_cosine else 'without'} cosine:", dict(zip(FEATURES, model.coef_[0].round(2), strict=True))
        )
        scored = [model.predict_proba(features)[:, 1] for features in rows[half:]]
        best = [scores.max() for scores in scored]
        hit = [bool(label[scores.argmax()]) for scores, label in zip(scored, labels[half:], strict=True)]
        print("  answerability AUROC", round(roc_auc_score(answerable[half:], best), 3))
        for threshold in (0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5):
            given = [score >= threshold for score in best]
            right_given = sum(g and h for g, h in zip(given, hit, strict=True)) / max(1, sum(answerable[half:]))
            kept = [not g for g, a in zip(given, answerable[half:], strict=True) if not a]
            print(f"  threshold {threshold}: right {right_given:.3f} of the answerable, kept back {share(kept)}")
    fit_null_option(chosen, vectors, pools)


def fit_null_option(chosen: list[Any], vectors: Any, pools: list[Any]) -> None:
    """Maximum likelihood of logit scale and null similarity; the null cases are questions to articles left out."""
    everything = np.concatenate([stored for _, stored in pools])
    starts = np.cumsum([0, *(len(texts) for texts, _ in pools)])
    cases = []
    for item, ((at, number, question), vector) in enumerate(zip(chosen, vectors, strict=True)):
        if question["is_impossible"]:
            continue
        cosines = everything @ vector
        gold = starts[at] + number
        if item % 2:
            cosines = np.delete(cosines, np.s_[starts[at] : starts[at + 1]])
            gold = -1
        order = np.argsort(-cosines)[:100]
        if gold < 0 or gold in order:
            cases.append((cosines[order], -1 if gold < 0 else int(np.where(order == gold)[0][0])))
    best = (np.inf, 0.0, 0.0)
    for scale in np.arange(10, 60, 2.0):
        for null in np.arange(0.2, 0.8, 0.02):
            loss = 0.0
            for cosines, gold in cases:
                logits = scale * np.append(cosines, null)
                top = logits.max()
                loss += top + np.log(np.exp(logits - top).sum()) - logits[gold]
            best = min(best, (loss / len(cases), float(scale), float(null)))
    print(f"null option: loss {best[0]:.3f} nats at logit_scale {best[1]:.0f}, null_similarity {best[2]:.2f}")


if __name__ == "__main__":
    main()
