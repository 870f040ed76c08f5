import io
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.shared import Pt, RGBColor
from hypothesis import given
from hypothesis import strategies as st

from metier.errors import InputError, MissingError
from metier_legal.review.document import Block, Document, Kind, make_document
from metier_legal.review.files.opening import parse_document, read_document

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def texts(document: Document) -> list[tuple[str, Kind]]:
    return [(block.text, block.kind) for block in document.blocks]


def replaced(data: bytes, member: str, content: bytes) -> bytes:
    """Returns the archive with one member put in or changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename != member:
                new.writestr(info, old.read(info))
        new.writestr(member, content)
    return out.getvalue()


def make_word() -> Any:
    document = docx.Document()
    document.add_heading("Memorandum", 1)
    document.add_paragraph("Under Tenancy Act § 12 the tenant may go.")
    document.add_paragraph("A quoted passage of some length.", style="Quote")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text = "Left"
    table.cell(0, 1).text = "右边"
    return document


def test_word_body_quotes_and_tables() -> None:
    assert texts(parse_document(saved(make_word()), "memo.docx")) == [
        ("Memorandum", Kind.HEADING),
        ("Under Tenancy Act § 12 the tenant may go.", Kind.PARAGRAPH),
        ("A quoted passage of some length.", Kind.QUOTE),
        ("Left", Kind.TABLE),
        ("右边", Kind.TABLE),
    ]


def test_hidden_runs_are_left_out_and_reported() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Seen. ")
    paragraph.add_run("Vanished.").font.hidden = True
    paragraph.add_run("White.").font.color.rgb = RGBColor(255, 255, 255)
    paragraph.add_run("Tiny.").font.size = Pt(1)
    paragraph.add_run("Also\u200b seen.")
    read = parse_document(saved(document), "memo.docx")
    assert read.text == "Seen. Also seen."
    assert len(read.warnings) == 1
    assert "4 places" in read.warnings[0]


def test_deleted_words_go_and_inserted_words_stay() -> None:
    xml = (
        f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t xml:space="preserve">A </w:t></w:r>'
        "<w:del><w:r><w:delText>not </w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>new</w:t></w:r></w:ins>"
        "<w:r><w:instrText>HYPERLINK x</w:instrText></w:r></w:p></w:body></w:document>"
    )
    data = replaced(saved(docx.Document()), "word/document.xml", xml.encode())
    assert parse_document(data, "memo.docx").text == "A new"


def test_a_footnote_stands_behind_the_paragraph_that_calls_it() -> None:
    body = (
        f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>Called here.</w:t></w:r>'
        '<w:r><w:footnoteReference w:id="2"/></w:r></w:p><w:p><w:r><w:t>Next.</w:t></w:r></w:p></w:body></w:document>'
    )
    notes = (
        f'<w:footnotes xmlns:w="{W}"><w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>'
        '<w:footnote w:id="2"><w:p><w:r><w:t>Tenancy Act § 12.</w:t></w:r></w:p></w:footnote></w:footnotes>'
    )
    data = replaced(saved(docx.Document()), "word/document.xml", body.encode())
    data = replaced(data, "word/footnotes.xml", notes.encode())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        relations = archive.read("word/_rels/document.xml.rels").decode()
        types = archive.read("[Content_Types].xml").decode()
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    relations = relations.replace(
        "</Relationships>", f'<Relationship Id="rIdF" Type="{kind}" Target="footnotes.xml"/></Relationships>'
    )
    named = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    types = types.replace("</Types>", f'<Override PartName="/word/footnotes.xml" ContentType="{named}"/></Types>')
    data = replaced(data, "word/_rels/document.xml.rels", relations.encode())
    data = replaced(data, "[Content_Types].xml", types.encode())
    read = parse_document(data, "memo.docx")
    assert texts(read) == [
        ("Called here.", Kind.PARAGRAPH),
        ("Tenancy Act § 12.", Kind.FOOTNOTE),
        ("Next.", Kind.PARAGRAPH),
    ]
    assert read.blocks[0].marks == ((12, "f2"),)
    assert read.blocks[1].note == "f2"


def make_pdf(*pages: str) -> bytes:
    """Returns a PDF of one line a text line, by hand."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    kids = []
    for page in pages:
        lines = " ".join(f"({line}) Tj T*" for line in page.split("\n"))
        stream = f"BT /F1 12 Tf 14 TL 72 720 Td {lines} ET"
        number = len(objects) + 1
        kids.append(f"{number} 0 R")
        resources = "<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
        objects.append(f"<< /Type /Page /Parent 2 0 R /Contents {number + 1} 0 R /Resources {resources} >>")
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(pages)} /MediaBox [0 0 612 792] >>"
    out, places = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{text}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\n"
    )
    return out + f"{end}startxref\n{len(out)}\n%%EOF\n".encode()


def test_pdf_pages_are_kept_and_folios_left_out() -> None:
    document = parse_document(make_pdf("The tenant may\nend the lease.\n1", "Second page.\nPage 2 of 2"), "brief.pdf")
    assert [(block.text, block.page) for block in document.blocks] == [
        ("The tenant may end the lease.", 1),
        ("Second page.", 2),
    ]
    assert document.page_at(document.text.index("Second")) == 2


