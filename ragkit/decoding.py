"""How a generator chooses its words: one validated configuration, with Hugging Face's names."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from ragkit.errors import ConfigError

SAMPLING_ONLY = ("temperature", "top_k", "top_p", "min_p")
BEAMS_ONLY = ("length_penalty", "early_stopping")


@dataclass(frozen=True, slots=True)
class DecodingConfig:
    """Decoding, validated at construction; None means "not given", and the model's default holds.

    Attributes:
        max_new_tokens: Longest answer in tokens, at least 1.
        do_sample: Draw from the distribution instead of taking the likeliest token.
        temperature: Above 0; below 1 sharpens the distribution. Sampling only, like the next three.
        top_k: Draw from the k likeliest tokens, at least 1.
        top_p: Draw from the smallest set of tokens with this much probability, above 0 to 1.
        min_p: Leave out tokens below this share of the likeliest one's probability, 0 to 1.
        num_beams: Width of beam search; 1 is none.
        length_penalty: Above 0 favours long beams, below 0 short ones.
        early_stopping: End beam search as soon as ``num_beams`` candidates are complete.
        repetition_penalty: Above 1 makes tokens that were used less likely (Keskar et al. 2019).
        no_repeat_ngram_size: No run of so many tokens occurs twice; 0 allows all.
        num_return_sequences: How many texts come back.
        stop_strings: Generation ends as soon as one of them is written.
        seed: Makes sampling repeatable.

    Raises:
        ConfigError: A value is out of its range, or two values contradict each other.
    """

    max_new_tokens: int = 96
    do_sample: bool = False
    temperature: float | None = None
    top_k: int | None = None
    top_p: float | None = None
    min_p: float | None = None
    num_beams: int = 1
    length_penalty: float | None = None
    early_stopping: bool | None = None
    repetition_penalty: float | None = None
    no_repeat_ngram_size: int | None = None
    num_return_sequences: int = 1
    stop_strings: tuple[str, ...] = ()
    seed: int | None = None

    def __post_init__(self) -> None:
        for name, lowest in (
            ("max_new_tokens", 1),
            ("top_k", 1),
            ("num_beams", 1),
            ("num_return_sequences", 1),
            ("no_repeat_ngram_size", 0),
            ("seed", 0),
        ):
            self._whole(name, lowest)
        for name in ("do_sample", "early_stopping"):
            if getattr(self, name) is not None and not isinstance(getattr(self, name), bool):
                raise ConfigError(f"{name} is {getattr(self, name)!r}", hint="give true or false")
        self._number("temperature", low=0, low_included=False)
        self._number("top_p", low=0, low_included=False, high=1)
        self._number("min_p", low=0, high=1)
        self._number("repetition_penalty", low=0, low_included=False)
        self._number("length_penalty")
        if isinstance(self.stop_strings, str) or not all(isinstance(s, str) and s for s in self.stop_strings):
            raise ConfigError(f"stop_strings is {self.stop_strings!r}", hint="give a list of texts that are not empty")
        object.__setattr__(self, "stop_strings", tuple(self.stop_strings))
        self._refuse_contradictions()

    def _refuse_contradictions(self) -> None:
        for name in SAMPLING_ONLY:
            if getattr(self, name) is not None and not self.do_sample:
                raise ConfigError(f"{name} has no effect without sampling", hint=f"set do_sample, or leave {name} out")
        for name in BEAMS_ONLY:
            if getattr(self, name) is not None and self.num_beams == 1:
                raise ConfigError(
                    f"{name} has no effect without beam search", hint=f"set num_beams above 1, or leave {name} out"
                )
        if self.num_return_sequences > 1 and not self.do_sample:
            if self.num_beams == 1:
                raise ConfigError(
                    f"greedy decoding has one result, not {self.num_return_sequences}",
                    hint="set do_sample or num_beams",
                )
            if self.num_return_sequences > self.num_beams:
                raise ConfigError(
                    f"{self.num_beams} beams cannot return {self.num_return_sequences} sequences",
                    hint="raise num_beams, or lower num_return_sequences",
                )
        if self.seed is not None and not self.do_sample:
            raise ConfigError("seed has no effect without sampling", hint="set do_sample, or leave seed out")

    def _whole(self, name: str, lowest: int) -> None:
        value = getattr(self, name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < lowest):
            raise ConfigError(f"{name} is {value!r}", hint=f"give a whole number of at least {lowest}")

    def _number(self, name: str, *, low: float = -math.inf, high: float = math.inf, low_included: bool = True) -> None:
        value = getattr(self, name)
        if value is None:
            return
        is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        if not is_number or not low <= value <= high or (value == low and not low_included):
            bound = f" {'from' if low_included else 'above'} {low}" if math.isfinite(low) else ""
            bound += f" to {high}" if math.isfinite(high) else ""
            raise ConfigError(f"{name} is {value!r}", hint=f"give a number{bound}")

    def changed(self, **values: Any) -> DecodingConfig:
        """A copy with other values, validated anew.

        Raises:
            ConfigError: A name or value is wrong.
        """
        known = {field.name for field in fields(self)}
        for name in values:
            if name not in known:
                raise ConfigError(
                    f"there is no decoding value {name!r}", hint=f"choose from {', '.join(sorted(known))}"
                )
        if values.get("do_sample") is False:
            # Turning sampling off takes back what a preset set for it.
            values = {**dict.fromkeys(SAMPLING_ONLY), "seed": None, **values}
        return replace(self, **values)

    def to_transformers(self) -> dict[str, Any]:
        """What ``transformers``' ``generate`` is given; values that were not given are left out."""
        given = {name: value for name, value in asdict(self).items() if value is not None}
        given.pop("seed", None)
        given["stop_strings"] = list(self.stop_strings) or None
        if self.do_sample:
            # The library's own default of 50 would cut the distribution without being asked to.
            given.setdefault("top_k", 0)
        return given


PRESETS = {
    "balanced": DecodingConfig(do_sample=True, temperature=0.3, top_p=0.9, repetition_penalty=1.1, seed=0),
    "beam": DecodingConfig(num_beams=4, early_stopping=True, no_repeat_ngram_size=4),
    "creative": DecodingConfig(do_sample=True, temperature=0.9, top_p=0.95, repetition_penalty=1.1),
    "precise": DecodingConfig(repetition_penalty=1.05),
}
"""Name → decoding."""
