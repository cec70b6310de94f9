"""Every example runs offline and prints what it promises."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parent.parent / "examples"
PROMISES = {
    "ask_a_folder.py": ["28 days", "supported:"],
    "check_an_answer.py": ["partly", "supported: The bridge is 312 metres long.", "the source says 4 May 1998"],
    "own_generator.py": ["port 8620"],
    "search_only.py": ["1. batteries.txt"],
}


def test_each_example_is_tested():
    scripts = {path.name for path in EXAMPLES.glob("*.py")}
    assert scripts - {"picture.py"} == set(PROMISES)


@pytest.mark.parametrize("name", PROMISES)
def test_example(name):
    done = subprocess.run([sys.executable, str(EXAMPLES / name)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for words in PROMISES[name]:
        assert words in done.stdout
