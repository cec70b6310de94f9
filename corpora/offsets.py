"""Fill in or verify the character offsets of the gold evidence in every questions.jsonl.

python corpora/offsets.py            writes start and end behind each evidence text
python corpora/offsets.py --check    only says whether they are right
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from ragkit.loaders import load_file

CORPORA = Path(__file__).parent


def questions_of(folder: Path) -> list[dict[str, Any]]:
    """The questions of a corpus, evidence with its offsets in the text that ragkit's loaders give.

    Raises:
        SystemExit: An evidence text does not occur in its document.
    """
    questions = []
    for line in (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines():
        question = json.loads(line)
        for evidence in question["evidence"]:
            text = load_file(folder / evidence["source"]).text
            start = text.find(evidence["text"])
            if start < 0:
                sys.exit(f"{question['id']}: {evidence['source']} does not hold {evidence['text']!r}")
            evidence.update(start=start, end=start + len(evidence["text"]))
        questions.append(question)
    return questions


def main() -> int:
    """Go through all corpora; returns 1 if ``--check`` found a difference."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing")
    check = parser.parse_args().check
    wrong = 0
    for path in sorted(CORPORA.glob("*/questions.jsonl")):
        text = "".join(json.dumps(question, ensure_ascii=False) + "\n" for question in questions_of(path.parent))
        if text != path.read_text(encoding="utf-8"):
            wrong += 1
            print(f"{path}: {'out of date' if check else 'written'}", file=sys.stderr)
            if not check:
                path.write_text(text, encoding="utf-8")
    return int(check and wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
