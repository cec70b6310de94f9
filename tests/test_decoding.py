"""Decoding: what is refused, and what each control does to a model whose probabilities are known."""

from __future__ import annotations

import math

import pytest

from ragkit.decoding import PRESETS, DecodingConfig
from ragkit.errors import ConfigError


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"temperature": 0.5}, "without sampling"),
        ({"top_k": 5}, "without sampling"),
        ({"top_p": 0.5}, "without sampling"),
        ({"min_p": 0.5}, "without sampling"),
        ({"seed": 1}, "without sampling"),
        ({"length_penalty": 1.0}, "without beam search"),
        ({"early_stopping": True}, "without beam search"),
        ({"num_return_sequences": 2}, "one result"),
        ({"num_beams": 2, "num_return_sequences": 3}, "2 beams"),
        ({"do_sample": True, "temperature": 0}, "temperature is 0"),
        ({"do_sample": True, "temperature": math.nan}, "temperature is nan"),
        ({"do_sample": True, "top_p": 1.5}, "top_p is 1.5"),
        ({"do_sample": True, "top_p": 0.0}, "top_p is 0.0"),
        ({"do_sample": True, "top_k": 0}, "top_k is 0"),
        ({"do_sample": True, "top_k": True}, "top_k is True"),
        ({"do_sample": 1}, "do_sample is 1"),
        ({"max_new_tokens": 0}, "max_new_tokens"),
        ({"max_new_tokens": 2.5}, "max_new_tokens"),
        ({"repetition_penalty": -1}, "repetition_penalty"),
        ({"no_repeat_ngram_size": -1}, "no_repeat_ngram_size"),
        ({"stop_strings": "stop"}, "stop_strings"),
        ({"stop_strings": ("",)}, "stop_strings"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_hint(values, words):
    with pytest.raises(ConfigError, match=words) as caught:
        DecodingConfig(**values)
    assert caught.value.hint


def test_changes_are_validated_too():
    assert PRESETS["creative"].changed(do_sample=False).temperature is None
    assert PRESETS["beam"].changed(num_beams=2).num_beams == 2
    with pytest.raises(ConfigError, match="no decoding value 'temprature'"):
        DecodingConfig().changed(temprature=1)


def test_presets_are_sorted_and_valid():
    assert list(PRESETS) == sorted(PRESETS)
    assert not PRESETS["precise"].do_sample


@pytest.fixture(scope="module")
def tiny():
    """A model of five words whose next word depends on the last only, with probabilities written by hand."""
    import torch
    from transformers import GenerationConfig, GenerationMixin, PretrainedConfig, PreTrainedModel
    from transformers.modeling_outputs import CausalLMOutput

    # Words: 0 end, 1 start, 2 a, 3 b, 4 c. Greedily a (.5), then a again (.4); b (.4) leads to c (.9).
    table = torch.tensor(
        [
            [1.0, 0.0, 0.0, 0.0, 0.0],
            [0.0, 0.0, 0.5, 0.4, 0.1],
            [0.3, 0.0, 0.4, 0.1, 0.2],
            [0.05, 0.0, 0.0, 0.05, 0.9],
            [0.9, 0.0, 0.1, 0.0, 0.0],
        ]
    ).clamp_min(1e-9)

    class Tiny(PreTrainedModel, GenerationMixin):
        config_class = PretrainedConfig
        _supports_cache_class = False

        def __init__(self, config):
            super().__init__(config)
            self.bias = torch.nn.Parameter(torch.zeros(1))

        def forward(self, input_ids, **_):
            return CausalLMOutput(logits=table[input_ids].log() + self.bias)

        def prepare_inputs_for_generation(self, input_ids, **_):
            return {"input_ids": input_ids}

    model = Tiny(PretrainedConfig(vocab_size=5, num_hidden_layers=0, is_encoder_decoder=False)).eval()
    model.generation_config = GenerationConfig(eos_token_id=0, pad_token_id=0, bos_token_id=1, use_cache=False)

    def write(**values):
        torch.manual_seed(values.pop("seed", 0))
        decoding = DecodingConfig(**{"max_new_tokens": 3, **values})
        rows = model.generate(torch.tensor([[1]]), **decoding.to_transformers())
        return ["".join("!^abc"[token] for token in row[1:].tolist()).rstrip("!") for row in rows]

    return write


def test_greedy_takes_the_likeliest_word_each_time(tiny):
    assert tiny() == ["aaa"]


def test_beams_find_the_likelier_whole(tiny):
    # b c end: .4 x .9 x .9 = .324; a a a: .5 x .4 x .4 = .08
    assert tiny(num_beams=3)[0] == "bc"
    assert len(set(tiny(num_beams=3, num_return_sequences=2))) == 2


def test_no_ngram_occurs_twice(tiny):
    assert "aa" not in tiny(no_repeat_ngram_size=1)[0]


def test_top_k_of_one_is_greedy(tiny):
    assert tiny(do_sample=True, top_k=1) == tiny()


def test_top_p_cuts_the_tail(tiny):
    first = {text[0] for seed in range(30) for text in tiny(do_sample=True, top_p=0.6, max_new_tokens=1, seed=seed)}
    assert first == {"a", "b"}
    everything = {text[0] for seed in range(80) for text in tiny(do_sample=True, max_new_tokens=1, seed=seed)}
    assert everything == {"a", "b", "c"}


def test_min_p_leaves_out_what_is_far_below_the_best(tiny):
    first = {text[0] for seed in range(30) for text in tiny(do_sample=True, min_p=0.5, max_new_tokens=1, seed=seed)}
    assert first == {"a", "b"}


def test_a_low_temperature_is_nearly_greedy(tiny):
    assert {tiny(do_sample=True, temperature=0.05, seed=seed)[0] for seed in range(5)} == {"aaa"}
