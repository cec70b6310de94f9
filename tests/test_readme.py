"""What the README promises, run."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from ragkit.cli import COMMANDS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_sample_runs(tmp_path, capsys):
    shutil.copytree(ROOT / "corpora/handbook/documents", tmp_path / "corpora/handbook/documents")
    (sample,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    names = {}
    exec(compile(sample, "README.md", "exec"), names)
    out = capsys.readouterr().out
    assert "190" in out
    assert "supported" in out
    assert names["answer"].is_grounded
    assert names["hits"][0].chunk.source.endswith("travel.md")
    assert not names["report"].is_grounded
    names["pipeline"].close()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_described(command):
    assert f"ragkit {command}" in README


def test_every_link_leads_somewhere():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_every_make_target_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"\bmake (ask|test|check|bench|install)\b", README):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
