"""Turn files into documents; a sorted table of suffixes says which function reads which format.

A loader is a function from ``RawFile`` to ``Document``. A new format is one file here, one line in ``LOADERS`` and
one test that subclasses ``ragkit.testing.loader_contract.LoaderContract``.
"""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from ragkit.errors import LoadError, RagkitError, UnsupportedFormatError
from ragkit.loaders.sniffing import ENCRYPTED, kind_of
from ragkit.protocols import RawFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ragkit.protocols import Loader
    from ragkit.types import Document

_CODE = "ragkit.loaders.code:load_code"
_JSON = "ragkit.loaders.json:load_json"
_MARKDOWN = "ragkit.loaders.markdown:load_markdown"
_TABLE = "ragkit.loaders.csv:load_csv"
_TEXT = "ragkit.loaders.text:load_text"
_WEB = "ragkit.loaders.html:load_html"

LOADERS = {
    ".adoc": _TEXT,
    ".c": _CODE,
    ".cc": _CODE,
    ".cpp": _CODE,
    ".cs": _CODE,
    ".css": _CODE,
    ".csv": _TABLE,
    ".docx": "ragkit.loaders.docx:load_docx",
    ".eml": "ragkit.loaders.email:load_email",
    ".epub": "ragkit.loaders.epub:load_epub",
    ".go": _CODE,
    ".h": _CODE,
    ".hpp": _CODE,
    ".htm": _WEB,
    ".html": _WEB,
    ".ipynb": "ragkit.loaders.notebook:load_notebook",
    ".java": _CODE,
    ".js": _CODE,
    ".json": _JSON,
    ".jsonl": _JSON,
    ".kt": _CODE,
    ".log": _TEXT,
    ".lua": _CODE,
    ".markdown": _MARKDOWN,
    ".md": _MARKDOWN,
    ".mjs": _CODE,
    ".ndjson": _JSON,
    ".org": _TEXT,
    ".pdf": "ragkit.loaders.pdf:load_pdf",
    ".php": _CODE,
    ".pptx": "ragkit.loaders.pptx:load_pptx",
    ".py": _CODE,
    ".pyi": _CODE,
    ".rb": _CODE,
    ".rs": _CODE,
    ".rst": _TEXT,
    ".scala": _CODE,
    ".sh": _CODE,
    ".sql": _CODE,
    ".swift": _CODE,
    ".tab": _TABLE,
    ".tex": _TEXT,
    ".toml": _CODE,
    ".ts": _CODE,
    ".tsv": _TABLE,
    ".tsx": _CODE,
    ".txt": _TEXT,
    ".xhtml": _WEB,
    ".xlsx": "ragkit.loaders.xlsx:load_xlsx",
    ".xml": _TEXT,
    ".yaml": _CODE,
    ".yml": _CODE,
}
"""Suffix → module:function."""

_IMAGE = "images hold no text that ragkit reads; run character recognition on it first"
_MEDIA = "transcribe it first"
_PACKED = "unpack it and index the folder"

ADVICE = {
    ".7z": _PACKED,
    ".bmp": _IMAGE,
    ".doc": "save it as .docx",
    ENCRYPTED: "save a copy without the password",
    ".gif": _IMAGE,
    ".gz": _PACKED,
    ".heic": _IMAGE,
    ".jpeg": _IMAGE,
    ".jpg": _IMAGE,
    ".mp3": _MEDIA,
    ".mp4": _MEDIA,
    ".msg": "save it as .eml",
    ".odp": "save it as .pptx",
    ".ods": "save it as .xlsx",
    ".odt": "save it as .docx",
    ".png": _IMAGE,
    ".ppt": "save it as .pptx",
    ".rtf": "save it as .docx",
    ".tar": _PACKED,
    ".tif": _IMAGE,
    ".tiff": _IMAGE,
    ".wav": _MEDIA,
    ".webp": _IMAGE,
    ".xls": "save it as .xlsx",
    ".xlsb": "save it as .xlsx",
    ".zip": _PACKED,
}
"""What to do with a file that no loader reads."""


def load(raw: RawFile) -> Document:
    """Turn a file's bytes into a document.

    The content decides where it is unmistakable (a PDF named ``.txt`` is a PDF), the suffix otherwise.

    Raises:
        UnsupportedFormatError: No loader reads this kind of file.
        LoadError: The file is damaged, encrypted, or holds no text.
    """
    suffix = kind_of(raw, LOADERS)
    if suffix not in LOADERS:
        raise UnsupportedFormatError(
            f"no loader reads {suffix or 'this kind of'} files",
            path=raw.source,
            hint=ADVICE.get(suffix, "convert it to text, Markdown, HTML or PDF"),
        )
    module, _, name = LOADERS[suffix].partition(":")
    loader: Loader = getattr(import_module(module), name)
    try:
        document = loader(raw)
    except RagkitError:
        raise
    except MemoryError as exc:
        raise LoadError("needs more memory than it may have", path=raw.source) from exc
    except RecursionError as exc:
        raise LoadError("is nested too deeply", path=raw.source) from exc
    # Parsers meet damaged files with whatever they happen to stumble over; this is the one edge where it all ends.
    except Exception as exc:
        reason = " ".join(str(exc).split())[:200] or type(exc).__name__
        raise LoadError(f"damaged, or not a real {suffix} file: {reason}", path=raw.source) from exc
    if not document.text.strip():
        raise LoadError("has no text", path=raw.source, hint="remove it, or give it another format")
    return document


def load_file(path: str | Path, *, source: str | None = None) -> Document:
    """Read a file and turn it into a document, in this process and without limits.

    Args:
        path: The file.
        source: What the document is said to come from; the path as it was given if None.

    Raises:
        LoadError: The file does not exist or cannot be read, or as for ``load``.
    """
    name = os.fspath(path)
    try:
        data = Path(path).read_bytes()
    except IsADirectoryError as exc:
        raise LoadError(f"{name} is a folder", path=name, hint="give one of its files") from exc
    except (OSError, ValueError) as exc:
        reason = getattr(exc, "strerror", None) or exc
        raise LoadError(f"{name} cannot be read: {reason}", path=name, hint="see that it exists") from exc
    except MemoryError as exc:
        raise LoadError("needs more memory than it may have", path=name) from exc
    return load(RawFile(name if source is None else source, data))


def find_files(paths: Iterable[str | Path]) -> list[str]:
    """The files that paths stand for, folders walked, in sorted order and without repetition.

    Hidden files and folders are left out, and so is ragkit's own ``.ragkit``. Names begin as the paths were given.

    Raises:
        LoadError: A path does not exist.
    """
    found: dict[str, None] = {}
    for path in paths:
        name = os.fspath(path)
        if not Path(name).exists():
            raise LoadError(f"{name} does not exist", path=name, hint="see that the path is spelled right")
        if Path(name).is_dir():
            found.update(dict.fromkeys(_walk(name)))
        else:
            found[name] = None
    return list(found)


def _walk(folder: str) -> Iterator[str]:
    # os.walk does not follow links to folders, so a ring of links cannot catch it.
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = os.path.join(here, name)  # noqa: PTH118 - pathlib would drop the "./" that was given
            if not name.startswith(".") and Path(path).is_file():
                yield path
