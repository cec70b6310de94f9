"""Everything ragkit raises on purpose, one tree with one root.

::

    RagkitError                              .hint: what to do next, one line
    ├── ConfigError             (ValueError)
    ├── LoadError                            .path
    │   └── UnsupportedFormatError
    ├── VectorIndexError
    │   ├── IndexNotFoundError  (FileNotFoundError)
    │   ├── IndexFormatError                 damaged, or written by a newer ragkit
    │   └── IndexMismatchError               .expected .got
    ├── GenerationError                      .retryable
    │   ├── ContextOverflowError
    │   └── BackendUnavailableError
    ├── CheckError
    └── MissingDependencyError  (ImportError)  .package .extra

One ``except RagkitError`` is enough. A message says what was found, what was expected and where; the
hint says what to do about it. Finding nothing is a value, not an error.
"""

from __future__ import annotations


class RagkitError(Exception):
    """Root of the tree. ``hint`` is one line that says what to do next, or ``""``."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return self.message


class ConfigError(RagkitError, ValueError):
    """A setting or argument has a value that cannot be used."""


class LoadError(RagkitError):
    """A file could not be turned into a document. ``path`` is the file, as it was given."""

    def __init__(self, message: str, *, path: str, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.path = path


class UnsupportedFormatError(LoadError):
    """No loader reads this kind of file."""


class VectorIndexError(RagkitError):
    """An index could not be built, opened or searched."""


class IndexNotFoundError(VectorIndexError, FileNotFoundError):
    """There is no index at this place."""


class IndexFormatError(VectorIndexError):
    """The index is damaged, or a newer ragkit wrote it."""


class IndexMismatchError(VectorIndexError):
    """The index was built with other settings than the ones it is opened with."""

    def __init__(self, message: str, *, expected: str, got: str, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.expected = expected
        self.got = got


class GenerationError(RagkitError):
    """A generator gave no answer. ``retryable`` says whether the same call may work later."""

    def __init__(self, message: str, *, retryable: bool = False, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.retryable = retryable


class ContextOverflowError(GenerationError):
    """Question and sources do not fit into the model's context window."""


class BackendUnavailableError(GenerationError):
    """The model's weights or server cannot be reached."""


class CheckError(RagkitError):
    """An answer could not be checked."""


class MissingDependencyError(RagkitError, ImportError):
    """An optional package is not installed; the hint is the pip line that installs it."""

    def __init__(self, message: str, *, package: str, extra: str = "", hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.package = package
        self.extra = extra
