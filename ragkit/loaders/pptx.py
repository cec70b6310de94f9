"""Presentations: slide by slide, with tables and the speaker's notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ragkit.loaders.building import TextBuilder, one_line, table_lines
from ragkit.loaders.office import as_plain
from ragkit.protocols import RawFile
from ragkit.types import Document, Location

if TYPE_CHECKING:
    from collections.abc import Iterator

MAIN_TYPE = b"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"


def load_pptx(raw: RawFile) -> Document:
    """One place per slide, with the slide's title as its heading."""
    from pptx import Presentation

    slides = Presentation(as_plain(raw.data, MAIN_TYPE))
    builder = TextBuilder()
    for number, slide in enumerate(slides.slides, start=1):
        heading = one_line(slide.shapes.title.text_frame.text) if slide.shapes.title is not None else ""
        location = Location(headings=(heading,) if heading else (), slide=number)
        gap = "\n\n"
        for text in _texts(slide.shapes):
            builder.add(text, location, gap=gap)
            gap = "\n"
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            builder.add(slide.notes_slide.notes_text_frame.text, location)
    about = slides.core_properties
    return builder.document(raw.source, title=about.title, metadata={"author": about.author})


def _texts(shapes: Any) -> Iterator[str]:
    for shape in shapes:
        if hasattr(shape, "shapes"):
            yield from _texts(shape.shapes)
        elif getattr(shape, "has_table", False):
            rows = [[cell.text for cell in row.cells] for row in shape.table.rows]
            yield from (line for _, line in table_lines(rows))
        elif getattr(shape, "has_text_frame", False):
            yield shape.text_frame.text
