"""``ragkit info``: what an index holds, or what the settings are."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from ragkit.cli.common import AsJson, IndexOption, print_json


def info(
    index: IndexOption = None,
    show_settings: Annotated[
        bool, typer.Option("--settings", help="Show each setting, its value and where that came from.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Describe an index, or the settings."""
    from ragkit.settings import Settings, load_settings

    settings, origins = load_settings({"index": index})
    from rich.table import Table
    from rich.text import Text

    from ragkit.cli.view import console

    if show_settings:
        values = settings.model_dump()
        if as_json:
            print_json({name: {"value": value, "from": origins[name]} for name, value in values.items()})
            return
        table = Table("setting", "value", "from", "meaning", box=None, pad_edge=False)
        for name, field in Settings.model_fields.items():
            table.add_row(name, str(values[name]), origins[name], field.description or "")
        console().print(table)
        return
    from ragkit.corpus import Corpus

    with Corpus.open(settings.index) as corpus:
        facts = {"index": settings.index, **asdict(corpus.manifest)}
        sources = corpus.sources()
        bad = corpus.quarantined()
    if as_json:
        names = ("source", "title", "characters", "chunks")
        facts["sources"] = [dict(zip(names, row, strict=True)) for row in sources]
        facts["quarantined"] = [asdict(each) for each in bad]
        print_json(facts)
        return
    out = console()
    for name, value in facts.items():
        out.print(Text.assemble((f"{name:16}", "bold"), ", ".join(value) if isinstance(value, tuple) else str(value)))
    table = Table("source", "title", "characters", "chunks", box=None, pad_edge=False)
    for source, title, characters, chunks in sources:
        table.add_row(Text(source), Text(title), str(characters), str(chunks))
    out.print()
    out.print(table)
    for each in bad:
        out.print(Text.assemble(("left out ", "yellow"), each.source, f": {each.reason}"))
