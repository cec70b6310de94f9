"""The index on disk: killed at any moment, damaged, locked, full, and equal to a fresh build after any edits."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ragkit.corpus import Corpus
from ragkit.embedders.hashing import HashingEmbedder
from ragkit.errors import IndexFormatError, VectorIndexError
from ragkit.retriever import Retriever
from ragkit.splitters.recursive import RecursiveSplitter
from ragkit.types import Document, Location, Mark

EMBEDDER = HashingEmbedder()
PARTS = {"embedder": EMBEDDER, "splitter": RecursiveSplitter(EMBEDDER, max_tokens=32)}


def opened(folder="idx"):
    return Corpus.create(folder, **PARTS)


def document(name, text):
    return (Document(name, text, name, f"Title of {name}", {"n": 1}, (Mark(0, Location(line=1)),)), text)


def content(corpus):
    """Everything that searching depends on, whatever the rows' numbers are."""
    sources = [source for source, *_ in corpus.sources()]
    hits = Retriever(corpus, EMBEDDER).search("one two three five", k=50)
    found = sorted((round(hit.score, 5), hit.chunk.id, hit.chunk.text, round(hit.probability, 5)) for hit in hits)
    return sources, [corpus.document(source).text for source in sources], found, len(corpus)


def test_a_document_comes_back_as_it_was():
    given_document, digest = document("a.txt", "one\ntwo 鷺")
    with opened() as corpus:
        corpus.write([(given_document, digest)], **PARTS)
        assert corpus.document("a.txt") == given_document
        assert corpus.document("b.txt") is None
        (hit,) = Retriever(corpus, EMBEDDER).search("two")
        assert (hit.chunk.location, hit.chunk.context) == (Location(line=1), "Title of a.txt")


WORDS = st.lists(st.sampled_from("one two three four five six seven".split()), max_size=60).map(" ".join)
EDITS = st.lists(st.tuples(st.sampled_from("abcd"), st.one_of(st.none(), WORDS)), max_size=8)


@given(EDITS)
@settings(max_examples=25, deadline=None)
def test_any_edits_then_a_write_equal_a_fresh_build(tmp_path_factory, edits):
    final = {}
    with opened(tmp_path_factory.mktemp("edited")) as edited:
        for name, text in edits:
            if text is None:
                edited.write([], deleted=[name], **PARTS)
                final.pop(name, None)
            else:
                edited.write([document(name, text)], **PARTS)
                final[name] = text
        with opened(tmp_path_factory.mktemp("fresh")) as fresh:
            fresh.write([document(name, text) for name, text in final.items()], **PARTS)
            assert content(edited) == content(fresh)


def test_only_new_text_is_embedded():
    with opened() as corpus:
        assert corpus.write([document("a", "one two")], **PARTS) == 1
        moved = Document("b", "one two", "b", "Title of a")
        assert corpus.write([(moved, "")], deleted=["a"], **PARTS) == 0
        assert [source for source, *_ in corpus.sources()] == ["b"]


WRITER = """
import sys
from tests_corpus_parts import PARTS, document, opened
corpus = opened("idx")
corpus.write([document("new.txt", "five six " * 4000)], deleted=["old.txt"], **PARTS)
"""


def test_killed_at_random_moments_the_index_is_old_or_new(tmp_path):
    """A writer is killed at forty moments from its start to its end; every time the old or the new state is found."""
    parts = f"from pathlib import Path\nexec(Path({__file__!r}).read_text().split('def content')[0])\n"
    (tmp_path / "tests_corpus_parts.py").write_text(parts)
    chooser = random.Random(3)
    with opened() as corpus:
        corpus.write([document("old.txt", "one two three")], **PARTS)
        old = content(corpus)
    new_text, states = "five six " * 4000, []
    started = time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])}
    command = [sys.executable, "-c", WRITER]
    subprocess.run(command, check=True, env=environment)
    whole = time.perf_counter() - started
    with opened() as corpus:
        new = content(corpus)
        assert corpus.document("new.txt").text == new_text
    for moment in range(12):
        with opened() as corpus:
            corpus.write([document("old.txt", "one two three")], deleted=["new.txt"], **PARTS)
        with subprocess.Popen(command, env=environment) as process:
            time.sleep(whole * (0.5 + 0.5 * chooser.random()) * (1 if moment else 0))
            process.send_signal(signal.SIGKILL)
        with opened() as corpus:
            state = content(corpus)
            assert state in (old, new)
            states.append(state == old)
            assert corpus.index.vectors([0]).shape == (1, EMBEDDER.dim)
    assert True in states


