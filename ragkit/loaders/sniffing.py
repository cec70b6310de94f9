"""What kind of file some bytes are, whatever their name says."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container

    from ragkit.protocols import RawFile

MAGIC = (
    (b"%PDF-", ".pdf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".doc"),
    (b"{\\rtf", ".rtf"),
    (b"\x89PNG\r\n\x1a\n", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"GIF8", ".gif"),
    (b"II*\x00", ".tif"),
    (b"MM\x00*", ".tif"),
    (b"\x1f\x8b", ".tar"),
)
ZIPPED = (
    ("word/", ".docx"),
    ("ppt/", ".pptx"),
    ("xl/", ".xlsx"),
    ("META-INF/container.xml", ".epub"),
    ("content.xml", ".odt"),
)
OLD_OFFICE = (".doc", ".xls", ".ppt", ".msg")
OFFICE = (".docx", ".pptx", ".xlsx")
ENCRYPTED = "encrypted Office"
"""A new Office file in the old container is one with a password."""
HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
UTF16 = (b"\xff\xfe", b"\xfe\xff")
SAMPLE = 4096


def kind_of(raw: RawFile, known: Container[str]) -> str:
    """The suffix by which a file is to be read.

    Args:
        raw: The file.
        known: Suffixes that there are loaders for.

    Returns:
        A suffix with its dot: by content where that is unmistakable, else the file's own, else ``.txt`` for what
        looks like text; ``""`` for binary data of no known kind.
    """
    head = raw.data[:SAMPLE]
    own = raw.suffix
    for magic, suffix in MAGIC:
        if head.startswith(magic) or (suffix == ".pdf" and magic in head[:1024] and own == ".pdf"):
            if suffix == ".doc":
                return own if own in OLD_OFFICE else ENCRYPTED if own in OFFICE else suffix
            return suffix
    if head.startswith(b"PK"):
        return _zip_kind(raw.data) or (own if own in (*OFFICE, ".epub") else ".zip")
    if HTML.match(head) and own in ("", ".txt", ".xml"):
        return ".html"
    if own in known or not _looks_like_text(head):
        return own
    return ".txt"


def _zip_kind(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return ""
    return next((suffix for start, suffix in ZIPPED if any(name.startswith(start) for name in names)), "")


def _looks_like_text(head: bytes) -> bool:
    if head.startswith(UTF16):
        return True
    return b"\x00" not in head and sum(byte < 9 or 13 < byte < 32 for byte in head) <= len(head) // 50
