"""Immutable settings and where each value came from: ``ragkit.toml``, then ``RAGKIT_*``, then arguments."""

from __future__ import annotations

import json
import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ragkit.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = "ragkit.toml"
PREFIX = "RAGKIT_"
NOT_SETTINGS = frozenset({"RAGKIT_CACHE"})
"""Variables that other parts of ragkit read: the folder for converted models."""


class Settings(BaseModel):
    """What a run of ragkit can be told. Only ``embedder`` and the splitter's sizes belong to an index's identity."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    index: str = Field(default=".ragkit/index", description="folder of the index")
    embedder: str = Field(
        default="embedded", description="'embedded', or a sentence-transformers model by folder or hub name"
    )
    max_tokens: int = Field(
        default=0, ge=0, description="longest chunk in the embedder's tokens; 0 is the embedder's limit"
    )
    overlap_tokens: int = Field(default=0, ge=0, description="tokens that a chunk repeats from the one before")
    k: int = Field(default=5, ge=1, description="how many hits")
    candidates: int = Field(default=100, ge=1, description="chunks that the dense and the lexical side propose each")
    fusion: str = Field(default="convex", description="convex, rrf, distribution, dense or lexical")
    dense_weight: float = Field(default=0.5, ge=0, le=1, description="share of the dense score in the fusion")
    logit_scale: float = Field(default=30.0, gt=0, description="inverse temperature of the probabilities")
    null_similarity: float = Field(default=0.46, ge=-1, le=1, description="cosine of the option 'none of them'")
    generator: str = Field(
        default="auto", description="auto, extractive, smollm2, or a transformers model by folder or name"
    )
    checker: str = Field(default="lexical", description="who compares answers with sources")
    preset: str = Field(default="precise", description="decoding preset")
    decoding: dict[str, Any] = Field(default_factory=dict, description="decoding values that differ from the preset")
    timeout_s: float = Field(default=60.0, gt=0, description="seconds that loading one file may take")
    max_memory_mb: int = Field(default=2048, ge=256, description="memory that loading one file may take")
    max_file_mb: int = Field(default=200, ge=1, description="largest file that is loaded")


def load_settings(
    overrides: Mapping[str, Any] | None = None,
    *,
    folder: str | Path = ".",
    environ: Mapping[str, str] | None = None,
) -> tuple[Settings, dict[str, str]]:
    """Put the settings together.

    Args:
        overrides: Values that win over all others; None counts as not given.
        folder: Where ``ragkit.toml`` is looked for.
        environ: Variables; those of the process if None. ``RAGKIT_DECODING__TOP_K`` sets one decoding value.

    Returns:
        The settings, and for each of them where its value came from.

    Raises:
        ConfigError: The file cannot be read, or a name or value is wrong; the message says which and where.
    """
    values: dict[str, Any] = {}
    origins = dict.fromkeys(Settings.model_fields, "default")
    for origin, given in (
        (FILE, _from_file(Path(folder) / FILE)),
        ("environment", _from_environment(os.environ if environ is None else environ)),
        ("option", {name: value for name, value in (overrides or {}).items() if value is not None}),
    ):
        for name, value in given.items():
            if name == "decoding" and isinstance(value, dict):
                value = {**values.get("decoding", {}), **value}
                if not value:
                    continue
            values[name] = value
            origins[name] = origin if origin != "environment" else f"environment ({PREFIX}{name.upper()})"
    try:
        return Settings.model_validate(values), origins
    except ValidationError as exc:
        problem = exc.errors()[0]
        name = str(problem["loc"][0])
        raise ConfigError(
            f"setting {name}: {problem['msg']} (found {problem['input']!r} in {origins.get(name, 'the settings')})",
            hint="ragkit info --settings lists all settings and where their values come from",
        ) from exc


def _from_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as exc:
        raise ConfigError(f"{path} cannot be read: {exc}", hint="mend the file, or move it away") from exc


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for variable, text in sorted(environ.items()):
        if not variable.startswith(PREFIX) or variable in NOT_SETTINGS:
            continue
        name, _, part = variable.removeprefix(PREFIX).lower().partition("__")
        if part:
            given.setdefault(name, {})[part] = _value(text)
        else:
            given[name] = text
    return given


def _value(text: str) -> Any:
    """A number or truth value where the text is one, else the text."""
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text
