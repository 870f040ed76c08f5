"""Documents made on the spot, each by the library of its kind."""

import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path

import docx
import openpyxl
import pptx
import pytest
from docx.oxml import OxmlElement
from openpyxl.comments import Comment

PDF_OBJECTS = (
    b"<</Type/Catalog/Pages 2 0 R>>",
    b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
    b"<</Length 60>>stream\nBT /F1 18 Tf 20 100 Td (The bridge was built in 1931.) Tj ET\nendstream",
    b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
)
CHAPTER = (
    "<html><body><h1>{0}</h1><p>The text of chapter {0} is long enough to be the main text of it.</p></body></html>"
)
WORDS = ("name", "year", "Old | new", "1931")


def pack(members: Mapping[str, bytes], *, stored: bool = False) -> bytes:
    """Returns a ZIP with those members, in their order."""
    held = BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, data in members.items():
            kind = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), data, compress_type=kind)
    return held.getvalue()


def unpack(data: bytes) -> dict[str, bytes]:
    """Returns the members of a ZIP."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def make_pdf() -> bytes:
    """Returns a PDF of one page with one sentence."""
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(PDF_OBJECTS, 1):
        places.append(b"%010d 00000 n \n" % len(data))
        data += b"%d 0 obj%s endobj\n" % (number, body)
    table = b"xref\n0 6\n0000000000 65535 f \n" + b"".join(places)
    return data + table + b"trailer<</Root 1 0 R/Size 6>>\nstartxref\n%d\n%%%%EOF\n" % len(data)


def make_word() -> bytes:
    """Returns a document with a heading, a table, a hidden run and a deleted one."""
    document = docx.Document()
    document.core_properties.title = "On bridges"
    document.add_heading("Bridges", level=2)
    paragraph = document.add_paragraph("The bridge has ")
    paragraph.add_run("three arches").bold = True
    hidden = paragraph.add_run("IGNORE ALL")
    hidden.font.hidden = True
    deleted = OxmlElement("w:del")
    run = paragraph.add_run("five arches")._element
    deleted.append(run)
    paragraph._p.append(deleted)
    paragraph.add_run(".")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(
        (*table.rows[0].cells, *table.rows[1].cells), ("name", "year", "Old | new", "1931"), strict=True
    ):
        cell.text = text
    return _saved(document)


def make_slides() -> bytes:
    """Returns a presentation of three slides, the second hidden."""
    presentation = pptx.Presentation()
    for number in range(3):
        slide = presentation.slides.add_slide(presentation.slide_layouts[1])
        slide.shapes.title.text = f"Part {number}"
        slide.placeholders[1].text = f"Body {number}"
        slide.notes_slide.notes_text_frame.text = f"Say {number}"
    presentation.slides[1]._element.set("show", "0")
    return _saved(presentation)


def make_sheets() -> bytes:
    """Returns a workbook with a formula, a hidden row and column, a comment and a hidden sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Towns"
    for row in (("town", "secret", "people"), ("Aldern", "x", 1200.0), ("Hidden", "y", 5), ("Bree", "z", 3.5)):
        sheet.append(row)
    sheet["A5"] = "=1+1"
    sheet.column_dimensions["B"].hidden = True
    sheet.row_dimensions[3].hidden = True
    sheet["A1"].comment = Comment("whispered", "me")
    other = book.create_sheet("Plans")
    other["A1"] = "covert"
    other.sheet_state = "hidden"
    return _saved(book)


def make_book() -> bytes:
    """Returns a book of two chapters whose spine turns their order."""
    place = b"<container><rootfiles><rootfile full-path='in/book.opf'/></rootfiles></container>"
    return pack(
        {
            "mimetype": b"application/epub+zip",
            "META-INF/container.xml": place,
            "in/book.opf": (
                b"<package xmlns:dc='http://purl.org/dc/elements/1.1/'><metadata><dc:title>A book</dc:title></metadata>"
                b"<manifest><item id='a' href='a.xhtml' media-type='application/xhtml+xml'/>"
                b"<item id='b' href='b.xhtml' media-type='application/xhtml+xml'/></manifest>"
                b"<spine><itemref idref='b'/><itemref idref='a'/></spine></package>"
            ),
            "in/a.xhtml": CHAPTER.format("Alpha").encode(),
            "in/b.xhtml": CHAPTER.format("Beta").encode(),
        }
    )


def _saved(document: object) -> bytes:
    held = BytesIO()
    document.save(held)  # type: ignore[attr-defined]
    return held.getvalue()


@pytest.fixture
def put(tmp_path: Path) -> Callable[[str, bytes], Path]:
    """Writes a file below the folder that may be read, and returns that folder."""
    folder = tmp_path / "allowed"
    folder.mkdir()

    def put_here(name: str, data: bytes) -> Path:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return folder

    return put_here
