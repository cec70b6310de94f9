"""``ragkit search``: the chunks that answer a question."""

from __future__ import annotations

from typing import Annotated

import typer

from ragkit.cli.common import (
    AsJson,
    CorpusOption,
    EmbedderOption,
    FusionOption,
    IndexOption,
    KOption,
    open_pipeline,
    print_json,
)


def search(
    question: Annotated[str, typer.Argument(help="What to look for.")],
    index: IndexOption = None,
    corpus: CorpusOption = None,
    k: KOption = None,
    fusion: FusionOption = None,
    embedder: EmbedderOption = None,
    as_json: AsJson = False,
) -> None:
    """Show the chunks that answer a question best, with where they stand."""
    with open_pipeline(index, corpus, k=k, fusion=fusion, embedder=embedder) as pipeline:
        hits = pipeline.search(question)
    if as_json:
        from ragkit.rendering import hit_to_dict

        print_json({"question": question, "hits": [hit_to_dict(hit) for hit in hits]})
        return
    from ragkit.cli.view import console, hits_view

    console().print(hits_view(hits))
