"""What python-docx has no call for: bookmarks, links inside the document, fields, rules, and equal bytes."""

from io import BytesIO
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip archive can write down


def add_bookmark(paragraph: Any, name: str, number: int) -> None:
    """Marks the end of the paragraph as it is now as the place that links to `name` lead to."""
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for part in (start, end):
        part.set(qn("w:id"), str(number))
        paragraph._p.append(part)
    start.set(qn("w:name"), name)


def add_link(paragraph: Any, text: str, name: str) -> Any:
    """Returns the run of a link with this text that leads to the bookmark `name`."""
    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), name)
    link.set(qn("w:history"), "1")
    run = paragraph.add_run(text)
    link.append(run._r)
    paragraph._p.append(link)
    return run


def add_field(paragraph: Any, code: str) -> None:
    """Adds a field that the word processor works out, such as PAGE."""
    for kind in ("begin", "", "end"):
        run = paragraph.add_run()
        if kind:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        else:
            part = OxmlElement("w:instrText")
            part.set(qn("xml:space"), "preserve")
            part.text = f" {code} "
        run._r.append(part)


def add_bar(paragraph: Any) -> None:
    """Draws a thin line at the left of the paragraph."""
    properties = paragraph._p.get_or_add_pPr()
    border, left = OxmlElement("w:pBdr"), OxmlElement("w:left")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "8"), ("color", "C8C4BB")):
        left.set(qn(f"w:{name}"), value)
    border.append(left)
    properties.insert_element_before(border, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def repeat_row(row: Any) -> None:
    """Makes the row a head that is repeated on every page of its table."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def keep_row(row: Any) -> None:
    """Keeps the row on one page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def rule_rows(table: Any) -> None:
    """Draws a thin line under every row of the table and no other line."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{side}")
        drawn = side in ("bottom", "insideH")
        line.set(qn("w:val"), "single" if drawn else "nil")
        if drawn:
            line.set(qn("w:sz"), "4")
            line.set(qn("w:color"), "C8C4BB")
        borders.append(line)
    table._tbl.tblPr.append(borders)


def repack(data: bytes) -> bytes:
    """Returns the zip archive with every entry dated 1980-01-01, so that equal contents are equal bytes."""
    packed = BytesIO()
    with ZipFile(BytesIO(data)) as given, ZipFile(packed, "w", ZIP_DEFLATED) as made:
        for name in given.namelist():
            entry = ZipInfo(name, EPOCH)
            entry.compress_type = ZIP_DEFLATED
            entry.create_system = 3
            made.writestr(entry, given.read(name))
    return packed.getvalue()
