"""The command line: shapes of JSON, exit statuses, what goes where."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys

import pytest

from ragkit.cli import COMMANDS, main


@pytest.fixture
def docs(tmp_path):
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "leave.md").write_bytes(b"# Leave\r\n\r\nEvery employee has 28 days of paid leave a year.\r\n")
    (folder / "hotels.txt").write_text("Hotels are paid up to 140 euros per night.\n", encoding="utf-8")
    return folder


@pytest.fixture
def index(docs):
    assert main(["index", str(docs), "--index", "idx"]) == 0
    return "idx"


def test_the_table_is_sorted():
    assert list(COMMANDS) == sorted(COMMANDS)


def test_index_says_what_it_did(docs, capsys):
    assert main(["index", "docs", "--index", "idx", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert sorted(report["added"]) == ["docs/hotels.txt", "docs/leave.md"]
    assert main(["index", "docs", "--index", "idx"]) == 0
    assert "2 unchanged" in capsys.readouterr().out


def test_search_json(index, capsys):
    capsys.readouterr()
    assert main(["search", "hotel costs", "--index", index, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert list(found) == ["question", "hits"]
    hit = found["hits"][0]
    assert list(hit) == ["rank", "score", "probability", "source", "start", "end", "text", "location"]
    assert hit["source"].endswith("hotels.txt")


def test_ask_json_and_show(index, capsys):
    capsys.readouterr()
    question = "How many days of paid leave does an employee have?"
    assert main(["ask", question, "--index", index, "--generator", "extractive", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    wanted = ["question", "answer", "outcome", "claims", "hits", "generator", "usage"]
    assert list(answer)[: len(wanted)] == wanted
    claim = answer["claims"][0]
    assert list(claim)[:6] == ["text", "start", "end", "verdict", "p_supported", "evidence"]
    assert claim["verdict"] == "supported"
    evidence = claim["evidence"][0]
    assert list(evidence)[:5] == ["source", "start", "end", "text", "location"]
    span = ["--start", str(evidence["start"]), "--end", str(evidence["end"])]
    assert main(["show", evidence["source"], *span, "--index", index, "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["text"], shown["location"]) == (evidence["text"], evidence["location"])


def test_ask_shows_verdicts_and_sources(docs, capsys):
    question = "How many days of paid leave does an employee have?"
    assert main(["ask", question, "--corpus", "docs", "--generator", "extractive"]) == 0
    out = capsys.readouterr().out
    assert "✔ supported" in out
    assert "docs/leave.md, line 3" in " ".join(out.split())
    assert "Sources" in out


def test_check_strict(capsys):
    source = "The tower is 48 metres high."
    assert main(["check", "--answer", source, "--source", source, "--strict"]) == 0
    assert main(["check", "--answer", "The tower is 52 metres high.", "--source", source, "--strict"]) == 3
    assert "48 metres" in capsys.readouterr().out
    assert main(["check", "--answer", "The tower is 52 metres high.", "--source", source]) == 0


def test_check_reads_files_and_stdin(docs, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO("Hotels are paid up to 140 euros per night."))
    assert main(["check", "--answer", "-", "--source", str(docs / "hotels.txt"), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["outcome"] == "grounded"
    assert main(["check", "--answer", "Hotels.", "--source", str(docs), "--format", "markdown"]) == 0
    assert capsys.readouterr().out.startswith("**")


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["ask", "x", "--index", "nowhere"], 1, "hint: ragkit index"),
        (["index", "no-such-folder"], 1, "does not exist"),
        (["ask", "x", "--index", "a", "--corpus", "b"], 1, "exclude each other"),
        (["show", "nothing.txt"], 1, "neither in the index nor a file"),
        (["ask"], 2, "issing argument"),
        (["search", "x", "--k", "zero"], 2, "integer"),
        (["ask", "x", "--k", "0"], 1, "setting k"),
        (["check", "--answer", "-", "--source", "-"], 1, "only once"),
    ],
)
def test_mistakes_are_explained_on_stderr(arguments, status, words, capsys):
    assert main(arguments) == status
    captured = capsys.readouterr()
    assert words in captured.err
    assert captured.out == ""


def test_info_and_settings(index, capsys, monkeypatch):
    capsys.readouterr()
    assert main(["info", "--index", index, "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["documents"], len(facts["sources"])) == (2, 2)
    monkeypatch.setenv("RAGKIT_K", "7")
    assert main(["info", "--settings", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["k"] == {"value": 7, "from": "environment (RAGKIT_K)"}


def test_doctor(capsys):
    assert main(["doctor", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert "verified" in facts["models"]["embedder"]
    assert facts["by default"]["checker"] == "lexical"


def test_as_a_program_without_colour_and_with_a_closed_pipe(docs):
    environment = {**os.environ, "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-m", "ragkit", "--version"], capture_output=True, text=True, env=environment, check=True
    )
    assert done.stdout.startswith("ragkit 0.")
    with subprocess.Popen(
        [sys.executable, "-m", "ragkit", "info", "--settings"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    ) as process:
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()
