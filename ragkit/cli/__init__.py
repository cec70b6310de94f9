"""The command line: ``ragkit COMMAND``. Data goes to stdout, progress and warnings to stderr."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import typer

from ragkit.cli import ask, check, doctor, index, info, search, show
from ragkit.errors import RagkitError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

COMMANDS: dict[str, Callable[..., None]] = {
    "ask": ask.ask,
    "check": check.check,
    "doctor": doctor.doctor,
    "index": index.index,
    "info": info.info,
    "search": search.search,
    "show": show.show,
}
"""Name → function, one module each."""

app = typer.Typer(
    name="ragkit",
    help="Ask a folder of documents; every sentence of the answer is checked against its sources. Works offline.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for _name, _command in COMMANDS.items():
    app.command(_name)(_command)


@app.callback(invoke_without_command=True)
def _ragkit(version: bool = typer.Option(False, "--version", help="Print the version and exit.")) -> None:
    if version:
        from ragkit import __version__

        typer.echo(f"ragkit {__version__}")
        raise typer.Exit


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        argv: Arguments without the program's name; those of the process if None.

    Returns:
        Exit status: 0 done, 1 RagkitError, 2 usage, 3 ``check --strict`` found an unsupported claim,
        130 interrupted.
    """
    try:
        status = app(args=list(sys.argv[1:] if argv is None else argv), standalone_mode=False, prog_name="ragkit")
    except RagkitError as exc:
        print(f"error: {exc}", file=sys.stderr)
        if exc.hint:
            print(f"hint: {exc.hint}", file=sys.stderr)
        return 1
    except (KeyboardInterrupt, typer.Abort):
        print("interrupted; what was committed before is kept", file=sys.stderr)
        return 130
    except typer.TyperException as exc:
        # A wrong command line; the library prints it with the usage, and says 2.
        exc.show()  # type: ignore[attr-defined]
        return int(getattr(exc, "exit_code", 2))
    except BrokenPipeError:
        # The reader of the pipe has gone (`| head`); nothing more can be told, also not at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status if isinstance(status, int) else 0
