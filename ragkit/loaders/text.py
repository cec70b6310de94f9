"""Plain text, and how bytes become text for every format that is written in lines."""

from __future__ import annotations

import codecs
import re

from ragkit.errors import LoadError
from ragkit.protocols import RawFile
from ragkit.types import Document, Location, Mark

UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
KANA = re.compile(r"[\u3041-\u30fa]")
UNWANTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    r"""Text with ``\n`` as its only line end and without characters that no database or UTF-8 file can hold."""
    return UNWANTED.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))


def decode(raw: RawFile) -> str:
    """A file's bytes as text: by its byte order mark, as UTF-8, or in the encoding that fits best.

    Raises:
        LoadError: It is not text in any encoding.
    """
    for bom, encoding in BOMS:
        if raw.data.startswith(bom):
            return clean(raw.data[len(bom) :].decode(encoding, errors="replace"))
    try:
        return clean(raw.data.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    if sum(byte > 127 for byte in raw.data) < len(raw.data) // 10:
        # Latin letters with a few accents; on so little evidence a guesser mistakes them for rarer alphabets.
        try:
            return clean(raw.data.decode("cp1252"))
        except UnicodeDecodeError:
            pass
    for encoding in ("cp932", "euc_jp"):
        # Japanese text has kana in every sentence; other scripts read this way have hardly any.
        text = raw.data.decode(encoding, errors="ignore")
        if len(KANA.findall(text)) > len(text) // 8:
            return clean(text)
    from charset_normalizer import from_bytes

    best = from_bytes(raw.data).best()
    if best is None:
        raise LoadError("is not text in any known encoding", path=raw.source, hint="save it as UTF-8")
    return clean(str(best))


def load_text(raw: RawFile) -> Document:
    """The text as it is, with the lines it stands in."""
    text = decode(raw)
    return Document(raw.source, text, raw.source, marks=(Mark(0, Location(line=1)),))
