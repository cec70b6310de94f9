"""E-mail messages: the headers a reader sees, the body, and the names of attachments."""

from __future__ import annotations

import email
from email import policy
from typing import TYPE_CHECKING

from ragkit.loaders.building import TextBuilder
from ragkit.loaders.html import page
from ragkit.protocols import RawFile
from ragkit.types import Document, Location

if TYPE_CHECKING:
    from email.message import EmailMessage

SHOWN = ("From", "To", "Cc", "Date", "Subject")


def load_email(raw: RawFile) -> Document:
    """The plain body where there is one, else the text of the HTML body."""
    message: EmailMessage = email.message_from_bytes(raw.data, policy=policy.default)
    builder = TextBuilder()
    headers = {name: " ".join(str(message[name]).split()) for name in SHOWN if message[name]}
    builder.add("\n".join(f"{name}: {value}" for name, value in headers.items()), Location())
    body = message.get_body(("plain", "html"))
    if body is not None:
        payload = body.get_payload(decode=True)
        payload = payload if isinstance(payload, bytes) else b""
        charset = body.get_content_charset() or "utf-8"
        try:
            text = payload.decode(charset, errors="replace")
        except LookupError:
            text = payload.decode("utf-8", errors="replace")
        if body.get_content_subtype() == "html":
            text = page(text, raw.source).text if text.strip() else ""
        builder.add(text, Location())
    names = [part.get_filename() for part in message.iter_attachments()]
    builder.add("\n".join(f"Attachment: {name}" for name in names if name), Location())
    return builder.document(raw.source, title=headers.get("Subject", ""), metadata=headers)
