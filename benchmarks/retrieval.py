"""Retrieval quality, speed and memory on public test sets, beside other systems where their scripts are at hand.

python benchmarks/retrieval.py                        ragkit on SciFact and Cranfield
python benchmarks/retrieval.py --peers ../peers-venv/bin/python    runs ../shared/peers in turn with ragkit
python benchmarks/retrieval.py --fusions              every fusion on every set, for choosing the default

Each system runs in a process of its own. nDCG@10 with the gain of the judgments, recall at 10; documents per second
from texts to a saved index, models loaded within; query times on an open pipeline; peak memory of the process.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

DATA = Path(__file__).parent.parent.parent / "shared/data/retrieval"
PEERS = Path(__file__).parent.parent.parent / "shared/peers"
COLUMNS = ("system", "data", "docs", "ndcg10", "r10", "docs_per_s", "q_p50_ms", "q_p95_ms", "rss_mb", "import_s")
DEPTH = 30
"""Hits asked for, so that ten documents remain when several chunks of one are found."""


def main() -> None:
    """Run what was asked for and print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", nargs="+", default=["cranfield", "scifact"], metavar="NAME")
    parser.add_argument("--peers", metavar="PYTHON", help="interpreter that has the other systems")
    parser.add_argument("--fusions", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--one", metavar="NAME", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if not DATA.is_dir():
        sys.exit(f"skipped: {DATA} is not there")
    if arguments.one:
        for row in measure(arguments.one, arguments.fusions):
            print(json.dumps(row), flush=True)
        return
    rows: list[dict[str, Any]] = []
    for name in arguments.data:
        fusions = ["--fusions"] if arguments.fusions else []
        rows += run([sys.executable, __file__, "--one", name, *fusions])
        if arguments.peers:
            for script in sorted(PEERS.glob("peer_*.py")):
                rows += run([arguments.peers, str(script), name])
            rows += run([arguments.peers, str(PEERS / "peer_txtai.py"), name, "0", "h"])
    if arguments.json:
        print(json.dumps(rows, indent=2))
        return
    print("command: python benchmarks/retrieval.py", *sys.argv[1:])
    print("  ".join(f"{column:>16}" for column in COLUMNS))
    for row in rows:
        print("  ".join(f"{row.get(column, '')!s:>16}" for column in COLUMNS))


def run(command: list[str]) -> list[dict[str, Any]]:
    """The JSON lines that a command prints; a command that fails is reported and gives none."""
    environment = {**os.environ, "DATA": str(DATA), "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        print(f"failed: {' '.join(command)}\n{done.stderr[-500:]}", file=sys.stderr)
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def measure(name: str, fusions: bool) -> list[dict[str, Any]]:
    """Index one set and ask all its judged questions, with the default fusion or with each of them."""
    started = time.perf_counter()
    from ragkit.corpus import Corpus, content_digest
    from ragkit.embedders import create_embedder
    from ragkit.retriever import Fusion, Retriever
    from ragkit.splitters.recursive import RecursiveSplitter
    from ragkit.types import Document

    import_s = time.perf_counter() - started
    texts, titles = {}, {}
    for line in (DATA / name / "corpus.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        key, titles[str(row["_id"])] = str(row["_id"]), row.get("title") or ""
        texts[key] = f"{titles[key]}\n{row['text']}".strip()
    questions = {}
    for line in (DATA / name / "queries.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        questions[str(row["_id"])] = row["text"]
    judged: dict[str, dict[str, float]] = {}
    with (DATA / name / "qrels/test.tsv").open(encoding="utf-8") as file:
        for question, document, gain, *_ in list(csv.reader(file, delimiter="\t"))[1:]:
            if float(gain) > 0:
                judged.setdefault(question, {})[document] = float(gain)
    rows = []
    with TemporaryDirectory() as folder:
        started = time.perf_counter()
        embedder = create_embedder("embedded")
        splitter = RecursiveSplitter(embedder)
        corpus = Corpus.create(folder, embedder=embedder, splitter=splitter)
        documents = [Document(key, text, key, titles[key]) for key, text in texts.items()]
        corpus.write(
            [(document, content_digest(document.text.encode())) for document in documents],
            embedder=embedder,
            splitter=splitter,
        )
        index_s = time.perf_counter() - started
        for fusion in Fusion if fusions else (Fusion.CONVEX,):
            retriever = Retriever(corpus, embedder, fusion=fusion)
            retriever.search("warm up")
            found, seconds = {}, []
            for key in judged:
                started = time.perf_counter()
                hits = retriever.search(questions[key], DEPTH)
                seconds.append(time.perf_counter() - started)
                found[key] = list(dict.fromkeys(hit.chunk.document_id for hit in hits))
            rows.append(
                {
                    "system": f"ragkit-{fusion}" if fusions else "ragkit",
                    "data": name,
                    "docs": len(texts),
                    **quality(judged, found),
                    "docs_per_s": round(len(texts) / index_s, 1),
                    "q_p50_ms": round(sorted(seconds)[len(seconds) // 2] * 1e3, 1),
                    "q_p95_ms": round(sorted(seconds)[int(len(seconds) * 0.95)] * 1e3, 1),
                    "rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
                    "import_s": round(import_s, 2),
                }
            )
        corpus.close()
    return rows


def quality(judged: dict[str, dict[str, float]], found: dict[str, list[str]]) -> dict[str, float]:
    """Quality at 10 (nDCG and recall), by the library ir-measures."""
    import ir_measures

    truth = [ir_measures.Qrel(q, d, int(gain)) for q, gains in judged.items() for d, gain in gains.items()]
    ranked = [
        ir_measures.ScoredDoc(q, document, -float(rank))
        for q, documents in found.items()
        for rank, document in enumerate(documents)
    ]
    values = ir_measures.calc_aggregate([ir_measures.nDCG @ 10, ir_measures.R @ 10], truth, ranked)
    return {"ndcg10": round(values[ir_measures.nDCG @ 10], 4), "r10": round(values[ir_measures.R @ 10], 4)}


if __name__ == "__main__":
    main()
