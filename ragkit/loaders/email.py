"""E-mail messages: the headers a reader sees, the body, and the names of attachments."""

from __future__ import annotations

import email
from email import policy
from typing import TYPE_CHECKING

from ragkit.loaders.building import TextBuilder, one_line
from ragkit.loaders.html import add_page
from ragkit.loaders.text import decode
from ragkit.protocols import RawFile
from ragkit.types import Document, Location

if TYPE_CHECKING:
    from email.message import EmailMessage, Message

SHOWN = ("From", "To", "Cc", "Date", "Subject")


def load_email(raw: RawFile) -> Document:
    """The plain body where there is one, else the text of the HTML body."""
    message: EmailMessage = email.message_from_bytes(raw.data, policy=policy.default)
    builder = TextBuilder()
    headers = {name: one_line(str(message[name])) for name in SHOWN if message[name]}
    builder.add("\n".join(f"{name}: {value}" for name, value in headers.items()), Location())
    for kind in ("plain", "html"):
        body = message.get_body((kind,))
        text = "" if body is None else _text(body, raw.source)
        if text.strip():
            if kind == "html":
                add_page(text, raw.source, builder)
            else:
                builder.add(text, Location())
            break
    names = [part.get_filename() for part in message.walk()]
    builder.add("\n".join(f"Attachment: {one_line(name)}" for name in names if name), Location())
    return builder.document(raw.source, title=headers.get("Subject", ""), metadata=headers)


def _text(body: Message, source: str) -> str:
    """A body by the encoding that it declares, or, where that is wrong, by the one that fits."""
    payload = body.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    try:
        return data.decode(body.get_content_charset() or "utf-8")
    except (LookupError, UnicodeDecodeError):
        return decode(RawFile(source, data))
