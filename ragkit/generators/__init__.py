"""Write answers; a sorted table of what there is."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ragkit.protocols import Embedder, Generator

GENERATORS = {
    "extractive": "ragkit.generators.extractive:ExtractiveGenerator",
    "smollm2": "ragkit.generators.transformers:TransformersGenerator",
}
"""Name → class. Any other name is a transformers model: a folder or a name on the hub."""


def create_generator(name: str, *, embedder: Embedder | None = None) -> Generator:
    """Build a generator by its name.

    Args:
        name: A name of ``GENERATORS``, the folder of a transformers model, or its name on the hub.
        embedder: Lets the extractive generator judge sentences by meaning too.

    Raises:
        BackendUnavailableError: The model is not on this machine.
    """
    module, _, attribute = GENERATORS.get(name, GENERATORS["smollm2"]).partition(":")
    kind = getattr(import_module(module), attribute)
    generator: Generator = kind(embedder) if name == "extractive" else kind(name)
    return generator
