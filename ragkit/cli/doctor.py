"""``ragkit doctor``: what is installed, and what would run by default."""

from __future__ import annotations

import os
import platform
from importlib import metadata
from typing import Any

from ragkit.cli.common import AsJson, print_json

PACKAGES = (
    "ragkit",
    "faiss-cpu",
    "langchain-text-splitters",
    "pydantic",
    "rich",
    "sentence-transformers",
    "torch",
    "transformers",
)


def doctor(as_json: AsJson = False) -> None:
    """Show versions, threads, models with their digests, and what would run by default."""
    facts = _facts()
    if as_json:
        print_json(facts)
        return
    from rich.text import Text

    from ragkit.cli.view import console

    out = console()
    for name, value in facts.items():
        if isinstance(value, dict):
            out.print(Text(name, style="bold"))
            for key, each in value.items():
                out.print(Text(f"  {key:26}{each}"))
        else:
            out.print(Text.assemble((f"{name:28}", "bold"), str(value)))


def _facts() -> dict[str, Any]:
    import torch

    from ragkit.embedders.sentence_transformer import (
        EMBEDDED_WEIGHTS_SHA256,
        embedded_model_path,
        has_bfloat16,
        weights_digest,
    )
    from ragkit.errors import BackendUnavailableError, MissingDependencyError
    from ragkit.generators.transformers import embedded_language_model
    from ragkit.paths import cache_dir

    try:
        digest = weights_digest(embedded_model_path())
        verified = "verified" if digest == EMBEDDED_WEIGHTS_SHA256 else "DAMAGED: not the official release"
        embedder = f"all-MiniLM-L6-v2, SHA-256 {digest[:16]}… {verified}"
    except MissingDependencyError as exc:
        embedder = f"missing; {exc.hint}"
    try:
        path = embedded_language_model()
        language_model, generator = f"SmolLM2-135M-Instruct, {path}", "smollm2"
    except BackendUnavailableError as exc:
        language_model, generator = f"missing; {exc.hint}", "extractive"
    return {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "cores": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "bfloat16": "yes" if has_bfloat16() else "no",
        "gpu": torch.cuda.get_device_name() if torch.cuda.is_available() else "none",
        "cache": str(cache_dir()),
        "packages": {name: _version(name) for name in PACKAGES},
        "models": {"embedder": embedder, "language model": language_model},
        "by default": {"embedder": "embedded", "index": "faiss, exact", "generator": generator, "checker": "lexical"},
    }


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "missing"
