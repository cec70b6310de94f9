"""Chunks: exact, whole, within the limit, and cut at good places."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ragkit.embedders.hashing import HashingEmbedder
from ragkit.errors import ConfigError
from ragkit.loaders import load
from ragkit.protocols import RawFile
from ragkit.splitters.recursive import RecursiveSplitter
from ragkit.types import Document, Location, Mark

TOKENS = HashingEmbedder(max_tokens=40)


def split(text, source="d.txt", **options):
    return RecursiveSplitter(TOKENS, **options).split(load(RawFile(source, text.encode())))


def holds(chunks, document):
    """Every character that is not blank is in a chunk, and every chunk is a piece of the document."""
    covered = set()
    for chunk in chunks:
        assert document.text[chunk.start : chunk.end] == chunk.text
        assert chunk.text == chunk.text.strip() != ""
        assert TOKENS.count_tokens([chunk.embedded_text])[0] <= 40
        covered.update(range(chunk.start, chunk.end))
    return all(at in covered for at, character in enumerate(document.text) if not character.isspace())


@given(
    text=st.text(alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from(" \n.。,a")), max_size=400),
    marks=st.lists(st.integers(0, 400), max_size=4),
    source=st.sampled_from(["a.md", "a.py", "a.txt", "a"]),
    overlap=st.integers(0, 10),
)
@settings(max_examples=150, deadline=None)
def test_no_character_is_lost(text, marks, source, overlap):
    places = tuple(Mark(start, Location(headings=(f"H{start}",))) for start in sorted(set(marks)) if start <= len(text))
    document = Document("d", text, source, "Title", marks=places)
    chunks = RecursiveSplitter(TOKENS, overlap_tokens=overlap).split(document)
    assert holds(chunks, document)
    assert [chunk.start for chunk in chunks] == sorted(chunk.start for chunk in chunks)
    assert len({chunk.id for chunk in chunks}) == len(chunks)


def test_cuts_at_paragraphs_then_at_sentences():
    text = "One two three four. " * 4 + "\n\n" + "Five six seven eight. " * 12
    chunks = split(text, max_tokens=32)
    assert chunks[0].text == ("One two three four. " * 4).strip()
    assert all(chunk.text.endswith(".") for chunk in chunks)
    assert len(chunks) == 3


def test_a_heading_begins_a_chunk_and_is_given_as_context():
    text = "# Guide\n\n" + "word " * 25 + "\n\n## Care\n\n" + "leaf " * 25 + "\n\n" + "root " * 25
    chunks = split(text, "guide.md")
    assert [chunk.text.split()[0] for chunk in chunks] == ["#", "##", "root"]
    assert chunks[2].context == "Guide › Care"
    assert chunks[2].location.headings == ("Guide", "Care")


def test_overlap_repeats_the_end_of_the_chunk_before():
    text = "One two three four. " * 20
    plain, overlapping = split(text, max_tokens=30), split(text, max_tokens=30, overlap_tokens=10)
    assert all(a.end <= b.start for a, b in pairwise(plain))
    assert all(b.start < a.end for a, b in pairwise(overlapping))


def test_code_is_cut_before_definitions():
    body = "    value = left + right\n" * 5
    chunks = split(f"import os\n\n\ndef first():\n{body}\n\ndef second():\n{body}", "m.py")
    assert [chunk.text.split("(")[0] for chunk in chunks][-1] == "def second"


def test_a_word_that_is_too_long_is_cut():
    assert holds(split("x" * 5000), Document("d", "x" * 5000, "d.txt"))


def test_the_embedded_tokenizer_loses_nothing(embedded):
    splitter = RecursiveSplitter(embedded)
    document = Document("d", "Donaudampfschifffahrt 東京タワー naïve x² " * 200, "d.txt", "A title")
    chunks = splitter.split(document)
    assert max(embedded.count_tokens([chunk.embedded_text for chunk in chunks])) <= 256
    assert "".join(chunk.text for chunk in chunks).replace(" ", "") == document.text.replace(" ", "")


@pytest.mark.parametrize(
    "options", [{"max_tokens": 41}, {"max_tokens": 3}, {"overlap_tokens": 30}, {"overlap_tokens": -1}]
)
def test_sizes_that_contradict_each_other_are_refused(options):
    with pytest.raises(ConfigError) as caught:
        RecursiveSplitter(TOKENS, **options)
    assert "choose a value" in caught.value.hint


def test_a_blank_document_has_no_chunks():
    assert RecursiveSplitter(TOKENS).split(Document("d", " \n\t ", "d.txt")) == []
