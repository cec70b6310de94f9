"""The checkers, by name: each compares an answer with its sources, claim by claim."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from ragkit.checkers.lexical import LexicalChecker
from ragkit.errors import ConfigError
from ragkit.protocols import Checker

CHECKERS: Mapping[str, Callable[[], Checker]] = MappingProxyType(
    {
        "lexical": LexicalChecker,
    }
)


def create_checker(name: str) -> Checker:
    """The checker of this name with its default settings.

    Raises:
        ConfigError: There is none of this name.
    """
    if name not in CHECKERS:
        raise ConfigError(f"there is no checker {name!r}", hint=f"choose from {', '.join(CHECKERS)}")
    return CHECKERS[name]()


__all__ = ["CHECKERS", "LexicalChecker", "create_checker"]
