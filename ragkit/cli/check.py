"""``ragkit check``: compare any answer with sources."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from ragkit.cli.common import AsJson, print_json, read_sources, read_text, settings_of
from ragkit.errors import ConfigError
from ragkit.types import Chunk, VerdictLabel

UNSUPPORTED_CLAIM = 3
"""Exit status of ``--strict`` when a claim is not supported."""


class Form(StrEnum):
    """How a report is printed."""

    JSON = "json"
    MARKDOWN = "markdown"
    TEXT = "text"


def check(
    answer: Annotated[str, typer.Option("--answer", metavar="A", help="A file, - for stdin, or the text itself.")],
    source: Annotated[list[str], typer.Option("--source", metavar="S", help="A file, - or text; may be repeated.")],
    question: Annotated[str | None, typer.Option(metavar="Q", help="What was asked, if known.")] = None,
    form: Annotated[Form, typer.Option("--format", help="How to print the report.")] = Form.TEXT,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 3 unless every claim is supported.")] = False,
    as_json: AsJson = False,
) -> None:
    """Compare an answer with sources, claim by claim."""
    if [answer, *source].count("-") > 1:
        raise ConfigError("- stands for stdin and can be given only once", hint="put the other text into a file")
    from ragkit.checkers import create_checker

    checker = create_checker(settings_of().checker)
    documents = [document for number, value in enumerate(source, start=1) for document in read_sources(value, number)]
    text = read_text(answer)
    report = checker.check(text, [Chunk.whole(document) for document in documents], question)
    if as_json or form is Form.JSON:
        from ragkit.rendering import report_to_dict

        print_json(report_to_dict(report))
    elif form is Form.MARKDOWN:
        from ragkit.rendering import report_to_markdown

        sys.stdout.write(report_to_markdown(report))
    else:
        from ragkit.cli.view import console, report_view

        console().print(report_view(report))
    accepted = (VerdictLabel.SUPPORTED, VerdictLabel.NOT_CHECKED)
    if strict and any(verdict.label not in accepted for verdict in report.verdicts):
        raise typer.Exit(UNSUPPORTED_CLAIM)
