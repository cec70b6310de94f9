"""``ragkit show``: a document's text, which offsets count in."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from ragkit.cli.common import AsJson, IndexOption, print_json, settings_of
from ragkit.errors import ConfigError, IndexNotFoundError, LoadError


def show(
    source: Annotated[str, typer.Argument(help="A source as hits and evidence name it, or any file.")],
    start: Annotated[int, typer.Option(metavar="N", help="First character.")] = 0,
    end: Annotated[int | None, typer.Option(metavar="N", help="One past the last character.")] = None,
    index: IndexOption = None,
    as_json: AsJson = False,
) -> None:
    """Print the text of a document, or the part of it that two offsets enclose."""
    from ragkit.corpus import Corpus
    from ragkit.loaders import load_file

    document = None
    try:
        with Corpus.open(settings_of(index=index).index) as corpus:
            document = corpus.document(source)
    except IndexNotFoundError:
        if index:
            raise
    if document is None:
        if not Path(source).is_file():
            raise LoadError(
                f"{source} is neither in the index nor a file", path=source, hint="ragkit info lists the sources"
            )
        document = load_file(source)
    length = len(document.text)
    end = length if end is None else end
    if not 0 <= start <= end <= length:
        raise ConfigError(f"characters {start} to {end} are not in a text of {length}", hint=f"give 0 to {length}")
    text, location = document.text[start:end], document.locate(start)
    if as_json:
        print_json({"source": source, "start": start, "end": end, "text": text, "location": location.to_dict()})
    else:
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
