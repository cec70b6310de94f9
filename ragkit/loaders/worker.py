"""The process that loads files for ``isolation``: ``python -m ragkit.loaders.worker MAX_MEMORY_MB``."""

from __future__ import annotations

import os
import sys

from ragkit.errors import RagkitError
from ragkit.loaders import load_file
from ragkit.loaders.isolation import MEBIBYTE, document_to_dict, read_frame, write_frame


def main() -> None:
    """Answer requests until the other side closes the pipe, which it does at the latest when it ends."""
    _limit_memory(int(sys.argv[1]))
    # What parsers print must not get between the frames.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    while (request := read_frame(sys.stdin.buffer)) is not None:
        try:
            document = load_file(request["source"])
            if len(document.text) > request["max_chars"]:
                reply = {"reason": f"holds {len(document.text)} characters, more than {request['max_chars']}"}
            else:
                reply = document_to_dict(document)
        except RagkitError as exc:
            reply = {"reason": f"{exc} ({exc.hint})" if exc.hint else str(exc)}
        except RecursionError:
            reply = {"reason": "is nested too deeply"}
        write_frame(out, reply)


def _limit_memory(megabytes: int) -> None:
    try:
        import resource
    except ImportError:
        return  # Windows has no such limit; the time limit remains.
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * MEBIBYTE, megabytes * MEBIBYTE))


if __name__ == "__main__":
    main()
