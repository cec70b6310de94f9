"""Plug in a generator of your own: any object with a name, ``generate`` and ``stream`` will do."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from ragkit import DecodingConfig, RagPipeline
from ragkit.types import FinishReason, Generation, Prompt

DOCUMENTS = Path(__file__).parent.parent / "corpora/product/documents"


class FirstSentence:
    """Answers with the first sentence of the best hit, whatever was asked."""

    name = "first sentence"

    def generate(self, prompt: Prompt, decoding: DecodingConfig) -> tuple[Generation, ...]:  # noqa: ARG002
        """One text."""
        text = prompt.hits[0].chunk.text.split(". ")[0].replace("\n", " ") + "."
        return (Generation(text, FinishReason.STOP),)

    def stream(self, prompt: Prompt, decoding: DecodingConfig) -> Iterator[str]:
        """The same text at once."""
        yield self.generate(prompt, decoding)[0].text


with TemporaryDirectory() as index, RagPipeline.from_corpus(DOCUMENTS, index=index) as pipeline:
    answer = pipeline.ask("Which port does the API listen on?", generator=FirstSentence())
    print(f"{answer.generator}: {answer.text}")
    print(answer.notice or "the sources support it")
