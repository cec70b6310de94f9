"""Which files are found, which loader reads them, and how everything that goes wrong comes out."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragkit.errors import LoadError, UnsupportedFormatError
from ragkit.loaders import LOADERS, find_files, load, load_file
from ragkit.protocols import RawFile
from ragkit.testing.loader_contract import assert_sound

LINES = [suffix for suffix in LOADERS if suffix not in (".docx", ".epub", ".pdf", ".pptx", ".xlsx")]


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "application/vnd.oasis.opendocument.text" if name == "mimetype" else "x")
    return out.getvalue()


def test_the_table_is_sorted_and_true():
    assert list(LOADERS) == sorted(LOADERS)
    for target in set(LOADERS.values()):
        module, _, name = target.partition(":")
        assert callable(getattr(import_module(module), name))


def test_the_room_is_light():
    code = "import ragkit.loaders.worker, sys; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"numpy", "lxml", "trafilatura", "docx", "pypdf", "openpyxl", "yaml", "markdown_it"} & set(loaded)


@pytest.mark.parametrize(
    ("source", "data", "hint"),
    [
        ("a.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 99, "character recognition"),
        ("photo", b"\xff\xd8\xff\xe0" + b"\x00" * 99, "character recognition"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 99, "save it as .docx"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 99, "save it as .xlsx"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 99, "without the password"),
        ("a.zip", zipped("word/letter.txt"), "unpack"),
        ("a.docx", zipped("readme.txt"), "unpack"),
        ("a.odt", zipped("mimetype", "content.xml"), "save it as .docx"),
        ("a.xlsx", zipped("[Content_Types].xml", "xl/workbook.bin"), "save it as .xlsx"),
        ("a.weird", bytes(range(256)) * 9, "convert it"),
        ("weird", bytes(range(256)) * 9, "convert it"),
    ],
)
def test_formats_that_no_loader_reads(source, data, hint):
    with pytest.raises(UnsupportedFormatError) as caught:
        load(RawFile(source, data))
    assert caught.value.path == source
    assert hint in caught.value.hint


@pytest.mark.parametrize("source", ["README", "notes.weird", ".hidden", "a.xls", "folder.d/notes"])
def test_text_of_no_known_format_is_plain_text(source):
    document = load(RawFile(source, "Plain wörds\n".encode()))
    assert document.text == "Plain wörds\n"
    assert document.locate(0).line == 1


@pytest.mark.parametrize("data", [b"", b" \n\t", b"\xef\xbb\xbf\n"])
def test_blank_documents(data):
    with pytest.raises(LoadError, match="has no text"):
        load(RawFile("a.txt", data))


def test_the_source_is_what_was_given(tmp_path):
    Path("a.txt").write_text("words")
    assert load_file("./a.txt").id == "./a.txt"
    assert load_file(tmp_path / "a.txt").source == str(tmp_path / "a.txt")
    assert load_file("a.txt", source="https://x.y/a").source == "https://x.y/a"


@pytest.mark.parametrize("path", [".", "gone.txt", "a\x00b"])
def test_what_cannot_be_read(path):
    with pytest.raises(LoadError) as caught:
        load_file(path)
    assert caught.value.path == path
    assert caught.value.hint


def test_find_files(tmp_path):
    for name in ("b.txt", "a/z.md", "a/.hidden.md", ".ragkit/index.db", ".git/x", "a/y.md", "c d/é.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "a/loop").symlink_to(tmp_path)
    assert find_files(["."]) == ["./b.txt", "./a/y.md", "./a/z.md", "./c d/é.txt"]
    assert find_files([tmp_path / "a"]) == [str(tmp_path / "a/y.md"), str(tmp_path / "a/z.md")]
    assert find_files(["b.txt", "a", "b.txt"]) == ["b.txt", "a/y.md", "a/z.md"]
    assert find_files(["a/.hidden.md"]) == ["a/.hidden.md"]
    assert find_files([]) == []
    with pytest.raises(LoadError, match="does not exist") as caught:
        find_files(["gone"])
    assert caught.value.hint


@given(st.text(), st.sampled_from(LINES))
def test_any_text_in_any_format_of_lines(text, suffix):
    try:
        document = load(RawFile(f"any{suffix}", text.encode("utf-8", "surrogatepass")))
    except LoadError as exc:
        assert exc.message  # noqa: PT017 - that it is this error and no other is the point
    else:
        assert_sound(document, f"any{suffix}")


@given(st.binary())
def test_any_bytes_without_a_name(data):
    try:
        document = load(RawFile("any", data))
    except LoadError as exc:
        assert exc.message  # noqa: PT017 - that it is this error and no other is the point
    else:
        assert_sound(document, "any")


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]), min_size=1).filter(str.strip))
def test_plain_text_comes_out_as_it_was(text):
    assert load(RawFile("a.txt", text.encode())).text == text.removeprefix("\ufeff")
