"""Presentations: slide by slide, with tables and the speaker's notes."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from ragkit.loaders.building import TextBuilder, record
from ragkit.protocols import RawFile
from ragkit.types import Document, Location

if TYPE_CHECKING:
    from collections.abc import Iterator


def load_pptx(raw: RawFile) -> Document:
    """One place per slide, with the slide's title as its heading."""
    from pptx import Presentation

    slides = Presentation(io.BytesIO(raw.data))
    builder = TextBuilder()
    for number, slide in enumerate(slides.slides, start=1):
        heading = slide.shapes.title.text_frame.text if slide.shapes.title is not None else ""
        heading = " ".join(heading.split())
        location = Location(headings=(heading,) if heading else (), slide=number)
        gap = "\n\n"
        for text in _texts(slide.shapes):
            builder.add(text, location, gap=gap)
            gap = "\n"
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            builder.add(slide.notes_slide.notes_text_frame.text, location)
    return builder.document(raw.source, title=slides.core_properties.title or "")


def _texts(shapes: Any) -> Iterator[str]:
    for shape in shapes:
        if shape.shape_type is not None and hasattr(shape, "shapes"):
            yield from _texts(shape.shapes)
        elif getattr(shape, "has_table", False):
            rows = [[cell.text for cell in row.cells] for row in shape.table.rows]
            names = rows[0] if len(rows) > 1 else []
            yield from (record(names, row) for row in (rows[1:] if names else rows))
        elif getattr(shape, "has_text_frame", False):
            yield shape.text_frame.text
