"""Bombs, hangs and crashes cost one file and nothing else."""

from __future__ import annotations

import io
import json
import os
import zipfile

import pytest

from ragkit.errors import ConfigError
from ragkit.loaders.isolation import LoadLimits, load_isolated
from ragkit.types import Document, Quarantined


def loaded(sources, **limits):
    return dict(load_isolated([str(source) for source in sources], LoadLimits(**limits)))


def test_documents_arrive_whole_and_in_order(tmp_path):
    paths = []
    for number in range(40):
        paths.append(tmp_path / f"{number:02}.md")
        paths[-1].write_text(f"# Title {number}\n\nText of 鷺 {number}.\n", encoding="utf-8")
    results = list(load_isolated(map(str, paths)))
    assert [name for name, _ in results] == [str(path) for path in paths]
    document = results[7][1]
    assert isinstance(document, Document)
    assert document.locate(document.text.index("Text")).headings == ("Title 7",)


def test_a_bomb_is_quarantined_and_the_others_are_loaded(tmp_path):
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
        types = "http://schemas.openxmlformats.org/package/2006/content-types"
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{types}"><Override PartName="/word/document.xml" ContentType="{kind}"/></Types>',
        )
        relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
        namespace = "http://schemas.openxmlformats.org/package/2006/relationships"
        link = f'<Relationship Id="r1" Type="{relation}" Target="word/document.xml"/>'
        archive.writestr("_rels/.rels", f'<Relationships xmlns="{namespace}">{link}</Relationships>')
        with archive.open("word/document.xml", "w", force_zip64=True) as part:
            for _ in range(600):
                part.write(b"A" * (1 << 20))
    (tmp_path / "bomb.docx").write_bytes(bomb.getvalue())
    (tmp_path / "fine.txt").write_text("All is well.")
    results = loaded([tmp_path / "bomb.docx", tmp_path / "fine.txt"], max_memory_mb=512)
    assert isinstance(results[str(tmp_path / "bomb.docx")], Quarantined)
    assert isinstance(results[str(tmp_path / "fine.txt")], Document)


def test_a_hang_is_ended(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "fine.txt").write_text("All is well.")
    results = dict(
        load_isolated([str(tmp_path / "pipe.txt"), str(tmp_path / "fine.txt")], LoadLimits(timeout_s=2), workers=1)
    )
    assert "longer than 2 s" in results[str(tmp_path / "pipe.txt")].reason
    assert isinstance(results[str(tmp_path / "fine.txt")], Document)


def test_sizes_are_limited(tmp_path):
    (tmp_path / "a.txt").write_text("x" * 5000)
    (tmp_path / "b.bin").write_bytes(b"x" * (3 << 20))
    results = loaded([tmp_path / "a.txt", tmp_path / "b.bin", tmp_path / "gone.txt"], max_chars=1000, max_file_mb=2)
    reasons = [result.reason for result in results.values()]
    assert "more than 1000" in reasons[0]
    assert "more than 2 MB" in reasons[1]
    assert "cannot be read" in reasons[2]


def test_deep_json_costs_one_file(tmp_path):
    (tmp_path / "deep.json").write_text("[" * 200_000)
    (tmp_path / "fine.json").write_text(json.dumps({"a": 1}))
    results = loaded([tmp_path / "deep.json", tmp_path / "fine.json"])
    assert isinstance(results[str(tmp_path / "deep.json")], Quarantined)
    assert results[str(tmp_path / "fine.json")].text == "a: 1"


def test_nothing_to_load():
    assert loaded([]) == {}


def test_limits_are_above_nothing():
    with pytest.raises(ConfigError):
        LoadLimits(timeout_s=0)
