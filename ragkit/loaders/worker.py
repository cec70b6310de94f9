"""The process that loads files for ``isolation``: ``python -m ragkit.loaders.worker MAX_MEMORY_MB TIMEOUT_S``."""

from __future__ import annotations

import faulthandler
import os
import sys
from typing import IO, Any

from ragkit.errors import RagkitError
from ragkit.loaders import load_file
from ragkit.loaders.isolation import MEBIBYTE, document_to_dict, read_frame, write_frame

GRACE_S = 5.0
"""The parent stops an overrunning worker; one that has lost its parent stops itself, so much later."""


def main() -> None:
    """Answer requests until the other side closes the pipe, which it does at the latest when it ends."""
    _limit_memory(int(sys.argv[1]))
    timeout_s = float(sys.argv[2]) + GRACE_S
    requests, replies = _private_pipes()
    write_frame(replies, {"ready": True})
    with open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123 - it needs a real file descriptor
        while (request := read_frame(requests)) is not None:
            # This watchdog needs no lock of the interpreter, so a parser that hangs in C cannot stop it.
            faulthandler.dump_traceback_later(timeout_s, exit=True, file=nowhere)
            write_frame(replies, _answer(request))
            faulthandler.cancel_dump_traceback_later()


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    try:
        document = load_file(request["source"])
    except RagkitError as exc:
        return {"reason": f"{exc} ({exc.hint})" if exc.hint else str(exc)}
    if len(document.text) > request["max_chars"]:
        return {"reason": f"holds {len(document.text)} characters, more than {request['max_chars']}"}
    return document_to_dict(document)


def _private_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """The pipes to the parent, moved to where nothing that a parser reads or prints gets between the frames."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    return requests, replies


def _limit_memory(megabytes: int) -> None:
    try:
        import resource
    except ImportError:
        return  # Windows has no such limit; the time limit remains.
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * MEBIBYTE, megabytes * MEBIBYTE))


if __name__ == "__main__":
    main()
