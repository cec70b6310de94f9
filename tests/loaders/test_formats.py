"""One contract and some known answers per format, on small files that are made here."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile

import pytest

from ragkit.errors import LoadError
from ragkit.loaders import load
from ragkit.protocols import RawFile
from ragkit.testing.loader_contract import LoaderContract
from ragkit.types import Document, Location


def zipped(files: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            # A fixed date, so that the same files make the same bytes.
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), data)
    return out.getvalue()


def pdf(pages: list[list[str]], *, info: str = "") -> bytes:
    """A PDF with lines of ASCII text; no lines make a page without text."""
    count = len(pages)
    kids = " ".join(f"{4 + 2 * at} 0 R" for at in range(count))
    bodies = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>",
    ]
    for at, lines in enumerate(pages):
        escaped = [line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") for line in lines]
        shown = " ".join(f"({line}) Tj 0 -14 Td" for line in escaped)
        stream = f"BT /F1 10 Tf 50 750 Td {shown} ET" if lines else ""
        bodies.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * at} 0 R >>"
        )
        bodies.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    if info:
        bodies.append(info)
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("ascii")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    about = f" /Info {len(bodies)} 0 R" if info else ""
    end = f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n{table}"
    end += f"trailer\n<< /Size {len(bodies) + 1} /Root 1 0 R{about} >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + end.encode("ascii")


def loaded(source: str, data: bytes | str) -> Document:
    return load(RawFile(source, data.encode() if isinstance(data, str) else data))


def place(document: Document, words: str) -> Location:
    return document.locate(document.text.index(words))


class TestText(LoaderContract):
    suffix = ".txt"
    words = ("The harbour", "freezes", "ü", "魚")

    def make(self) -> bytes:
        return "The harbour\r\nfreezes.\rü\n魚\n".encode()

    def test_lines_are_counted(self):
        assert place(self.document(), "魚").line == 4
        assert self.document().text == "The harbour\nfreezes.\nü\n魚\n"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8-sig", "Tidal range: 3 m – größer"),
        ("utf-16", "Tidal range: 3 m – größer"),
        ("utf-16-le", "Tidal range: 3 m, larger than in May"),
        ("utf-16-be", "Tidal range: 3 m, larger than in May"),
        ("utf-32", "Tidal range: 3 m – größer"),
        ("cp1252", "Der Tidenhub ist im März größer als im Mai – um 3 m."),
        ("latin-1", "La marée est plus forte en été qu'en hiver à Saint-Malo."),
        ("shift_jis", "潮の満ち引きは月の引力によって起こります。今日の満潮は午後三時です。" * 3),
        ("cp1251", "Приливы и отливы зависят от Луны. Сегодня прилив в три часа дня." * 3),
    ],
)
def test_encodings(encoding, text):
    assert loaded("tide.txt", text.encode(encoding)).text == text


def test_utf8_with_a_cut_end_is_still_utf8():
    assert loaded("a.txt", "größer und größer und größer und größer ü".encode()[:-1]).text.startswith("größer und")


def test_binary_data_is_not_text():
    with pytest.raises(LoadError, match="binary"):
        loaded("a.txt", bytes(range(256)) * 20)
    assert loaded("a.log", b"a log with one hole \x00 in it\n" + b"and more lines\n" * 9).text.startswith(
        "a log with one hole   in it"
    )


class TestMarkdown(LoaderContract):
    suffix = ".md"
    words = ("# Tides", "They **follow**", "## snake_case `code`", "Text.")

    def make(self) -> bytes:
        return (
            b"---\ntitle: 'The *sea*'\ndate: 2024-05-01\ntags: [a, 1]\nnested: {x: [1]}\n---\n"
            b"# Tides\n\nThey **follow** the moon.\n\n```\n# no heading\n```\n\n"
            b"## snake_case `code` [link](http://x.y)\n\nText.\n\nSetext\n======\n\nEnd.\n"
        )

    def test_front_matter_and_headings(self):
        document = self.document()
        assert document.title == "The *sea*"
        assert document.metadata == {"title": "The *sea*", "date": "2024-05-01", "tags": ["a", 1]}
        assert document.text.startswith("# Tides\n")
        assert place(document, "They") == Location(headings=("Tides",), line=9)
        assert place(document, "no heading").headings == ("Tides",)
        assert place(document, "Text.") == Location(headings=("Tides", "snake_case code link"), line=17)
        assert place(document, "End.").headings == ("Setext",)

    def test_title_is_the_first_heading_without_front_matter(self):
        assert loaded("a.md", "# One *two*\n\ntext").title == "One two"
        assert loaded("a.md", "---\n: [\n---\ntext").text.startswith("---")

    def test_yaml_that_unfolds_to_gigabytes_is_left_out(self):
        lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 40)]
        document = loaded("a.md", "---\n" + "\n".join(lines) + "\n---\ntext")
        assert document.metadata == {"a0": ["x", "x"]}


PAGE = """<!doctype html><html><head><title>Tides  of the sea</title><style>p {}</style></head><body>
<nav><a href="/">Home</a> <a href="/a">About us</a></nav>
<article><h1>Tides</h1><p>Water is H<sub>2</sub>O, and the <b>moon</b> pulls it twice a day, as everybody knows.</p>
<p>The same warning is repeated on purpose in this text.</p><p>The same warning is repeated on purpose in this text.</p>
<h2>Ranges</h2><ul><li>Bristol<ul><li>Avonmouth</li></ul></li><li>Fundy</li></ul>
<table><tr><th>Place</th><th>Range</th></tr><tr><td>Fundy</td><td>16 m</td></tr></table>
<pre>spring = 2
neap = 1</pre><p>The same warning is repeated on purpose in this text.</p>
<p>A last paragraph that ends the article about the tides of the sea.</p></article>
<script>var hidden = 1;</script></body></html>"""


class TestHtml(LoaderContract):
    suffix = ".html"
    words = ("Tides", "H2O", "moon pulls", "same warning", "same warning", "Ranges", "- Bristol", "- Avonmouth")
    words += (
        "- Fundy",
        "Place | Range",
        "Fundy | 16 m",
        "spring = 2\nneap = 1",
        "The same warning",
        "A last paragraph",
    )

    def make(self) -> bytes:
        return PAGE.encode()

    def test_structure(self):
        document = self.document()
        assert document.title == "Tides of the sea"
        assert place(document, "16 m").headings == ("Tides", "Ranges")
        assert document.text.count("Avonmouth") == 1
        for furniture in ("About us", "hidden", "p {}"):
            assert furniture not in document.text

    def test_a_page_without_an_article_gives_all_that_is_visible(self):
        page = "<body><nav>Menu</nav><div>Only <i>these</i> words<p hidden>ghost</p></div><div>here</div></body>"
        text = loaded("a.html", f"<html>{page}</html>").text
        assert "Only these words" in text
        assert "here" in text
        assert "ghost" not in text

    def test_without_suffix(self):
        assert "Fundy | 16 m" in loaded("page", PAGE).text
        assert "Fundy | 16 m" in loaded("report.pdf", PAGE).text


class TestPdf(LoaderContract):
    suffix = ".pdf"
    words = (
        "Bristol has the second highest range of all the world",
        "international",
        "Fundy 7 days 3",
        "Fundy 8 days 5",
    )
    words += ("Fundy 9 days 1",)
    PAGES = (
        ("Bristol has the second highest range of all", "the world. It follows from the funnel, an inter-"),
        ("Avonmouth measures it every six minutes with",),
        ("Nothing else happens on the last page, which",),
    )
    ROWS = ("Fundy 7 days 3", "Fundy 8 days 5", "Fundy 9 days 1")

    def make(self) -> bytes:
        pages = [
            ["The Tide Journal", *lines, "national survey, says the book of the tides.", row, f"Page {at} of 3"]
            for at, (lines, row) in enumerate(zip(self.PAGES, self.ROWS, strict=True), start=4)
        ]
        return pdf(pages, info="<< /Title (Tides and men) /Author (A. Moon) >>")

    def test_pages_are_places_and_running_lines_go(self):
        document = self.document()
        assert document.title == "Tides and men"
        assert document.metadata == {"author": "A. Moon", "pages": 3}
        assert [place(document, words).page for words in ("Bristol", "Avonmouth", "Nothing")] == [1, 2, 3]
        assert "Tide Journal" not in document.text
        assert "Page" not in document.text

    def test_pages_that_are_all_alike_are_kept(self):
        assert loaded("a.pdf", pdf([["The same words"]] * 4)).text.count("The same words") == 4

    def test_scanned(self):
        with pytest.raises(LoadError, match="scanned"):
            loaded("a.pdf", pdf([[], []]))
        assert loaded("a.pdf", pdf([["words"], []])).metadata["pages_without_text"] == [2]

    @pytest.mark.parametrize("password", ["", "secret"])
    def test_encrypted(self, password):
        from pypdf import PdfReader, PdfWriter

        writer = PdfWriter(PdfReader(io.BytesIO(self.make())))
        writer.encrypt(password, "owner", algorithm="RC4-128")
        out = io.BytesIO()
        writer.write(out)
        if password:
            with pytest.raises(LoadError, match="password") as caught:
                loaded("a.pdf", out.getvalue())
            assert caught.value.hint
        else:
            assert "Bristol" in loaded("a.pdf", out.getvalue()).text

    def test_wrong_name(self):
        assert place(loaded("notes.txt", self.make()), "Avonmouth").page == 2


class TestDocx(LoaderContract):
    suffix = ".docx"
    words = (
        "Tides",
        "First words",
        "Ranges",
        "- Bristol",
        "place: Fundy; range: 16 m; note: inner",
        "In a control",
        "End",
    )

    def make(self) -> bytes:
        import docx
        from docx.oxml import parse_xml
        from docx.oxml.ns import nsdecls

        file = docx.Document()
        file.core_properties.author = "A. Moon"
        file.core_properties.modified = dt.datetime(2024, 5, 1)
        file.add_heading("Tides", 1)
        file.add_paragraph("First words")
        file.add_heading("Ranges", 2)
        file.add_paragraph("Bristol", style="List Bullet")
        table = file.add_table(3, 3)
        for row, values in enumerate((("place", "range", "note"), ("Fundy", "16 m", ""), ("both", "", "x"))):
            for column, value in enumerate(values):
                table.cell(row, column).text = value
        table.cell(1, 2).add_table(1, 1).cell(0, 0).text = "inner"
        table.cell(2, 0).merge(table.cell(2, 1))
        field = "<w:r><w:t>In a </w:t></w:r><w:fldSimple><w:r><w:t>control</w:t></w:r></w:fldSimple>"
        control = f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p>{field}</w:p></w:sdtContent></w:sdt>"
        file.add_paragraph("End")._p.addprevious(parse_xml(control))
        out = io.BytesIO()
        file.save(out)
        return out.getvalue()

    def test_places(self):
        document = self.document()
        assert document.title == "Tides"
        assert document.metadata == {"author": "A. Moon", "modified": "2024-05-01T00:00:00+00:00"}
        assert place(document, "First words").headings == ("Tides",)
        assert place(document, "16 m") == Location(headings=("Tides", "Ranges"), row=1)
        assert "place: both; note: x" in document.text
        assert place(document, "End").headings == ("Tides", "Ranges")

    def test_template_under_another_name(self):
        plain = b"wordprocessingml.document.main+xml"
        with zipfile.ZipFile(io.BytesIO(self.make())) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        files["[Content_Types].xml"] = files["[Content_Types].xml"].replace(
            plain, b"wordprocessingml.template.main+xml"
        )
        assert "First words" in loaded("letter.dotx", zipped(files)).text
        assert "First words" in loaded("letter.pptx", zipped(files)).text


class TestPptx(LoaderContract):
    suffix = ".pptx"
    words = ("Tides", "place: Fundy; range: 16 m", "Say it slowly", "Second")

    def make(self) -> bytes:
        from pptx import Presentation
        from pptx.util import Inches

        file = Presentation()
        slide = file.slides.add_slide(file.slide_layouts[5])
        slide.shapes.title.text = "Tides"
        table = slide.shapes.add_table(2, 2, Inches(1), Inches(2), Inches(4), Inches(1)).table
        for row, values in enumerate((("place", "range"), ("Fundy", "16 m"))):
            for column, value in enumerate(values):
                table.cell(row, column).text = value
        slide.notes_slide.notes_text_frame.text = "Say it slowly"
        file.slides.add_slide(file.slide_layouts[5]).shapes.title.text = "Second"
        out = io.BytesIO()
        file.save(out)
        return out.getvalue()

    def test_slides_are_places(self):
        document = self.document()
        assert place(document, "slowly") == Location(headings=("Tides",), slide=1)
        assert place(document, "Second") == Location(headings=("Second",), slide=2)


class TestXlsx(LoaderContract):
    suffix = ".xlsx"
    words = ("Ranges in 2024", "place: Fundy; range: 16.3; measured: 2024-05-01; ok: TRUE", "place: Avon; range: 0.3")
    words += ("1; 2", "3; 4")

    def make(self) -> bytes:
        import openpyxl

        book = openpyxl.Workbook()
        sheet = book.active
        sheet.title = "Ranges"
        for row in (["Ranges in 2024"], [], ["place", "range", "measured", "ok"]):
            sheet.append(row)
        sheet.append(["Fundy", 16.3, dt.datetime(2024, 5, 1), True])
        sheet.append(["Avon", 0.1 + 0.2])
        numbers = book.create_sheet("Numbers")
        numbers.append([1, 2])
        numbers.append([3.0, 4])
        book.properties.creator = "A. Moon"
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    def test_rows_are_places(self):
        document = self.document()
        assert document.metadata == {"author": "A. Moon"}
        assert place(document, "Ranges in") == Location(sheet="Ranges")
        assert place(document, "Avon") == Location(sheet="Ranges", row=2)
        assert place(document, "3; 4") == Location(sheet="Numbers", row=2)


class TestEpub(LoaderContract):
    suffix = ".epub"
    words = ("First", "It was high tide", "Second", "It was low tide")

    def make(self) -> bytes:
        container = '<container><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>'
        package = """<package><metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>The Sea</dc:title>
            <dc:creator>A. Moon</dc:creator></metadata><manifest><item id="b" href="two.xhtml"/>
            <item id="a" href="the%20first.xhtml"/></manifest>
            <spine><itemref idref="a"/><itemref idref="b"/><itemref idref="lost"/></spine></package>"""
        return zipped(
            {
                "mimetype": "application/epub+zip",
                "META-INF/container.xml": container,
                "OPS/book.opf": package,
                "OPS/two.xhtml": "<html><body><h1>Second</h1><p>It was low tide.</p></body></html>",
                "OPS/the first.xhtml": "<html><body><h1>First</h1><p>It was high tide.</p></body></html>",
            }
        )

    def test_chapters_are_places(self):
        document = self.document()
        assert document.title == "The Sea"
        assert document.metadata == {"author": "A. Moon"}
        assert place(document, "low tide").headings == ("Second",)

    def test_a_book_without_package(self):
        with pytest.raises(LoadError, match="package"):
            loaded("a.epub", zipped({"META-INF/container.xml": "<container/>"}))


class TestCsv(LoaderContract):
    suffix = ".csv"
    words = ("place: Fundy, Canada; range: 16 m", 'place: He said "high"; note: x')

    def make(self) -> bytes:
        return b'place,range,note\n"Fundy, Canada",16 m,\n\n"He said ""high""",,x\n'

    def test_records_are_places(self):
        assert place(self.document(), "He said").row == 2

    @pytest.mark.parametrize(
        ("source", "data", "text"),
        [
            ("a.csv", "a;b\n1,5;2,5\n3,5;4,5\n", "a: 1,5; b: 2,5\na: 3,5; b: 4,5"),
            ("a.tsv", "a\tb\nx, y\tz\n", "a: x, y; b: z"),
            ("a.csv", "a|b\n1|2\n", "a: 1; b: 2"),
            ("a.csv", ",a,b\n0,x,y\n", "0; a: x; b: y"),
            ("a.csv", "1,2\n3,4\n", "1; 2\n3; 4"),
            ("a.csv", "only, a header\n", "only; a header"),
            ("a.csv", "one\ntwo\n", "one\ntwo"),
        ],
    )
    def test_dialects(self, source, data, text):
        assert loaded(source, data).text == text


