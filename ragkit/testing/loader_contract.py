"""What every loader has to keep."""

from __future__ import annotations

from abc import ABC, abstractmethod

from ragkit.errors import LoadError
from ragkit.loaders import load
from ragkit.protocols import RawFile
from ragkit.types import Document


class LoaderContract(ABC):
    """Subclass it in a test module, name the class ``Test…`` and give a file of the format."""

    @abstractmethod
    def sample(self) -> RawFile:
        """A small sound file with some words in it."""

    def test_a_sound_file(self) -> None:
        """Text that any database can hold, and places in order."""
        document = load(self.sample())
        assert document.text.strip()
        assert document.id == document.source == self.sample().source
        self.holds(document)

    def test_damaged_files_are_errors_for_people(self) -> None:
        """Truncated and overwritten files give a document or a LoadError, nothing else."""
        raw = self.sample()
        size = len(raw.data)
        pieces = [
            raw.data[: size // 2],
            raw.data[: size // 4] + b"\x00\xff" * 40 + raw.data[size // 4 :],
            b"",
            b"\x00" * 64,
        ]
        for data in pieces:
            try:
                document = load(RawFile(raw.source, data))
            except LoadError as exc:
                problem = exc
            else:
                self.holds(document)
                continue
            assert str(problem)
            assert problem.path == raw.source

    def holds(self, document: Document) -> None:
        """What is true of every document."""
        document.text.encode("utf-8")
        assert "\x00" not in document.text
        assert "\r" not in document.text
        starts = [mark.start for mark in document.marks]
        assert starts == sorted(set(starts))
        assert all(0 <= start <= len(document.text) for start in starts)
