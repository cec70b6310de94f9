"""Each format: the contract, and what locates its text."""

from __future__ import annotations

import io
import json
import zipfile

import docx
import openpyxl
import pptx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ragkit.errors import LoadError, UnsupportedFormatError
from ragkit.loaders import LOADERS, find_files, load, load_file
from ragkit.protocols import RawFile
from ragkit.testing.loader_contract import LoaderContract

WORDS = "Herons stand in shallow water and wait."


def place(document, words):
    return document.locate(document.text.index(words))


def saved(thing):
    data = io.BytesIO()
    thing.save(data)
    return data.getvalue()


def pdf(*pages):
    """A PDF written by hand: one line of Helvetica for each line of each page."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for lines in pages:
        shown = " T* ".join(f"({line}) Tj" for line in lines)
        stream = f"BT /F1 11 Tf 14 TL 60 700 Td {shown} ET"
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        kids.append(f"{len(objects) + 1} 0 R")
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >>"
            f" /Contents {len(objects)} 0 R >>"
        )
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    body, offsets = "%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{each}\nendobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    trailer = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return (body + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}").encode("latin-1")


class TestText(LoaderContract):
    def sample(self):
        return RawFile("a.txt", f"One.\r\n{WORDS}\r\n".encode())

    def test_lines(self):
        assert place(load(self.sample()), "Herons").line == 2

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
    def test_encodings(self, encoding):
        text = "Der Fluß fließt über Köln, sagte René. " * 5
        assert load(RawFile("a.txt", text.encode(encoding))).text == text

    def test_japanese_encoding(self):
        text = "鷺は浅い水の中に立って待つ。魚が来るまで動かない。" * 20
        assert load(RawFile("a.txt", text.encode("shift_jis"))).text == text


class TestMarkdown(LoaderContract):
    def sample(self):
        text = (
            f"---\ntitle: Birds\ntags: [a]\n---\n# Water\n\nText.\n\n## *Herons*\n\n{WORDS}\n\n```\n# no heading\n```\n"
        )
        return RawFile("a.md", text.encode())

    def test_front_matter_headings_and_lines(self):
        document = load(self.sample())
        assert (document.title, document.metadata["title"]) == ("Birds", "Birds")
        assert str(place(document, "Herons stand")) == "line 11, Water › Herons"
        assert place(document, "# no heading").headings == ("Water", "Herons")


class TestHtml(LoaderContract):
    def sample(self):
        body = f"<article><h1>Birds</h1><p>{WORDS} {WORDS}</p><h2>Food</h2><p>They eat fish. {WORDS}</p></article>"
        menu = "<nav><a href='/'>Home</a><a href='/x'>Imprint</a></nav>"
        head = "<head><title>Bird page</title></head>"
        page = f"<!doctype html><html>{head}<body>{menu}{body}<footer>© us</footer></body></html>"
        return RawFile("a.html", page.encode())

    def test_main_content_only(self):
        document = load(self.sample())
        assert "Imprint" not in document.text
        assert place(document, "They eat").headings == ("Birds", "Food")
        assert document.title == "Bird page"


class TestPdf(LoaderContract):
    def sample(self):
        return RawFile("a.pdf", pdf(["A long first line of a paragraph that goes on", "in the next line."], [WORDS]))

    def test_pages_and_wrapped_lines(self):
        document = load(self.sample())
        assert place(document, WORDS).page == 2
        assert "that goes on in the next line." in document.text

    def test_running_lines_are_left_out(self):
        pages = [["Yearly report", f"Finding {word} is new.", f"page {at}"] for at, word in enumerate("abcd", start=1)]
        text = load(RawFile("a.pdf", pdf(*pages))).text
        assert "Finding c is new." in text
        assert "Yearly report" not in text
        assert "page 3" not in text

    def test_a_scan_is_recognised(self):
        with pytest.raises(LoadError, match="scanned"):
            load(RawFile("a.pdf", pdf([""])))


class TestDocx(LoaderContract):
    def sample(self):
        file = docx.Document()
        file.add_heading("Birds", 1)
        file.add_paragraph(WORDS)
        table = file.add_table(rows=2, cols=2)
        for cell, text in zip(
            (c for row in table.rows for c in row.cells), ["Bird", "Legs", "Heron", "2"], strict=True
        ):
            cell.text = text
        return RawFile("a.docx", saved(file))

    def test_headings_and_tables(self):
        document = load(self.sample())
        assert place(document, WORDS).headings == ("Birds",)
        assert "Bird: Heron; Legs: 2" in document.text


class TestPptx(LoaderContract):
    def sample(self):
        show = pptx.Presentation()
        for title in ("Hello", "Birds"):
            slide = show.slides.add_slide(show.slide_layouts[1])
            slide.shapes.title.text = title
            slide.placeholders[1].text = WORDS
        slide.notes_slide.notes_text_frame.text = "Speak slowly."
        return RawFile("a.pptx", saved(show))

    def test_slides_and_notes(self):
        location = place(load(self.sample()), "Speak slowly.")
        assert (location.slide, location.headings) == (2, ("Birds",))


class TestXlsx(LoaderContract):
    def sample(self):
        book = openpyxl.Workbook()
        book.active.title = "Birds"
        for row in (["Bird", "Length in cm"], ["Heron", 95.0], ["Stork", 110]):
            book.active.append(row)
        return RawFile("a.xlsx", saved(book))

    def test_rows_and_sheets(self):
        document = load(self.sample())
        assert "Bird: Stork; Length in cm: 110" in document.text
        assert (place(document, "Bird: Stork").sheet, place(document, "Bird: Stork").row) == ("Birds", 2)


class TestCsv(LoaderContract):
    def sample(self):
        return RawFile("a.csv", b'bird;note\r\nheron;"tall; grey"\r\nstork;white\r\n')

    def test_records(self):
        document = load(self.sample())
        assert document.text == "bird: heron; note: tall; grey\nbird: stork; note: white"
        assert place(document, "bird: stork").row == 2

    def test_without_a_header(self):
        assert load(RawFile("a.csv", b"1,2\n3,4\n")).text == "1; 2\n3; 4"


class TestJson(LoaderContract):
    def sample(self):
        return RawFile("a.json", json.dumps({"bird": {"name": "heron"}, "seen": [{"day": 1, "n": 2}]}).encode())

    def test_paths(self):
        assert load(self.sample()).text == "bird.name: heron\nday: 1; n: 2"

    def test_deep_nesting_ends(self):
        data = b"[" * 100_000 + b"]" * 100_000
        with pytest.raises(LoadError):
            load(RawFile("a.json", data))


class TestJsonLines(LoaderContract):
    def sample(self):
        return RawFile("a.jsonl", b'{"bird": "heron", "n": 3}\n{"bird": "stork", "n": null}\n')

    def test_rows(self):
        document = load(self.sample())
        assert place(document, "stork").row == 2


class TestNotebook(LoaderContract):
    def sample(self):
        cells = [
            {"cell_type": "markdown", "source": ["# Birds\n", WORDS]},
            {"cell_type": "code", "source": "1 + 1", "outputs": [{"data": {"text/plain": ["two herons"]}}]},
        ]
        return RawFile("a.ipynb", json.dumps({"cells": cells}).encode())

    def test_cells(self):
        location = place(load(self.sample()), "two herons")
        assert (location.cell, location.headings) == (2, ("Birds",))


class TestEmail(LoaderContract):
    def sample(self):
        return RawFile("a.eml", f"From: a@b.example\nSubject: Birds\nContent-Type: text/plain\n\n{WORDS}\n".encode())

    def test_headers_and_body(self):
        document = load(self.sample())
        assert document.title == "Birds"
        assert "From: a@b.example" in document.text
        assert WORDS in document.text


class TestEpub(LoaderContract):
    def sample(self):
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w") as book:
            book.writestr("META-INF/container.xml", "<c><rootfiles><rootfile full-path='o/p.opf'/></rootfiles></c>")
            items = "<item id='b' href='2.xhtml'/><item id='a' href='1.xhtml'/>"
            spine = "<spine><itemref idref='a'/><itemref idref='b'/></spine>"
            book.writestr("o/p.opf", f"<package><metadata><title>Book</title></metadata>{items}{spine}</package>")
            for name, head in (("1", "First"), ("2", "Second")):
                page = f"<html><body><h1>{head}</h1><p>{head} chapter. {WORDS} {WORDS}</p></body></html>"
                book.writestr(f"o/{name}.xhtml", page)
        return RawFile("a.epub", data.getvalue())

    def test_chapters_in_reading_order(self):
        document = load(self.sample())
        assert document.text.index("First chapter") < document.text.index("Second chapter")
        assert place(document, "Second chapter").headings == ("Second",)
        assert document.title == "Book"


class TestCode(LoaderContract):
    def sample(self):
        return RawFile("a.py", b"import os\n\n\ndef wade(depth):\n    return depth\n")

    def test_definitions(self):
        assert str(place(load(self.sample()), "return")) == "line 5, wade"


def test_the_table_is_sorted():
    assert list(LOADERS) == sorted(LOADERS)


def test_content_decides_where_it_is_unmistakable():
    assert place(load(RawFile("a.txt", pdf([WORDS]))), WORDS).page == 1
    assert load(RawFile("b.docx", TestXlsx().sample().data)).marks[0].location.sheet == "Birds"
    assert load(RawFile("README", b"just words\n")).text == "just words\n"


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.png", b"\x89PNG\r\n\x1a\n0"), ("a.bin", b"\x00\x01"), ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")],
)
def test_other_formats_are_refused_with_advice(name, data):
    with pytest.raises(UnsupportedFormatError) as caught:
        load(RawFile(name, data))
    assert caught.value.hint


def test_an_office_file_with_a_password_is_named_so():
    with pytest.raises(UnsupportedFormatError) as caught:
        load(RawFile("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 more"))
    assert "password" in caught.value.hint


@pytest.mark.parametrize("data", [b"", b"  \n\t\n"])
def test_a_blank_file_has_no_text(data):
    with pytest.raises(LoadError, match="has no text"):
        load(RawFile("a.txt", data))


@given(st.binary(max_size=300), st.sampled_from(sorted(LOADERS)))
@settings(max_examples=200, deadline=None)
def test_no_bytes_can_do_worse_than_a_load_error(data, suffix):
    try:
        document = load(RawFile(f"a{suffix}", data))
    except LoadError:
        return
    LoaderContract.holds(None, document)


def test_find_files(tmp_path):
    for name in ("b.txt", "a/z.md", "a/.hidden", ".git/x.txt", "a/y.md"):
        (tmp_path / "docs" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "docs" / name).write_text("x")
    assert find_files(["docs"]) == ["docs/b.txt", "docs/a/y.md", "docs/a/z.md"]
    assert find_files(["./docs/b.txt", "docs/b.txt"]) == ["./docs/b.txt", "docs/b.txt"]
    with pytest.raises(LoadError, match="does not exist"):
        find_files(["nowhere"])
    with pytest.raises(LoadError, match="is a folder"):
        load_file("docs")
    with pytest.raises(LoadError, match="cannot be read"):
        load_file("nowhere.txt")