class TestJson(LoaderContract):
    suffix = ".json"
    words = (
        "port.name: Avon",
        "port.ranges[0].in: May; m: 1.10".replace("port.ranges[0].", ""),
        "port.tags: a, b",
        "port.open: true",
    )

    def make(self) -> bytes:
        value = '{"port": {"name": "Avon", "ranges": [{"in": "May", "m": 1.10}], "tags": ["a", "b"], "open": true}}'
        return value.encode()

    def test_odd_values(self):
        assert loaded("a.json", r'{"a": "\ud800\u0000b", "n": ' + "9" * 5000 + "}").text.startswith("a:   b\nn: 999")
        with pytest.raises(LoadError, match="nested"):
            loaded("a.json", "[" * 100_000)
        with pytest.raises(LoadError, match="not JSON"):
            loaded("a.json", '{"a": }')


class TestJsonLines(LoaderContract):
    suffix = ".jsonl"
    words = ("a: 1; b: x", "a: 2", "c.d: 3")

    def make(self) -> bytes:
        return '{"a": 1, "b": "x\u2028y"}\n\n{"a": 2, "c": {"d": 3}}\n'.encode()

    def test_records_are_places(self):
        assert place(self.document(), "c.d").row == 2
        assert place(loaded("a.json", '[{"a": 1}, {"a": 2}]'), "a: 2").row == 2
        assert place(loaded("a.json", '{"a": 1}\n{"a": 2}'), "a: 2").row == 2

    def test_a_bad_record_is_named_by_its_line(self):
        with pytest.raises(LoadError, match="line 2"):
            loaded("a.jsonl", '{"a": 1}\n{"a": \n')