def test_a_lost_or_damaged_vector_file_is_made_again_from_the_vectors():
    with opened() as corpus:
        corpus.write([document("a", "one two"), document("b", "three")], **PARTS)
        before = content(corpus)
        file = corpus.folder / corpus.manifest.vectors_file
    file.write_bytes(file.read_bytes()[:-3] + b"abc")
    with opened() as corpus:
        assert content(corpus) == before
    file.unlink()
    with opened() as corpus:
        assert content(corpus) == before


def test_old_vector_files_are_taken_away():
    with opened() as corpus:
        for number in range(3):
            corpus.write([document("a", f"one {number}")], **PARTS)
        assert [path.name for path in corpus.folder.glob("*.faiss")] == [corpus.manifest.vectors_file]


def test_a_damaged_database_is_named():
    with opened() as corpus:
        corpus.write([document("a", "one two")], **PARTS)
        path = corpus.folder / "corpus.sqlite"
    path.write_bytes(b"no database " * 500)
    with pytest.raises(IndexFormatError, match="damaged"):
        Corpus.open("idx")


def test_a_newer_format_is_refused():
    with opened() as corpus:
        path = corpus.folder / "corpus.sqlite"
    with sqlite3.connect(path) as database:
        database.execute("UPDATE manifest SET value = '99' WHERE key = 'format'")
    database.close()
    with pytest.raises(IndexFormatError, match="format 99") as caught:
        Corpus.open("idx")
    assert caught.value.hint


def test_a_second_writer_is_told_to_wait(monkeypatch):
    with opened() as first, opened() as second:
        second._connection.execute("PRAGMA busy_timeout = 50")
        first._connection.execute("BEGIN IMMEDIATE")
        with pytest.raises(VectorIndexError, match="another process is writing"):
            second.write([document("a", "one")], **PARTS)
        first._connection.execute("ROLLBACK")
        second.write([document("a", "one")], **PARTS)


def test_a_reader_keeps_its_view_while_another_writes():
    with opened() as writer:
        writer.write([document("a", "one two")], **PARTS)
        with opened() as reader:
            writer.write([document("b", "five")], **PARTS)
            assert len(reader.index) == 1
        with opened() as reader:
            assert len(reader.index) == 2


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(VectorIndexError, match="cannot be written"):
        opened(tmp_path / "file" / "idx")


def test_a_failure_while_embedding_changes_nothing():
    class Failing(HashingEmbedder):
        def embed_documents(self, texts, *, progress=None):
            raise KeyboardInterrupt

    with opened() as corpus:
        corpus.write([document("a", "one two")], **PARTS)
        before = content(corpus)
        with pytest.raises(KeyboardInterrupt):
            corpus.write([document("b", "three")], deleted=["a"], embedder=Failing(), splitter=PARTS["splitter"])
        assert content(corpus) == before


def test_the_index_describes_itself_without_pickle():
    with opened() as corpus:
        corpus.write([document("a", "one two")], roots=["docs"], **PARTS)
        manifest = corpus.manifest
        assert (manifest.documents, manifest.chunks, manifest.roots) == (1, 1, ("docs",))
        assert manifest.embedder == EMBEDDER.fingerprint
        (blob,) = corpus._connection.execute("SELECT vector FROM chunks").fetchone()
        assert np.frombuffer(blob, dtype=np.float32).shape == (EMBEDDER.dim,)
        (marks,) = corpus._connection.execute("SELECT marks FROM chunks").fetchone()
        assert json.loads(marks) == [[0, {"line": 1}]]
