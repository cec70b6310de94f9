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
ASCII = bytes(range(128))
CONTROLS = bytes(byte for byte in range(32) if not 8 <= byte <= 13 and byte != 27)
"""Control characters that text has no use for; 27 begins the colours of a terminal's log."""
SAMPLE = 1 << 20


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
    if b"\x00" in raw.data and (wide := _wide_encoding(raw.data)):
        return clean(raw.data.decode(wide, errors="replace"))
    if not is_text(raw.data):
        raise LoadError("holds binary data, not text", path=raw.source, hint="give it the suffix of its format")
    try:
        return clean(raw.data.decode("utf-8"))
    except UnicodeDecodeError:
        return clean(_decode_other(raw))


def is_text(data: bytes) -> bool:
    """Whether bytes may be text in an encoding of single bytes, UTF-8 or an Asian one: hardly any control characters.

    A few are let pass, because logs have holes and old files end in one.
    """
    controls = len(data) - len(data.translate(None, CONTROLS))
    return controls <= max(len(data) // 50, 1)


def _wide_encoding(data: bytes) -> str:
    """UTF-16 without a byte order mark, told by the zeros in every other byte of Latin text; ``""`` if it is not."""
    sample = data[:SAMPLE]
    half = len(sample) // 2
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.05 * half:
        return "utf-16-be"
    return ""


def _decode_other(raw: RawFile) -> str:
    text = raw.data.decode("utf-8", errors="replace")
    damaged = text.count("\ufffd")
    whole = len(text) - len(raw.data.translate(None, bytes(range(128, 256)))) - damaged
    if whole >= 4 * damaged:
        # Other encodings hardly ever make valid UTF-8 by chance: this is UTF-8 with a scratch, such as a cut end.
        return text
    if len(raw.data.translate(None, ASCII)) < len(raw.data) // 10:
        # Latin letters with a few accents; on so little evidence a guesser mistakes them for rarer alphabets.
        try:
            return raw.data.decode("cp1252")
        except UnicodeDecodeError:
            pass
    for encoding in ("cp932", "euc_jp"):
        # Japanese text has kana in every sentence; other scripts read this way have hardly any.
        text = raw.data.decode(encoding, errors="ignore")
        if len(KANA.findall(text)) > len(text) // 8:
            return text
    from charset_normalizer import from_bytes

    # A sample ends with a line, for half a character at its end would rule out the right encoding.
    sample = raw.data if len(raw.data) <= SAMPLE else raw.data[: raw.data.rfind(b"\n", 0, SAMPLE) + 1]
    best = from_bytes(sample or raw.data).best()
    if best is None:
        raise LoadError("is not text in any known encoding", path=raw.source, hint="save it as UTF-8")
    return raw.data.decode(best.encoding, errors="replace")


def load_text(raw: RawFile) -> Document:
    """The text as it is, with the lines it stands in."""
    text = decode(raw)
    return Document(raw.source, text, raw.source, marks=(Mark(0, Location(line=1)),))
