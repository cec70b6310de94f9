"""The shipped corpora are what their README says, and their gold spans stand where they say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ragkit.loaders import load_file

CORPORA = Path(__file__).parent.parent / "corpora"
NAMES = ["handbook", "product", "science"]


def questions_of(name):
    return [json.loads(line) for line in (CORPORA / name / "questions.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("name", NAMES)
def test_gold_spans_are_exact(name):
    texts = {}
    for question in questions_of(name):
        for gold in question["evidence"]:
            text = texts.setdefault(gold["source"], load_file(CORPORA / name / gold["source"]).text)
            assert text[gold["start"] : gold["end"]] == gold["text"], question["id"]


def test_there_is_enough_of_each_kind():
    questions = [question for name in NAMES for question in questions_of(name)]
    documents = [path for name in NAMES for path in (CORPORA / name / "documents").iterdir()]
    assert len(documents) >= 30
    assert len(questions) >= 60
    assert len({question["id"] for question in questions}) == len(questions)
    assert sum(question["kind"] == "unanswerable" for question in questions) >= len(questions) / 4
    assert all((question["answer"] is None) == (question["evidence"] == []) for question in questions)
    multi = [question for question in questions if question["kind"] == "multi"]
    assert all(len({gold["source"] for gold in question["evidence"]}) > 1 for question in multi)
    assert multi
