"""What every loader has to keep."""

from __future__ import annotations

import json
import random
from abc import ABC, abstractmethod

from ragkit.errors import LoadError
from ragkit.loaders import load
from ragkit.protocols import RawFile
from ragkit.types import Document, Location

DAMAGES = 12


def assert_sound(document: Document, source: str) -> None:
    """Assert what holds for every document, whatever file it came from."""
    assert document.id == document.source == source
    assert document.text.strip()
    assert "\r" not in document.text
    metadata = json.dumps(dict(document.metadata), ensure_ascii=False, allow_nan=True)
    headings = [heading for mark in document.marks for heading in mark.location.headings]
    sheets = [mark.location.sheet or "" for mark in document.marks]
    for text in (document.text, document.title, metadata, *headings, *sheets):
        assert "\x00" not in text
        text.encode("utf-8")  # A lone surrogate has no bytes.
    for line in (document.title, *headings, *sheets):
        assert line == " ".join(line.split())
    starts = [mark.start for mark in document.marks]
    assert starts == sorted(set(starts))
    assert all(0 <= start <= max(0, len(document.text) - 1) for start in starts)
    for mark in document.marks:
        numbers = (getattr(mark.location, name) for name in ("page", "slide", "row", "cell", "line"))
        assert all(number is None or number >= 1 for number in numbers)
        assert Location.from_dict(json.loads(json.dumps(mark.location.to_dict()))) == mark.location


class LoaderContract(ABC):
    """Subclass it in a test module, name the class ``Test…`` and give a small file that holds known words.

    Attributes:
        suffix: The format's suffix, with its dot.
        words: What the document's text has to hold, in this order.
    """

    suffix: str
    words: tuple[str, ...]

    @abstractmethod
    def make(self) -> bytes:
        """The bytes of a file."""

    def document(self) -> Document:
        """That file's document."""
        return load(RawFile(f"folder/example{self.suffix}", self.make()))

    def test_words_are_found_in_order(self) -> None:
        """Nothing is lost, and nothing changes places."""
        text, at = self.document().text, 0
        for word in self.words:
            at = text.find(word, at)
            assert at >= 0, f"{word!r} is not where it should be in {text!r}"
            at += len(word)

    def test_document_is_sound(self) -> None:
        """Source, text, marks and metadata are fit to be stored."""
        assert_sound(self.document(), f"folder/example{self.suffix}")

    def test_same_bytes_give_the_same_document(self) -> None:
        """Nothing depends on time or chance."""
        assert self.document() == self.document()

    def test_truncated_file(self) -> None:
        """A cut file is loaded or refused, and nothing else happens."""
        data = self.make()
        for part in range(DAMAGES):
            self._load_or_refuse(data[: len(data) * part // DAMAGES])

    def test_damaged_file(self) -> None:
        """So is one with some bytes changed."""
        chance = random.Random(7)  # noqa: S311 - damage is no secret
        for _ in range(DAMAGES):
            data = bytearray(self.make())
            for _ in range(max(1, len(data) // 50)):
                data[chance.randrange(len(data))] = chance.randrange(256)
            self._load_or_refuse(bytes(data))

    def test_garbage(self) -> None:
        """So is noise, and an empty file."""
        chance = random.Random(7)  # noqa: S311 - noise is no secret
        for data in (b"", b" \n", b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"[" * 5000, chance.randbytes(3000)):
            self._load_or_refuse(data)

    def _load_or_refuse(self, data: bytes) -> None:
        source = f"damaged{self.suffix}"
        try:
            outcome: Document | LoadError = load(RawFile(source, data))
        except LoadError as exc:
            outcome = exc
        if isinstance(outcome, Document):
            assert_sound(outcome, source)
        else:
            assert outcome.path == source
            assert outcome.message
