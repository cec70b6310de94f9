"""Load files in worker processes with limits, so that a bomb or a hang costs one file and nothing else.

Workers are started as a command, not forked: a script that uses ragkit needs no guard around its main part. They
speak JSON in length-prefixed frames, so nothing that a hostile file could have made is ever unpickled.
"""

from __future__ import annotations

import json
import os
import queue
import stat
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

_Slot = queue.SimpleQueue["Document | Quarantined"]
HEADER = struct.Struct("<Q")
MEBIBYTE = 1 << 20
AHEAD = 16
"""Files that each worker may be ahead of the one that is waited for."""
MOST_WORKERS = 4
"""More gain little, as reading from one disk and one parent that takes the documents in set the pace."""
START_TIMEOUT_S = 60.0
BYTES_PER_CHAR = 64
"""What a character of text and the mark that may stand at it take in a frame, at most."""


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
        limits: What one file may cost; ``LoadLimits()`` if None.
        workers: Processes, at most as many as there are cores; up to 4 if None.

    Yields:
        Each path with its document, or with the reason why there is none, in the order of the paths.

    Raises:
        ConfigError: ``workers`` is below 1.
    """
    if workers is not None and workers < 1:
        raise ConfigError(f"workers is {workers}", hint="give a number above 0, or none")
    sources = list(sources)
    count = min(workers or MOST_WORKERS, os.cpu_count() or 1, len(sources))
    todo: queue.SimpleQueue[tuple[str, _Slot] | None] = queue.SimpleQueue()
    pool = [_Worker(limits or LoadLimits()) for _ in range(count)]

    def serve(worker: _Worker) -> None:
        while (task := todo.get()) is not None:
            source, slot = task
            slot.put(worker.load(source))
        worker.stop()

    threads = [threading.Thread(target=serve, args=(worker,), daemon=True) for worker in pool]
    for thread in threads:
        thread.start()
    waiting: deque[tuple[str, _Slot]] = deque()
    try:
        for source in sources:
            slot: _Slot = queue.SimpleQueue()
            waiting.append((source, slot))
            todo.put((source, slot))
            if len(waiting) >= count * AHEAD:
                name, ready = waiting.popleft()
                yield name, ready.get()
        while waiting:
            name, ready = waiting.popleft()
            yield name, ready.get()
    finally:
        # Where the caller has had enough, what is still to do comes back unread, and what is being done ends at once.
        for worker in pool:
            worker.cancel()
        for _ in pool:
            todo.put(None)
        for thread in threads:
            thread.join()


class _Worker:
    """One process; started when it is first needed, and again after it had to be killed."""

    def __init__(self, limits: LoadLimits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._cancelled = False
        # Starting and cancelling exclude each other, or a process could be started that nobody stops.
        self._lock = threading.Lock()

    def load(self, source: str) -> Document | Quarantined:
        """One file's document, or why there is none."""
        limits = self._limits
        try:
            facts = Path(source).stat()
        except (OSError, ValueError) as exc:
            return Quarantined(source, f"cannot be read: {getattr(exc, 'strerror', None) or exc}")
        if not stat.S_ISREG(facts.st_mode):
            return Quarantined(source, "is not a file")
        if facts.st_size > limits.max_file_mb * MEBIBYTE:
            return Quarantined(source, f"is {facts.st_size // MEBIBYTE} MB large, more than {limits.max_file_mb} MB")
        process = self._started()
        if process is None:
            return Quarantined(source, f"no process could be started to load it within {limits.max_memory_mb} MB")
        reply, overran = self._ask(process, {"source": source, "max_chars": limits.max_chars}, limits.timeout_s)
        if overran or reply is None:
            self.stop()
        if reply is None and overran:
            return Quarantined(source, f"took longer than {limits.timeout_s:g} s to load")
        if reply is None:
            return Quarantined(source, f"ended the loader: damaged, or it needs more than {limits.max_memory_mb} MB")
        if "reason" in reply:
            return Quarantined(source, reply["reason"])
        return document_from_dict(reply)

    def cancel(self) -> None:
        """Kill the process, if there is one, and start no other; may be called from another thread."""
        with self._lock:
            self._cancelled = True
            # Kept by name, because its own thread may let go of it meanwhile.
            process = self._process
            if process is not None:
                process.kill()

    def stop(self) -> None:
        """Kill the process, if there is one, and wait until it has gone."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    pass

    def _started(self) -> subprocess.Popen[bytes] | None:
        """The process, ready for a request; None if it could not be started."""
        if self._process is not None and self._process.poll() is None:
            return self._process
        self.stop()
        with self._lock:
            if self._cancelled:
                return None
            try:
                self._process = subprocess.Popen(
                    # -P: a docx.py in the folder that the user happens to stand in is not to be imported.
                    [sys.executable, "-P", "-m", "ragkit.loaders.worker", *self._arguments()],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    env={**os.environ, "PYTHONPATH": _search_path(), "PYTHONWARNINGS": "ignore"},
                )
            except OSError:
                return None
        ready, _ = self._ask(self._process, None, START_TIMEOUT_S)
        if ready is None:
            self.stop()
        return self._process

    def _arguments(self) -> list[str]:
        return [str(self._limits.max_memory_mb), str(self._limits.timeout_s)]

    def _ask(
        self, process: subprocess.Popen[bytes], request: dict[str, Any] | None, timeout_s: float
    ) -> tuple[dict[str, Any] | None, bool]:
        """The next frame, None if none came; and whether the process was killed for taking too long."""
        assert process.stdin is not None
        assert process.stdout is not None
        overran = threading.Event()

        def kill() -> None:
            overran.set()
            process.kill()

        timer = threading.Timer(timeout_s, kill)
        timer.start()
        try:
            if request is not None:
                write_frame(process.stdin, request)
            reply = read_frame(process.stdout, max_bytes=self._limits.max_chars * BYTES_PER_CHAR + MEBIBYTE)
        # A frame that is not JSON comes from a process whose memory a parser has damaged.
        except (OSError, ValueError):
            reply = None
        finally:
            timer.cancel()
            # A timer that has begun to fire must not hit the next request.
            timer.join()
        return reply, overran.is_set()


def _search_path() -> str:
    """This process's module search path for a child, its own folder by name."""
    return os.pathsep.join(path or str(Path.cwd()) for path in sys.path)


def write_frame(pipe: IO[bytes], value: dict[str, Any]) -> None:
    """Send one JSON object."""
    data = json.dumps(value).encode("ascii")
    pipe.write(HEADER.pack(len(data)) + data)
    pipe.flush()


def read_frame(pipe: IO[bytes], *, max_bytes: int = MEBIBYTE) -> dict[str, Any] | None:
    """Receive one JSON object; None where the other side has gone, or sends more than it may."""
    header = pipe.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    (length,) = HEADER.unpack(header)
    if length > max_bytes:
        return None
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
