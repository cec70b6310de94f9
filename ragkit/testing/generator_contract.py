"""What every generator has to keep, and a small real one that says what it is told to."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from ragkit.decoding import DecodingConfig
from ragkit.prompts import build_prompt
from ragkit.types import Chunk, Document, FinishReason, Generation, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ragkit.protocols import Generator
    from ragkit.types import Prompt

QUESTION = "How many lakes does the park have?"
TEXT = "The park has four lakes and two hills. It opens at eight in the morning."


class ScriptedGenerator:
    """Gives the same texts every time: a stand-in for a model wherever the model is not what is tested.

    Args:
        texts: What it writes, best first.
    """

    name = "scripted"

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = tuple(texts)

    def generate(self, prompt: Prompt, decoding: DecodingConfig) -> tuple[Generation, ...]:  # noqa: ARG002
        """The first ``num_return_sequences`` texts."""
        return tuple(Generation(text, FinishReason.STOP) for text in self._texts[: decoding.num_return_sequences])

    def stream(self, prompt: Prompt, decoding: DecodingConfig) -> Iterator[str]:  # noqa: ARG002
        """The first text, word by word."""
        words = self._texts[0].split(" ")
        yield from (word if at == 0 else f" {word}" for at, word in enumerate(words))


class GeneratorContract(ABC):
    """Subclass it in a test module, name the class ``Test…`` and say how a generator is made."""

    @abstractmethod
    def make(self) -> Generator:
        """A generator; the same one may be given every time."""

    def prompt(self) -> Prompt:
        """A question that its one source answers."""
        chunk = Chunk.whole(Document("park", TEXT, "park.txt"))
        return build_prompt(QUESTION, [Hit(chunk, 1.0, 1, 0.9)])

    def test_writes_a_text_with_its_usage(self) -> None:
        """One text, trimmed, not empty, with what it took."""
        (generation,) = self.make().generate(self.prompt(), DecodingConfig(max_new_tokens=24))
        assert generation.text
        assert generation.text == generation.text.strip()
        assert generation.usage.seconds >= 0
        assert generation.usage.completion_tokens <= 24

    def test_streams_what_it_generates(self) -> None:
        """The pieces of a stream are the text that ``generate`` gives."""
        decoding = DecodingConfig(max_new_tokens=16)
        generator = self.make()
        streamed = "".join(generator.stream(self.prompt(), decoding)).strip()
        assert streamed == generator.generate(self.prompt(), decoding)[0].text

    def test_the_same_again(self) -> None:
        """Without sampling, the same prompt gives the same text."""
        generator = self.make()
        decoding = DecodingConfig(max_new_tokens=12)
        first, second = (generator.generate(self.prompt(), decoding)[0].text for _ in range(2))
        assert first == second

    def test_has_a_name(self) -> None:
        """A reader is told who wrote the answer."""
        assert self.make().name
