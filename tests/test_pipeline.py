"""The whole path on real input, with the embedded models and no network."""

from __future__ import annotations

import pytest

from ragkit import Outcome, RagPipeline, Settings, VerdictLabel
from ragkit.errors import ConfigError, IndexMismatchError, IndexNotFoundError, LoadError
from ragkit.testing.generator_contract import ScriptedGenerator

LEAVE = "# Leave\n\nEvery employee has 28 days of paid leave a year.\nUnused days lapse on 31 March.\n"
TRAVEL = "# Travel\n\nHotels are paid up to 140 euros per night.\n"


@pytest.fixture
def docs(tmp_path):
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "leave.md").write_text(LEAVE, encoding="utf-8")
    (folder / "travel.md").write_text(TRAVEL, encoding="utf-8")
    return folder


@pytest.fixture
def pipeline(docs):
    with RagPipeline.from_corpus(docs, settings=Settings(generator="extractive")) as opened:
        yield opened


def test_a_question_is_answered_with_the_words_that_support_it(pipeline):
    answer = pipeline.ask("How many days of paid leave does an employee have?")
    assert "28 days" in answer.text
    assert answer.outcome is Outcome.GROUNDED
    for verdict in answer.report.verdicts:
        assert answer.text[verdict.claim.start : verdict.claim.end] == verdict.claim.text
        for evidence in verdict.evidence:
            document = pipeline.corpus.document(evidence.source)
            assert document.text[evidence.start : evidence.end] == evidence.text
            assert evidence.location.line == 3


def test_what_the_sources_do_not_say_is_not_answered(pipeline):
    answer = pipeline.ask("Which football club won the cup in 1974?")
    assert answer.outcome is Outcome.ABSTAINED
    assert answer.text == "Not in the sources."
    assert answer.notice


def test_an_unsupported_answer_is_replaced_by_a_supported_one(pipeline):
    liar = ScriptedGenerator(["Every employee has 45 days of paid leave a year."])
    answer = pipeline.ask("How many days of paid leave does an employee have?", generator=liar)
    assert "28 days" in answer.text
    assert answer.is_grounded
    assert "not support" in answer.notice
    (rejected,) = answer.rejected
    assert rejected.verdicts[0].label is VerdictLabel.CONTRADICTED


def test_a_supported_answer_is_kept(pipeline):
    writer = ScriptedGenerator(["An employee has 28 days of paid leave a year."])
    pieces: list[str] = []
    answer = pipeline.ask("How many days of paid leave does an employee have?", generator=writer, on_text=pieces.append)
    assert answer.text == "An employee has 28 days of paid leave a year."
    assert (answer.generator, answer.notice) == (writer.name, "")
    assert "".join(pieces) == answer.text


def test_hits_carry_probabilities(pipeline):
    hits = pipeline.search("hotel costs", k=2)
    assert [hit.rank for hit in hits] == [1, 2]
    assert hits[0].chunk.source.endswith("travel.md")
    assert 0 <= hits[1].probability <= hits[0].probability <= 1
    assert pipeline.search("   ") == []


def test_the_index_is_opened_again_and_follows_its_folder(docs):
    with RagPipeline.from_corpus(docs, index="idx") as first:
        before = first.search("leave")
    with RagPipeline.open("idx") as opened:
        assert [(hit.chunk, hit.score) for hit in opened.search("leave")] == [(hit.chunk, hit.score) for hit in before]
    (docs / "travel.md").unlink()
    (docs / "leave.md").write_text(LEAVE.replace("28", "30"), encoding="utf-8")
    (docs / "pets.txt").write_text("Dogs are welcome on the ground floor.\n", encoding="utf-8")
    with RagPipeline.open("idx") as opened:
        report = opened.sync(docs)
        assert [len(report.added), len(report.changed), len(report.deleted)] == [1, 1, 1]
        assert "30 days" in opened.search("days of leave")[0].chunk.text
        assert not any(hit.chunk.source.endswith("travel.md") for hit in opened.search("hotels"))
        again = opened.sync(docs)
        assert (again.added, again.changed, again.embedded, again.unchanged) == ((), (), 0, 2)


def test_bad_files_are_quarantined_unless_it_is_strict(docs):
    (docs / "broken.pdf").write_bytes(b"%PDF-1.7 nothing else")
    with RagPipeline.from_corpus(docs, index="idx") as pipeline:
        (bad,) = pipeline.corpus.quarantined()
        assert bad.source.endswith("broken.pdf")
        assert len(pipeline.search("leave")) == 2
    with pytest.raises(LoadError, match=r"broken\.pdf"):
        RagPipeline.from_corpus(docs, index="strict", strict=True)


def test_an_empty_folder_answers_nothing(tmp_path):
    (tmp_path / "empty").mkdir()
    with RagPipeline.from_corpus(tmp_path / "empty") as pipeline:
        assert pipeline.search("anything") == []
        assert pipeline.ask("Is there anything?").outcome is Outcome.ABSTAINED


def test_missing_and_foreign_indexes_are_refused(docs):
    with pytest.raises(IndexNotFoundError) as caught:
        RagPipeline.open("nowhere")
    assert "ragkit index" in caught.value.hint
    RagPipeline.from_corpus(docs, index="idx").close()
    with pytest.raises(IndexMismatchError) as other:
        RagPipeline.open("idx", settings=Settings(embedder="hashing"))
    assert "all-MiniLM" in other.value.expected
    with pytest.raises(LoadError, match="does not exist"):
        RagPipeline.from_corpus("no-such-folder")


def test_wrong_values_are_refused(docs):
    with RagPipeline.from_corpus(docs) as pipeline:
        with pytest.raises(ConfigError):
            pipeline.search("leave", k=-1)
        with pytest.raises(ConfigError, match="preset"):
            pipeline.__class__.open(pipeline.corpus.folder, settings=Settings(preset="wild")).ask("leave?")


def test_japanese_text_is_found(docs):
    (docs / "保証.txt").write_text("製品の保証期間は三年です。電池は含まれません。\n", encoding="utf-8")
    with RagPipeline.from_corpus(docs, settings=Settings(generator="extractive")) as pipeline:
        assert pipeline.search("保証期間は何年ですか", k=1)[0].chunk.source.endswith("保証.txt")


def test_the_embedded_language_model_answers(docs):
    pytest.importorskip("transformers")
    with RagPipeline.from_corpus(docs) as pipeline:
        answer = pipeline.ask("How many days of paid leave does an employee have?", generator="smollm2")
    assert "28" in answer.text
    assert answer.is_grounded
