"""The storeys of the house, and what may be imported at its door."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "ragkit"

STOREYS = {
    "errors": 0,
    "types": 0,
    "claims": 1,
    "decoding": 1,
    "metrics": 1,
    "optional": 1,
    "paths": 1,
    "prompts": 1,
    "quiet": 1,
    "rendering": 1,
    "sentences": 1,
    "settings": 1,
    "similarity": 1,
    "words": 1,
    "protocols": 2,
    "checkers": 3,
    "embedders": 3,
    "generators": 3,
    "indexes": 3,
    "lexical": 3,
    "loaders": 3,
    "splitters": 3,
    "corpus": 4,
    "retriever": 5,
    "testing": 4,
    "pipeline": 6,
    "__init__": 7,
    "__main__": 8,
    "cli": 7,
}
# Modules of the lowest inhabited storeys that read a neighbour below them on the same storey.
SAME_STOREY = {("claims", "sentences"), ("prompts", "sentences"), ("types", "errors")}
HEAVY = ("torch", "transformers", "sentence_transformers", "faiss", "sklearn", "scipy", "langchain_text_splitters")


def part_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports_of(path: Path) -> set[str]:
    """Parts of ragkit that a source imports anywhere, also inside functions."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "ragkit":
            rest = node.module.split(".")[1:]
            found.update([rest[0]] if rest else [alias.name for alias in node.names])
        elif isinstance(node, ast.Import):
            found.update(alias.name.split(".")[1] for alias in node.names if alias.name.startswith("ragkit."))
    return found & set(STOREYS)


SOURCES = sorted(ROOT.rglob("*.py"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_part_imports_only_from_lower_storeys(path):
    part = part_of(path)
    assert part in STOREYS, f"give {part} a storey"
    for other in imports_of(path) - {part}:
        lower = STOREYS[other] < STOREYS[part] or (part, other) in SAME_STOREY
        assert lower, f"{part} (storey {STOREYS[part]}) imports {other} (storey {STOREYS[other]})"


def loaded_by(code: str) -> set[str]:
    script = f"import sys\n{code}\nprint(' '.join(sorted(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(out.stdout.splitlines()[-1].split())


def test_import_ragkit_is_light():
    loaded = loaded_by("import ragkit")
    assert not loaded & {*HEAVY, "numpy", "pydantic", "rich"}


def test_help_is_light():
    code = "from ragkit.cli import main\nimport contextlib, io\n"
    code += "with contextlib.redirect_stdout(io.StringIO()): assert main(['--help']) == 0"
    assert not loaded_by(code) & set(HEAVY)


def test_every_public_name_can_be_imported():
    import ragkit

    assert list(ragkit.__all__) == sorted(ragkit.__all__)
    for name in ragkit.__all__:
        assert getattr(ragkit, name) is not None
    assert set(ragkit.__all__) <= set(dir(ragkit))
    with pytest.raises(AttributeError, match="no_such_name"):
        ragkit.no_such_name  # noqa: B018