class TestNotebook(LoaderContract):
    suffix = ".ipynb"
    words = ("# Tides", "range_m = 16", "sixteen", "red error")

    def make(self) -> bytes:
        cells = [
            {"cell_type": "markdown", "source": ["# Tides\n", "```\n", "# no heading\n", "```"]},
            {
                "cell_type": "code",
                "source": "range_m = 16",
                "outputs": [
                    {"text": ["sixteen\n"]},
                    {"evalue": "\x1b[31mred\x1b[0m error"},
                    {"data": {"image/png": "AAAA"}},
                ],
            },
        ]
        return json.dumps({"cells": cells}).encode()

    def test_cells_are_places(self):
        document = self.document()
        assert document.title == "Tides"
        assert place(document, "sixteen") == Location(headings=("Tides",), cell=2)
        assert "AAAA" not in document.text

    def test_no_notebook(self):
        with pytest.raises(LoadError, match="no cells"):
            loaded("a.ipynb", "{}")


class TestEmail(LoaderContract):
    suffix = ".eml"
    words = ("From: Moon <a@moon.example>", "Subject: Hochwasser für alle", "Es grüßt", "Attachment: tide.csv")

    def make(self) -> bytes:
        from email.message import EmailMessage

        message = EmailMessage()
        message["From"] = "Moon <a@moon.example>"
        message["Subject"] = "Hochwasser für alle"
        message.set_content("Es grüßt\nder Mond\n")
        message.add_alternative("<p>not this</p>", subtype="html")
        message.add_attachment(b"a,b", maintype="text", subtype="csv", filename="tide.csv")
        message.set_boundary("fixed")
        return message.as_bytes()

    def test_headers_are_metadata(self):
        document = self.document()
        assert document.title == document.metadata["Subject"] == "Hochwasser für alle"
        assert "not this" not in document.text

    def test_bodies(self):
        head = b"From: a@b.c\nContent-Type: text/"
        html = loaded("a.eml", head + b"html; charset=nonsense\n\n<h1>Hi</h1><p>A <b>b</b>\xc3\xbc</p>")
        assert place(html, "A bü").headings == ("Hi",)
        assert "März" in loaded("a.eml", head + b"plain\n\nim M\xe4rz ist die Flut sehr hoch\n").text


class TestCode(LoaderContract):
    suffix = ".py"
    words = ("class Tide:", "def rise(self):", "def ebb():")

    def make(self) -> bytes:
        head = b'"""Sea.\n\n    class of things\n"""\n\n'
        return head + b"class Tide:\n    def rise(self):\n        pass\n\ndef ebb():\n    pass\n"

    def test_definitions_are_headings(self):
        document = self.document()
        assert document.title == "example.py"
        assert document.text.encode() == self.make()
        assert place(document, "things") == Location(line=3)
        assert place(document, "rise") == Location(headings=("Tide", "rise"), line=7)
        assert place(document, "ebb") == Location(headings=("ebb",), line=10)
