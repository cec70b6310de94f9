"""Bombs, hangs and crashes cost one file and nothing else."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from ragkit.errors import ConfigError
from ragkit.loaders.isolation import LoadLimits, load_isolated
from ragkit.types import Document, Quarantined

PARSER = '''
"""In the place of openpyxl: does what the file says."""
import os, sys, time

def load_workbook(file, **options):
    exec(file.read(), globals())
    raise ValueError("said all it had to say")
'''


def loaded(sources, *, workers=None, **limits):
    return dict(load_isolated([str(source) for source in sources], LoadLimits(**limits), workers=workers))


@pytest.fixture
def ill_parser(tmp_path, monkeypatch):
    """Files named .xlsx are run by the worker; returns a function that writes one."""
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules/openpyxl.py").write_text(PARSER)
    monkeypatch.syspath_prepend(str(tmp_path / "modules"))

    def write(name: str, code: str) -> Path:
        (tmp_path / f"{name}.xlsx").write_text(code)
        return tmp_path / f"{name}.xlsx"

    return write


def test_documents_arrive_whole_and_in_order(tmp_path):
    paths = []
    for number in range(40):
        paths.append(tmp_path / f"{number:02}.md")
        paths[-1].write_text(f"# Title {number}\n\nText of 鷺 {number}.\n", encoding="utf-8")
    results = list(load_isolated(map(str, paths)))
    assert [name for name, _ in results] == [str(path) for path in paths]
    document = results[7][1]
    assert isinstance(document, Document)
    assert document.locate(document.text.index("Text")).headings == ("Title 7",)


def test_a_bomb_is_quarantined_and_the_others_are_loaded(tmp_path):
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
        types = "http://schemas.openxmlformats.org/package/2006/content-types"
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{types}"><Override PartName="/word/document.xml" ContentType="{kind}"/></Types>',
        )
        relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
        namespace = "http://schemas.openxmlformats.org/package/2006/relationships"
        link = f'<Relationship Id="r1" Type="{relation}" Target="word/document.xml"/>'
        archive.writestr("_rels/.rels", f'<Relationships xmlns="{namespace}">{link}</Relationships>')
        with archive.open("word/document.xml", "w", force_zip64=True) as part:
            for _ in range(600):
                part.write(b"A" * (1 << 20))
    (tmp_path / "bomb.docx").write_bytes(bomb.getvalue())
    (tmp_path / "fine.txt").write_text("All is well.")
    results = loaded([tmp_path / "bomb.docx", tmp_path / "fine.txt"], max_memory_mb=512)
    assert "memory" in results[str(tmp_path / "bomb.docx")].reason
    assert isinstance(results[str(tmp_path / "fine.txt")], Document)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("while True: pass", "took longer than 2 s"),
        ("time.sleep(1000)", "took longer than 2 s"),
        ("bytearray(1 << 40)", "needs more memory than it may have"),
        ("os._exit(3)", "ended the loader"),
        ("os.kill(os.getpid(), 11)", "ended the loader"),
        ("def f(): f()\nf()", "nested too deeply"),
        ("print('noise' * 100_000); os.write(1, b'noise'); sys.stderr.write('noise' * 100_000)", "said all"),
        ("assert sys.stdin.read() == ''", "said all"),
        ("sys.exit(0)", "ended the loader"),
    ],
)
def test_an_ill_parser_costs_one_file(ill_parser, tmp_path, code, reason):
    ill = ill_parser("ill", code)
    (tmp_path / "fine.txt").write_text("All is well.")
    results = loaded([ill, tmp_path / "fine.txt", ill], workers=1, timeout_s=2)
    assert reason in results[str(ill)].reason
    assert results[str(tmp_path / "fine.txt")].text == "All is well."


def test_what_is_not_wanted_any_more_ends_at_once(ill_parser, tmp_path):
    slow = ill_parser("slow", "time.sleep(1000)")
    (tmp_path / "fine.txt").write_text("All is well.")
    results = load_isolated([str(tmp_path / "fine.txt"), *[str(slow)] * 9])
    assert isinstance(next(results)[1], Document)
    started = time.perf_counter()
    results.close()
    assert time.perf_counter() - started < 20


def test_a_worker_ends_with_its_parent():
    process = subprocess.Popen(
        [sys.executable, "-m", "ragkit.loaders.worker", "2048", "60"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    process.communicate(b"", timeout=60)
    assert process.returncode == 0


def test_modules_in_the_folder_that_one_stands_in_are_not_imported(tmp_path):
    # Each test runs in its own folder, tmp_path.
    Path("openpyxl.py").write_text("raise SystemExit")
    Path("json.py").write_text("raise SystemExit")
    Path("fine.txt").write_text("All is well.")
    assert isinstance(loaded(["fine.txt"])["fine.txt"], Document)


def test_a_process_that_cannot_start_is_reported(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    (tmp_path / "fine.txt").write_text("All is well.")
    assert "could be started" in loaded([tmp_path / "fine.txt"])[str(tmp_path / "fine.txt")].reason


def test_what_is_not_a_file(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    results = loaded([tmp_path, tmp_path / "pipe.txt", "a\x00b"])
    assert [result.reason for result in results.values()][:2] == ["is not a file"] * 2
    assert "cannot be read" in results["a\x00b"].reason


def test_sizes_are_limited(tmp_path):
    (tmp_path / "a.txt").write_text("x" * 5000)
    (tmp_path / "b.bin").write_bytes(b"x" * (3 << 20))
    results = loaded([tmp_path / "a.txt", tmp_path / "b.bin", tmp_path / "gone.txt"], max_chars=1000, max_file_mb=2)
    reasons = [result.reason for result in results.values()]
    assert "more than 1000" in reasons[0]
    assert "more than 2 MB" in reasons[1]
    assert "cannot be read" in reasons[2]


def test_deep_json_costs_one_file(tmp_path):
    (tmp_path / "deep.json").write_text("[" * 200_000)
    (tmp_path / "fine.json").write_text(json.dumps({"a": 1}))
    results = loaded([tmp_path / "deep.json", tmp_path / "fine.json"])
    assert isinstance(results[str(tmp_path / "deep.json")], Quarantined)
    assert results[str(tmp_path / "fine.json")].text == "a: 1"


def test_nothing_to_load():
    assert loaded([]) == {}


def test_limits_are_above_nothing():
    with pytest.raises(ConfigError):
        LoadLimits(timeout_s=0)
    with pytest.raises(ConfigError):
        loaded(["a.txt"], workers=0)
