"""What kind of file some bytes are, whatever their name says."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING

from ragkit.loaders.text import BOMS, is_text

if TYPE_CHECKING:
    from collections.abc import Container

    from ragkit.protocols import RawFile

MAGIC = (
    (b"%PDF-", ".pdf"),
    (b"{\\rtf", ".rtf"),
    (b"\x89PNG\r\n\x1a\n", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"GIF8", ".gif"),
    (b"II*\x00", ".tif"),
    (b"MM\x00*", ".tif"),
    (b"\x1f\x8b", ".gz"),
    (b"7z\xbc\xaf\x27\x1c", ".7z"),
)
OLD_CONTAINER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLD_OFFICE = (".doc", ".xls", ".ppt", ".msg")
OFFICE = (".docx", ".pptx", ".xlsx")
BINARY = (*OFFICE, ".epub", ".pdf")
"""Formats that text cannot be, so that a web page under such a name is a web page."""
ENCRYPTED = "encrypted Office"
"""A new Office file in the old container is one with a password."""
OFFICE_TYPES = "[Content_Types].xml"
OFFICE_PARTS = (("xl/workbook.bin", ".xlsb"), ("word/", ".docx"), ("ppt/", ".pptx"), ("xl/", ".xlsx"))
OPEN_TYPES = ((b"text", ".odt"), (b"spreadsheet", ".ods"), (b"presentation", ".odp"))
HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
SAMPLE = 4096
PDF_START = 1024
"""The PDF standard's readers allow so many bytes of something else before a PDF begins."""


def kind_of(raw: RawFile, known: Container[str]) -> str:
    """The suffix by which a file is to be read.

    Args:
        raw: The file.
        known: Suffixes that there are loaders for.

    Returns:
        A suffix with its dot: by content where that is unmistakable, else the file's own, else ``.txt`` for what
        looks like text; the file's own or ``""`` for binary data of no known kind.
    """
    head = raw.data[:SAMPLE]
    own = raw.suffix
    for magic, suffix in MAGIC:
        if head.startswith(magic):
            return suffix
    if own == ".pdf" and b"%PDF-" in head[:PDF_START]:
        return own
    if head.startswith(OLD_CONTAINER):
        return own if own in OLD_OFFICE else ENCRYPTED if own in OFFICE else ".doc"
    if head.startswith(b"PK\x03\x04"):
        return _zip_kind(raw.data) or (own if own in (*OFFICE, ".epub") else ".zip")
    may_be_page = own not in known or own in (".txt", ".xml", *BINARY)
    if may_be_page and HTML.match(head.removeprefix(b"\xef\xbb\xbf")):
        return ".html"
    if own in known:
        return own
    return ".txt" if is_text(head) or any(head.startswith(bom) for bom, _ in BOMS) else own


def _zip_kind(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if OFFICE_TYPES in names:
                for start, suffix in OFFICE_PARTS:
                    if any(name.startswith(start) for name in names):
                        return suffix
            if "META-INF/container.xml" in names:
                return ".epub"
            if "mimetype" in names and archive.getinfo("mimetype").file_size < SAMPLE:
                mimetype = archive.read("mimetype")
                for word, suffix in OPEN_TYPES:
                    if b"opendocument." + word in mimetype:
                        return suffix
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, RuntimeError, ValueError, zlib.error):
        return ""
    return ".zip"
