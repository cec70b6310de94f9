"""Locations and the cutting of documents."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ragkit.types import Chunk, Document, Location, Mark


def test_a_location_in_words():
    assert str(Location(headings=("Travel", "Hotels"), page=3)) == "page 3, Travel › Hotels"
    assert str(Location()) == ""


def test_a_location_survives_json():
    place = Location(headings=("A",), sheet="Costs", row=4)
    assert place.to_dict() == {"headings": ["A"], "sheet": "Costs", "row": 4}
    assert Location.from_dict(place.to_dict()) == place


def test_lines_are_counted_on_from_a_mark():
    document = Document("d", "one\ntwo\nthree\n", "d.txt", marks=(Mark(0, Location(line=5)),))
    assert document.locate(0).line == 5
    assert document.locate(3).line == 5
    assert document.locate(4).line == 6
    assert document.locate(9).line == 7


def test_before_the_first_mark_nothing_is_known():
    assert Document("d", "abc", "d", marks=(Mark(2, Location(page=1)),)).locate(1) == Location()


@given(
    text=st.text(max_size=60),
    places=st.lists(st.tuples(st.integers(0, 60), st.integers(1, 9)), max_size=5),
    edges=st.tuples(st.integers(0, 60), st.integers(0, 60)),
)
def test_a_chunk_knows_the_places_that_its_document_knows(text, places, edges):
    marks = tuple(Mark(start, Location(line=line)) for start, line in sorted(places) if start <= len(text))
    document = Document("d", text, "d.txt", marks=marks)
    start, end = sorted(min(edge, len(text)) for edge in edges)
    chunk = Chunk.cut(document, start, end)
    assert document.text[chunk.start : chunk.end] == chunk.text
    for offset in range(start, end):
        assert chunk.locate(offset) == document.locate(offset)
