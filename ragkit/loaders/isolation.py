"""Load files in worker processes with limits, so that a bomb or a hang costs one file and nothing else.

Workers are started as a command, not forked: a script that uses ragkit needs no guard around its main part. They
speak JSON in length-prefixed frames, so nothing that a hostile file could have made is ever unpickled.
"""

from __future__ import annotations

import json
import os
import queue
import struct
import subprocess
import sys
import threading
from collections import deque
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from ragkit.errors import ConfigError
from ragkit.types import Document, Location, Mark, Quarantined

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HEADER = struct.Struct("<I")
MEBIBYTE = 1 << 20
AHEAD = 16
"""Files that each worker may be ahead of the one that is waited for."""


@dataclass(frozen=True, slots=True)
class LoadLimits:
    """What loading one file may cost.

    Attributes:
        timeout_s: Seconds.
        max_memory_mb: Memory of the worker, where the platform can limit it.
        max_file_mb: Size of the file.
        max_chars: Length of the text that comes out.
    """

    timeout_s: float = 60.0
    max_memory_mb: int = 2048
    max_file_mb: int = 200
    max_chars: int = 20_000_000

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            if not value > 0:
                raise ConfigError(f"{name} is {value}", hint="give a number above 0")


def load_isolated(
    sources: Iterable[str], limits: LoadLimits | None = None, *, workers: int | None = None
) -> Iterator[tuple[str, Document | Quarantined]]:
    """Load files, none of which can stop the others.

    Args:
        sources: Paths.
        limits: What one file may cost.
        workers: Processes; as many as there are cores, at most 4, if None.

    Yields:
        Each path with its document, or with the reason why there is none, in the order of the paths.
    """
    limits = limits or LoadLimits()
    sources = list(sources)
    count = max(1, min(workers or min(4, os.cpu_count() or 1), len(sources)))
    todo: queue.SimpleQueue[tuple[str, queue.SimpleQueue[Document | Quarantined]]] = queue.SimpleQueue()
    stopped = threading.Event()
    pool = [_Worker(limits) for _ in range(count)] if sources else []

    def serve(worker: _Worker) -> None:
        while not stopped.is_set():
            try:
                source, slot = todo.get(timeout=0.05)
            except queue.Empty:
                continue
            slot.put(worker.load(source))

    threads = [threading.Thread(target=serve, args=(worker,), daemon=True) for worker in pool]
    for thread in threads:
        thread.start()
    waiting: deque[tuple[str, queue.SimpleQueue[Document | Quarantined]]] = deque()
    try:
        for source in sources:
            slot: queue.SimpleQueue[Document | Quarantined] = queue.SimpleQueue()
            waiting.append((source, slot))
            todo.put((source, slot))
            if len(waiting) >= count * AHEAD:
                name, ready = waiting.popleft()
                yield name, ready.get()
        while waiting:
            name, ready = waiting.popleft()
            yield name, ready.get()
    finally:
        stopped.set()
        for worker in pool:
            worker.stop()
        for thread in threads:
            thread.join()


class _Worker:
    """One process; started when it is first needed, and again after it had to be killed."""

    def __init__(self, limits: LoadLimits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None

    def load(self, source: str) -> Document | Quarantined:
        """One file's document, or why there is none."""
        limits = self._limits
        try:
            size = Path(source).stat().st_size
        except OSError as exc:
            return Quarantined(source, f"cannot be read: {exc.strerror}")
        if size > limits.max_file_mb * MEBIBYTE:
            return Quarantined(source, f"is {size // MEBIBYTE} MB large, more than {limits.max_file_mb} MB")
        try:
            process = self._started()
            assert process.stdin is not None
            assert process.stdout is not None
            overran = threading.Event()

            def kill() -> None:
                overran.set()
                process.kill()

            timer = threading.Timer(limits.timeout_s, kill)
            timer.start()
            try:
                write_frame(process.stdin, {"source": source, "max_chars": limits.max_chars})
                reply = read_frame(process.stdout)
            finally:
                timer.cancel()
        except OSError:
            reply = None
        if reply is None:
            self.stop()
            if overran.is_set():
                return Quarantined(source, f"took longer than {limits.timeout_s:g} s to load")
            return Quarantined(source, f"ended the loader: damaged, or it needs more than {limits.max_memory_mb} MB")
        if "reason" in reply:
            return Quarantined(source, reply["reason"])
        return document_from_dict(reply)

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            paths = os.pathsep.join(path for path in sys.path if path)
            self._process = subprocess.Popen(
                [sys.executable, "-m", "ragkit.loaders.worker", str(self._limits.max_memory_mb)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": paths, "PYTHONWARNINGS": "ignore"},
            )
        return self._process

    def stop(self) -> None:
        """Kill the process, if there is one, and wait until it has gone."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    try:
                        pipe.close()
                    except OSError:
                        pass


def write_frame(pipe: IO[bytes], value: dict[str, Any]) -> None:
    """Send one JSON object."""
    data = json.dumps(value).encode("ascii")
    pipe.write(HEADER.pack(len(data)) + data)
    pipe.flush()


def read_frame(pipe: IO[bytes]) -> dict[str, Any] | None:
    """Receive one JSON object; None where the other side has gone."""
    header = pipe.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    (length,) = HEADER.unpack(header)
    data = pipe.read(length)
    if len(data) < length:
        return None
    value: dict[str, Any] = json.loads(data)
    return value


def document_to_dict(document: Document) -> dict[str, Any]:
    """A document as JSON values."""
    return {
        "id": document.id,
        "text": document.text,
        "source": document.source,
        "title": document.title,
        "metadata": dict(document.metadata),
        "marks": [[mark.start, mark.location.to_dict()] for mark in document.marks],
    }


def document_from_dict(value: dict[str, Any]) -> Document:
    """The inverse of ``document_to_dict``."""
    marks = tuple(Mark(start, Location.from_dict(location)) for start, location in value["marks"])
    return Document(value["id"], value["text"], value["source"], value["title"], value["metadata"], marks)
