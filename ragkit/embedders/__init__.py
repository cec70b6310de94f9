"""Turn text into unit vectors; a sorted table of what there is."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from ragkit.protocols import Embedder

EMBEDDERS = {
    "embedded": "ragkit.embedders.sentence_transformer:SentenceTransformerEmbedder",
    "hashing": "ragkit.embedders.hashing:HashingEmbedder",
}
"""Name → class. Any other name is a sentence-transformers model: a folder or a name on the hub."""


def create_embedder(name: str) -> Embedder:
    """Build an embedder by its name.

    Args:
        name: A name of ``EMBEDDERS``, the path of a sentence-transformers model, or a hub name.

    Raises:
        ConfigError: There is no such model, or its weights are not what they should be.
    """
    module, _, attribute = EMBEDDERS.get(name, EMBEDDERS["embedded"]).partition(":")
    kind = getattr(import_module(module), attribute)
    return cast("Embedder", kind() if name in EMBEDDERS else kind(name))
