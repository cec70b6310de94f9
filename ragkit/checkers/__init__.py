"""Compare answers with sources; a sorted table of what there is."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from ragkit.errors import ConfigError

if TYPE_CHECKING:
    from ragkit.protocols import Checker

CHECKERS = {
    "lexical": "ragkit.checkers.lexical:LexicalChecker",
}
"""Name → class."""


def create_checker(name: str) -> Checker:
    """Build a checker by its name.

    Raises:
        ConfigError: There is no checker of this name.
    """
    if name not in CHECKERS:
        raise ConfigError(f"there is no checker {name!r}", hint=f"choose from {', '.join(CHECKERS)}")
    module, _, attribute = CHECKERS[name].partition(":")
    checker: Checker = getattr(import_module(module), attribute)()
    return checker
