"""ragkit: retrieval-augmented generation whose every sentence is checked against its sources.

::

    from ragkit import RagPipeline

    pipeline = RagPipeline.from_corpus("documents")
    answer = pipeline.ask("How many days of holiday do I get?")
    for verdict in answer.report.verdicts:
        print(verdict.label, verdict.claim.text, verdict.evidence)

Importing this module is quick: each name is fetched from its place when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ragkit.corpus import Corpus, SyncReport
    from ragkit.decoding import DecodingConfig
    from ragkit.errors import RagkitError
    from ragkit.pipeline import RagPipeline
    from ragkit.retriever import Fusion, Retriever
    from ragkit.settings import Settings
    from ragkit.types import (
        Answer,
        Chunk,
        Claim,
        Document,
        Evidence,
        Hit,
        Location,
        Outcome,
        Report,
        Verdict,
        VerdictLabel,
    )

__version__ = "0.1.0"

_PLACES = {
    "Answer": "types",
    "Chunk": "types",
    "Claim": "types",
    "Corpus": "corpus",
    "DecodingConfig": "decoding",
    "Document": "types",
    "Evidence": "types",
    "Fusion": "retriever",
    "Hit": "types",
    "Location": "types",
    "Outcome": "types",
    "RagPipeline": "pipeline",
    "RagkitError": "errors",
    "Report": "types",
    "Retriever": "retriever",
    "Settings": "settings",
    "SyncReport": "corpus",
    "Verdict": "types",
    "VerdictLabel": "types",
}

__all__ = [
    "Answer",
    "Chunk",
    "Claim",
    "Corpus",
    "DecodingConfig",
    "Document",
    "Evidence",
    "Fusion",
    "Hit",
    "Location",
    "Outcome",
    "RagPipeline",
    "RagkitError",
    "Report",
    "Retriever",
    "Settings",
    "SyncReport",
    "Verdict",
    "VerdictLabel",
]


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module 'ragkit' has no attribute {name!r}")
    value = getattr(import_module(f"ragkit.{_PLACES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_PLACES])
