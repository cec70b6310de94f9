"""What several commands share: options, settings, progress, and output as JSON."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ragkit.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ragkit.pipeline import RagPipeline
    from ragkit.settings import Settings
    from ragkit.types import Document

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a view for people.")]
IndexOption = Annotated[str | None, typer.Option("--index", metavar="DIR", help="Folder of the index.")]
CorpusOption = Annotated[
    str | None,
    typer.Option(
        "--corpus", metavar="PATH", help="Files to ask instead: an index of them is made or brought up to date."
    ),
]
KOption = Annotated[int | None, typer.Option("--k", metavar="N", help="How many sources to retrieve.")]
FusionOption = Annotated[str | None, typer.Option(metavar="NAME", help="convex, rrf, distribution, dense or lexical.")]
EmbedderOption = Annotated[
    str | None, typer.Option(metavar="MODEL", help="'embedded', or a sentence-transformers model by folder or name.")
]

STAGES = {"load": "Reading files", "embed": "Embedding chunks"}


def settings_of(**overrides: Any) -> Settings:
    """The settings, with options winning over environment and file."""
    from ragkit.settings import load_settings

    return load_settings(overrides)[0]


def print_json(value: Any) -> None:
    """One JSON value on stdout, indented, in UTF-8."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


@contextmanager
def progress_bars() -> Iterator[Callable[[str, int, int], None]]:
    """Bars on stderr for the stages of indexing; silent where stderr is not a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        tasks: dict[str, TaskID] = {}

        def report(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(STAGES.get(stage, stage), total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield report


@contextmanager
def open_pipeline(index: str | None, corpus: str | None, **overrides: Any) -> Iterator[RagPipeline]:
    """The pipeline that ``--index`` or ``--corpus`` names, closed at the end of the block.

    Raises:
        ConfigError: Both are given.
    """
    if index and corpus:
        raise ConfigError("--index and --corpus exclude each other", hint="give the one that you want to ask")
    settings = settings_of(index=index, **overrides)
    note("Loading the embedding model …")
    from ragkit.pipeline import RagPipeline

    if corpus:
        with progress_bars() as progress:
            pipeline = RagPipeline.from_corpus(corpus, settings=settings, progress=progress)
        for bad in pipeline.corpus.quarantined():
            warn(f"left out {bad.source}: {bad.reason}")
    else:
        pipeline = RagPipeline.open(settings.index, settings=settings)
    with pipeline:
        yield pipeline


def read_text(value: str) -> str:
    """The text that an option means: a file's, standard input's (``-``), or the value itself."""
    return "\n\n".join(document.text for document in read_sources(value, 1))


def read_sources(value: str, number: int) -> list[Document]:
    """The documents that an option means: a file's or folder's, standard input's (``-``), or the value itself.

    Args:
        value: What was given.
        number: Which of its kind, for naming a text.
    """
    from ragkit.loaders import find_files, load_file
    from ragkit.types import Document

    if value == "-":
        return [Document("stdin", sys.stdin.read(), "stdin")]
    try:
        exists = Path(value).exists()
    except (OSError, ValueError):
        exists = False
    if exists:
        return [load_file(path) for path in find_files([value])]
    return [Document(f"text {number}", value, f"text {number}")]


def note(message: str) -> None:
    """A passing word on what takes time, for people only."""
    if sys.stderr.isatty():
        print(message, file=sys.stderr)


def warn(message: str) -> None:
    """A warning on stderr."""
    print(f"warning: {message}", file=sys.stderr)
