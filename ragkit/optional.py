"""One way to import what may not be installed, with the pip line that mends it."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from ragkit.errors import MissingDependencyError


def require(module: str, *, package: str = "", extra: str = "") -> ModuleType:
    """Import an optional module.

    Args:
        module: Name to import, such as ``pypdf``.
        package: Name on the package index, where it differs from the module's.
        extra: The extra of ragkit that brings it.

    Raises:
        MissingDependencyError: It is not installed; the hint is the line that installs it.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as exc:
        package = package or module.partition(".")[0]
        wanted = f"'ragkit[{extra}]'" if extra else package
        raise MissingDependencyError(
            f"the package {package} is not installed", package=package, extra=extra, hint=f"pip install {wanted}"
        ) from exc