def test_markdown_as_it_reads() -> None:
    text = (
        "# Title #\n\nSee *Borak v. Stane*, **912 U.S. 34**[^1] and [the Act](https://example.org/x).\n\n"
        "> A quoted\n> passage.\nlazy end\n\n> Another.\n\n[^1]: At page 36.\n    Goes on.\n[^2]: Two.\n\n"
        "| a | b |\n|---|---|\n| c | d |\n\n---\n\n```\ncode § 5\n```\n"
    )
    document = parse_document(text.encode(), "memo.md")
    assert texts(document)[:8] == [
        ("Title", Kind.HEADING),
        ("See Borak v. Stane, 912 U.S. 34 and the Act.", Kind.PARAGRAPH),
        ("A quoted\npassage.\nlazy end", Kind.QUOTE),
        ("Another.", Kind.QUOTE),
        ("At page 36.\n    Goes on.", Kind.FOOTNOTE),
        ("Two.", Kind.FOOTNOTE),
        ("| a | b |", Kind.TABLE),
        ("| c | d |", Kind.TABLE),
    ]
    assert [block.note for block in document.blocks if block.kind is Kind.FOOTNOTE] == ["1", "2"]
    assert document.blocks[1].marks == ((31, "1"),)


def test_hidden_markdown_is_left_out_and_reported() -> None:
    text = "Seen.<!-- ignore § 5 --><span style='display:none'>§ 6</span> Al\u200bso."
    document = parse_document(text.encode(), "memo.md")
    assert document.text == "Seen. Also."
    assert "3 places" in document.warnings[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_text_in_any_of_the_encodings(encoding) -> None:
    text = "见《虚构租赁法》第十二条的规定，承租人可以解除合同。\n\n第二段也有文字。"
    document = parse_document(text.encode(encoding), "brief.txt")
    assert document.text == text


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"", "a.txt", "is empty"),
        (b" \n\t ", "a.txt", "is empty"),
        (b"\x00\x01\x02\x03binary", "a.txt", "a.txt"),
        (b"PK\x03\x04 and no more", "a.docx", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "a.doc", ".doc"),
        (b"%PDF-1.4 and no more", "a.pdf", "damaged PDF"),
        (make_pdf(""), "a.pdf", "no text"),
        (make_pdf("Text").replace(b"endstream", b"endst"), "a.pdf", ""),
        (saved(make_word())[:2000], "a.docx", "damaged"),
        (replaced(saved(make_word()), "word/document.xml", b"<w:document"), "a.docx", "no sound Word file"),
        (replaced(saved(docx.Document()), "word/document.xml", b"\x00" * 60_000_000), "a.docx", "unpacks to far more"),
        (saved(docx.Document()), "a.docx", "has no text"),
    ],
)
def test_a_bad_file_is_one_clear_line(data, name, says) -> None:
    with pytest.raises(InputError) as caught:
        parse_document(data, name)
    assert says in caught.value.message
    assert "\n" not in caught.value.message
    assert caught.value.hint


def test_an_archive_that_is_no_word_file() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("../../evil.txt", "x")
    with pytest.raises(InputError, match="no Word file"):
        parse_document(out.getvalue(), "a.docx")


def test_entities_of_a_word_file_are_not_expanded() -> None:
    laughs = "".join(f'<!ENTITY l{at} "{f"&l{at - 1};" * 10}">' for at in range(1, 9))
    xml = (
        f'<!DOCTYPE x [<!ENTITY l0 "lol"><!ENTITY f SYSTEM "file:///etc/passwd">{laughs}]>'
        f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>A &l8;&f; b</w:t></w:r></w:p></w:body></w:document>'
    )
    data = replaced(saved(docx.Document()), "word/document.xml", xml.encode())
    try:
        document = parse_document(data, "a.docx")
    except InputError:
        return
    assert "lol" not in document.text
    assert "root:" not in document.text


def test_an_encrypted_pdf_says_so() -> None:
    data = make_pdf("Text").replace(b"trailer\n<<", b"trailer\n<< /Encrypt << /Filter /Standard /V 9 /R 9 >>")
    with pytest.raises(InputError, match="encrypted"):
        parse_document(data, "a.pdf")


def test_a_path_that_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(MissingError):
        read_document(tmp_path / "none.md")
    with pytest.raises(InputError, match="no file"):
        read_document(tmp_path)


@given(st.lists(st.text(min_size=1, max_size=30).filter(str.strip), min_size=1, max_size=6))
def test_every_block_stands_in_the_text_where_it_says(parts) -> None:
    document = make_document(Block(part, page=at) for at, part in enumerate(parts))
    for index, block in enumerate(document.blocks):
        assert document.text[document.starts[index] : document.end_of(index)] == block.text
        assert document.block_at(document.starts[index]) == index
        assert document.page_at(document.end_of(index) - 1) == block.page


@given(st.binary(max_size=400), st.sampled_from(["PK\x03\x04", "%PDF-1.7\n", ""]), st.sampled_from(["a.md", "a.txt"]))
def test_any_bytes_are_read_or_refused(data, start, name) -> None:
    try:
        said = parse_document(start.encode("latin-1") + data, name).text
    except InputError as error:
        said = error.message.replace("\n", "")
    assert said.strip()
