"""``ragkit ask``: a checked answer."""

from __future__ import annotations

import sys
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

DECODING = "Decoding"


def ask(
    question: Annotated[str, typer.Argument(help="The question; - reads it from stdin.")],
    index: IndexOption = None,
    corpus: CorpusOption = None,
    k: KOption = None,
    generator: Annotated[
        str | None, typer.Option(metavar="NAME", help="auto, extractive, smollm2, or a transformers model.")
    ] = None,
    fusion: FusionOption = None,
    embedder: EmbedderOption = None,
    stream: Annotated[
        bool, typer.Option("--stream", help="Show the model's draft on stderr as it is written.")
    ] = False,
    preset: Annotated[
        str | None, typer.Option(metavar="NAME", help="precise, balanced, creative or beam.", rich_help_panel=DECODING)
    ] = None,
    do_sample: Annotated[bool | None, typer.Option("--sample/--greedy", rich_help_panel=DECODING)] = None,
    num_beams: Annotated[int | None, typer.Option(rich_help_panel=DECODING)] = None,
    temperature: Annotated[float | None, typer.Option(rich_help_panel=DECODING)] = None,
    top_k: Annotated[int | None, typer.Option(rich_help_panel=DECODING)] = None,
    top_p: Annotated[float | None, typer.Option(rich_help_panel=DECODING)] = None,
    min_p: Annotated[float | None, typer.Option(rich_help_panel=DECODING)] = None,
    repetition_penalty: Annotated[float | None, typer.Option(rich_help_panel=DECODING)] = None,
    no_repeat_ngram_size: Annotated[int | None, typer.Option(rich_help_panel=DECODING)] = None,
    num_return_sequences: Annotated[int | None, typer.Option(rich_help_panel=DECODING)] = None,
    max_new_tokens: Annotated[int | None, typer.Option(rich_help_panel=DECODING)] = None,
    seed: Annotated[int | None, typer.Option(rich_help_panel=DECODING)] = None,
    as_json: AsJson = False,
) -> None:
    """Answer a question; every claim is marked with the words of the sources that decide it."""
    if question == "-":
        question = sys.stdin.read().strip()
    given = {
        "do_sample": do_sample,
        "num_beams": num_beams,
        "temperature": temperature,
        "top_k": top_k,
        "top_p": top_p,
        "min_p": min_p,
        "repetition_penalty": repetition_penalty,
        "no_repeat_ngram_size": no_repeat_ngram_size,
        "num_return_sequences": num_return_sequences,
        "max_new_tokens": max_new_tokens,
        "seed": seed,
    }
    decoding = {name: value for name, value in given.items() if value is not None} or None
    options = {"k": k, "generator": generator, "fusion": fusion, "embedder": embedder}
    with open_pipeline(index, corpus, preset=preset, decoding=decoding, **options) as pipeline:
        answer = pipeline.ask(question, on_text=_draft if stream else None)
    if stream:
        sys.stderr.write("\n")
    if as_json:
        from ragkit.rendering import answer_to_dict

        print_json(answer_to_dict(answer))
        return
    from ragkit.cli.view import answer_view, console

    console().print(answer_view(answer))


def _draft(piece: str) -> None:
    sys.stderr.write(piece)
    sys.stderr.flush()
