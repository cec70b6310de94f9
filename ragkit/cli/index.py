"""``ragkit index``: make an index equal to files and folders."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from ragkit.cli.common import AsJson, EmbedderOption, IndexOption, note, print_json, progress_bars, settings_of


def index(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Files and folders of documents.")],
    index: IndexOption = None,
    strict: Annotated[bool, typer.Option("--strict", help="Fail if a file cannot be loaded.")] = False,
    embedder: EmbedderOption = None,
    max_tokens: Annotated[int | None, typer.Option(metavar="N", help="Longest chunk in tokens.")] = None,
    overlap_tokens: Annotated[int | None, typer.Option(metavar="N", help="Tokens repeated between chunks.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make an index equal to files and folders: new ones are added, changed ones replaced, missing ones deleted."""
    settings = settings_of(index=index, embedder=embedder, max_tokens=max_tokens, overlap_tokens=overlap_tokens)
    note("Loading the embedding model …")
    from ragkit.corpus import Corpus
    from ragkit.embedders import create_embedder
    from ragkit.loaders.isolation import LoadLimits
    from ragkit.splitters.recursive import RecursiveSplitter

    model = create_embedder(settings.embedder)
    splitter = RecursiveSplitter(model, max_tokens=settings.max_tokens, overlap_tokens=settings.overlap_tokens)
    limits = LoadLimits(
        timeout_s=settings.timeout_s, max_memory_mb=settings.max_memory_mb, max_file_mb=settings.max_file_mb
    )
    with Corpus.create(settings.index, embedder=model, splitter=splitter) as corpus, progress_bars() as progress:
        report = corpus.sync(paths, embedder=model, splitter=splitter, limits=limits, strict=strict, progress=progress)
        documents = corpus.manifest.documents
    if as_json:
        print_json({"index": settings.index, "documents": documents, **asdict(report)})
        return
    from rich.text import Text

    from ragkit.cli.view import console

    out = console()
    out.print(
        Text(
            f"{len(report.added)} added, {len(report.changed)} changed, {len(report.deleted)} deleted,"
            f" {report.unchanged} unchanged, {len(report.quarantined)} left out"
        )
    )
    for bad in report.quarantined:
        out.print(Text.assemble(("left out ", "yellow"), bad.source, f": {bad.reason}"))
    out.print(
        Text(
            f"{settings.index} holds {documents} documents in {report.chunks} chunks;"
            f" {report.embedded} embedded in {report.seconds:.1f} s"
        )
    )
