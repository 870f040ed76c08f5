"""Every kind of file as pages: what is in them, what is left out, and what is refused."""

import shutil
import zipfile
from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier.errors import InputError, MissingError
from metier_research.files.archives import MOST_PAGES
from metier_research.files.kinds import Kind, kind_of
from metier_research.files.office.sheets import MOST_SHEET_BYTES
from metier_research.files.package import MOST_MEMBERS
from metier_research.files.reading import read_bytes, read_file
from metier_research.reading.document import MOST_CHARACTERS
from tests.toolkits.research.files.conftest import (
    make_book,
    make_pdf,
    make_sheets,
    make_slides,
    make_word,
    pack,
    unpack,
)

Put = Callable[[str, bytes], Path]
_KINDS = ("csv", "docx", "epub", "html", "json", "mp3", "pdf", "png", "pptx", "tsv", "txt", "xlsx", "zip")
SUFFIXES = tuple(f".{kind}" for kind in _KINDS)
HEADS = (b"", b"PK\x03\x04", b"%PDF-1.4\n", b"<html>")


def test_a_word_document_is_read_as_it_is_seen(put: Put) -> None:
    (page,) = read_file("a.docx", [put("a.docx", make_word())])
    assert page.url == "file:a.docx"
    assert page.title == "On bridges"
    assert page.text == (
        "## Bridges\n\nThe bridge has three arches.\n\n| name | year |\n| --- | --- |\n| Old \\| new | 1931 |\n\n"
        "[Left out: hidden pieces of text (1).]"
    )


def test_slides_are_read_with_notes_and_without_hidden_ones() -> None:
    page = read_bytes(make_slides(), "a.pptx")
    assert page.text == (
        "# Slide 1\n\nPart 0\n\nBody 0\n\nNotes of the speaker: Say 0\n\n"
        "# Slide 3\n\nPart 2\n\nBody 2\n\nNotes of the speaker: Say 2\n\n[Left out: hidden slides (1).]"
    )


def test_sheets_are_read_as_rows_without_what_is_hidden() -> None:
    page = read_bytes(make_sheets(), "a.xlsx")
    assert page.text.startswith("# Towns\n\n| town | people |\n| --- | --- |\n| Aldern | 1200 |\n| Bree | 3.5 |")
    for unseen in ("secret", "Hidden", "covert", "whispered", "Plans", "=1+1"):
        assert unseen not in page.text.partition("[Left out")[0]
    assert page.text.endswith(
        "[Left out: hidden sheets (1).]\n\n[Left out: hidden rows (1).]\n\n[Left out: hidden columns (1).]\n\n"
        "[Left out: comments (1).]"
    )


def test_a_book_is_read_in_the_order_of_its_spine() -> None:
    page = read_bytes(make_book(), "a.epub")
    assert page.title == "A book"
    assert page.text.index("chapter Beta") < page.text.index("chapter Alpha")


def test_a_pdf_is_read() -> None:
    assert "The bridge was built in 1931." in read_bytes(make_pdf(), "a.pdf").text


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", b"town,people\nAldern,1200\n"),
        ("b.csv", b"town;people\nAldern;1200\n"),
        ("a.tsv", b"town\tpeople\nAldern\t1200\n"),
        ("c.csv", "\ufefftown|people\nAldern|1200\n".encode()),
        ("d.csv", "town,people\r\nAldern,1200\r\n".encode("utf-16")),
    ],
)
def test_a_table_is_read_whatever_its_delimiter(name: str, data: bytes) -> None:
    assert read_bytes(data, name).text == "| town | people |\n| --- | --- |\n| Aldern | 1200 |"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", b"The bridge was built in 1931."),
        ("a.md", b"# A\n\nThe bridge was built in 1931."),
        ("a.json", b'{"text": "The bridge was built in 1931."}'),
        ("a.jsonl", b'{"text": "The bridge was built in 1931."}\n{"text": "b"}'),
        ("a.html", b"<html><body><p>The bridge was built in 1931.</p><script>no()</script></body></html>"),
        ("a.log", "The bridge was built in 1931. Größe".encode("latin-1")),
        ("noending", b"The bridge was built in 1931."),
    ],
)
def test_plain_documents_are_read(name: str, data: bytes) -> None:
    text = read_bytes(data, name).text
    assert "The bridge was built in 1931." in text
    assert "no()" not in text


def test_a_file_is_what_its_bytes_are() -> None:
    assert "The bridge was built in 1931." in read_bytes(make_pdf(), "a.txt").text
    assert "three arches" in read_bytes(make_word(), "a.pdf").text
    assert kind_of(make_sheets(), "a.docx") is Kind.SHEETS


def test_an_archive_gives_its_documents_and_a_list(put: Put) -> None:
    inner = pack({"deep.txt": b"deep", "more.zip": pack({"x.txt": b"x"})})
    data = pack(
        {"b.csv": b"a,b\n1,2\n", "a.txt": b"alpha", ".hidden": b"h", "in/c.zip": inner, "z.bin": bytes(range(32)) * 9}
    )
    folder = put("all.zip", data)
    pages = read_file("all.zip", [folder])
    assert [page.url for page in pages] == [
        "file:all.zip",
        "file:all.zip/a.txt",
        "file:all.zip/b.csv",
        "file:all.zip/in/c.zip",
        "file:all.zip/in/c.zip/deep.txt",
    ]
    assert "- a.txt: 5 characters" in pages[0].text
    assert "- z.bin: not read." in pages[0].text
    assert "- more.zip: not read. An archive within an archive within an archive." in pages[3].text
    assert "hidden" not in pages[0].text


def test_one_document_of_an_archive_is_read_by_its_address(put: Put) -> None:
    folder = put("all.zip", pack({"a.txt": b"alpha", "in/c.zip": pack({"deep.txt": b"deep"})}))
    for page in read_file("all.zip", [folder]):
        assert read_file(page.url, [folder])[0] == page
    assert read_file("all.zip/in/c.zip/deep.txt", [folder])[0].text == "deep"
    with pytest.raises(InputError, match="has no document"):
        read_file("all.zip/none.txt", [folder])


def test_nothing_is_in_a_document(put: Put) -> None:
    folder = put("a.txt", b"alpha")
    with pytest.raises(InputError, match="is no archive"):
        read_file("a.txt/b.txt", [folder])


@pytest.mark.parametrize("member", ["../a.txt", "in/../../a.txt", "/a.txt", "C:a.txt", "..\\a.txt", "\\a.txt"])
def test_an_archive_that_leads_outside_is_refused(member: str, put: Put) -> None:
    folder = put("all.zip", pack({"good.txt": b"good", member: b"x"}))
    with pytest.raises(InputError, match="leads outside"):
        read_file("all.zip", [folder])


def test_an_archive_with_a_link_is_refused(put: Put) -> None:
    held = BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(InputError, match="is a link"):
        read_file("all.zip", [put("all.zip", held.getvalue())])


@pytest.mark.parametrize(
    "make", [make_word, make_sheets, lambda: pack({"a.txt": b"alpha"})], ids=["word", "sheets", "zip"]
)
def test_what_is_encrypted_is_refused(make: Callable[[], bytes], put: Put) -> None:
    data = bytearray(make())
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    with pytest.raises(InputError, match="encrypted"):
        read_file("all.zip", [put("all.zip", bytes(data))])


@pytest.mark.parametrize("name", ["bomb.zip", "bomb.docx", "bomb.xlsx", "bomb.epub"])
def test_a_bomb_is_refused_before_it_goes_off(name: str, put: Put) -> None:
    part = {"bomb.docx": "word/document.xml", "bomb.xlsx": "xl/workbook.xml"}.get(name, "mimetype")
    data = pack({part: b"application/epub+zip", "zeros.txt": bytes(12 << 20)})
    with pytest.raises(InputError, match="unpacks to far more"):
        read_file(name, [put(name, data)])


def test_a_document_of_too_many_parts_is_refused() -> None:
    parts = {f"word/{number}.bin": b"" for number in range(MOST_MEMBERS)}
    with pytest.raises(InputError, match="unpacks to far more"):
        read_bytes(pack({"word/document.xml": b"<a/>", **parts}, stored=True), "a.docx")


def test_bombs_in_an_archive_count_together(put: Put) -> None:
    members = {f"{n:04d}.txt": b"a" for n in range(MOST_PAGES + 1)}
    with pytest.raises(InputError, match="more than can be read"):
        read_file("all.zip", [put("all.zip", pack(members))])


@pytest.mark.parametrize(
    ("make", "part"),
    [(make_word, "word/document.xml"), (make_slides, "ppt/presentation.xml"), (make_sheets, "xl/workbook.xml")],
    ids=["word", "slides", "sheets"],
)
@pytest.mark.parametrize("code", ["utf-8", "utf-16-le"])
def test_entities_are_refused(make: Callable[[], bytes], part: str, code: str) -> None:
    members = unpack(make())
    entity = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'.encode(code)
    with pytest.raises(InputError, match="declares a document type"):
        read_bytes(pack({**members, part: entity + members[part]}), "a")


def test_merged_cells_without_end_are_refused() -> None:
    members = unpack(make_sheets())
    sheet = members["xl/worksheets/sheet1.xml"].replace(
        b"</sheetData>", b'</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    )
    with pytest.raises(InputError, match="holds more than can be read"):
        read_bytes(pack({**members, "xl/worksheets/sheet1.xml": sheet}), "a.xlsx")


def test_a_sheet_that_is_too_big_is_refused() -> None:
    members = unpack(make_sheets())
    filled = {**members, "xl/worksheets/sheet1.xml": bytes(MOST_SHEET_BYTES + 1)}
    with pytest.raises(InputError, match="holds more than can be read"):
        read_bytes(pack(filled, stored=True), "a.xlsx")


@pytest.mark.parametrize("name", ["a.doc", "a.xls", "a.ppt"])
def test_old_office_files_are_refused_with_what_to_do(name: str) -> None:
    with pytest.raises(InputError, match="Save it unlocked as DOCX"):
        read_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), name)


@pytest.mark.skipif(shutil.which("tesseract") is not None, reason="there is something to read pictures")
def test_a_picture_names_the_extra_that_reads_it() -> None:
    with pytest.raises(MissingError, match=r"metier-research\[pictures\]"):
        read_bytes(b"\x89PNG\r\n\x1a\n" + bytes(99), "a.png")


@pytest.mark.skipif(find_spec("faster_whisper") is not None, reason="there is something to read speech")
@pytest.mark.parametrize(
    "data",
    [b"ID3" + bytes(99), b"RIFF\x00\x00\x00\x00WAVEfmt ", b"\x00\x00\x00\x18ftypmp42"],
    ids=["mp3", "wav", "mp4"],
)
def test_sound_and_film_name_the_extra_that_reads_them(data: bytes) -> None:
    with pytest.raises(MissingError, match=r"metier-research\[speech\]"):
        read_bytes(data, "a")


def test_text_beyond_two_million_characters_is_cut_and_that_is_said() -> None:
    wide = b"x" * 9_997 + b",b\n"
    text = read_bytes(wide * (MOST_CHARACTERS // 10_000 + 9), "a.csv").text
    assert text.endswith("[Left out: rows after 199.]")
    assert len(text) < MOST_CHARACTERS + 20_000
    paragraphs = "".join(f"<w:p><w:r><w:t>{'y' * 9_999}</w:t></w:r></w:p>" for _ in range(205)).encode()
    members = unpack(make_word())
    body = members["word/document.xml"].replace(b"<w:body>", b"<w:body>" + paragraphs)
    text = read_bytes(pack({**members, "word/document.xml": body}), "a.docx").text
    assert "characters beyond the first two million.]" in text
    assert len(text) < MOST_CHARACTERS + 200


def test_what_has_no_text_is_refused() -> None:
    for name in SUFFIXES:
        with pytest.raises((InputError, MissingError)):
            read_bytes(b"", name)


def test_the_same_file_gives_the_same_page() -> None:
    for make in (make_word, make_slides, make_sheets, make_book):
        data = make()
        assert read_bytes(data, "a").digest == read_bytes(data, "a").digest


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SUFFIXES), st.binary(max_size=300), st.sampled_from(HEADS))
def test_random_bytes_never_crash(suffix: str, data: bytes, head: bytes) -> None:
    try:
        page = read_bytes(head + data, f"a{suffix}")
    except (InputError, MissingError):
        return
    assert page.text


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from((make_book, make_sheets, make_slides, make_word)),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=4),
    st.booleans(),
)
def test_damaged_documents_never_crash(
    make: Callable[[], bytes], changes: list[tuple[float, int]], within: bool
) -> None:
    data = _damage_member(make(), changes) if within else _damage(make(), changes)
    with suppress(InputError, MissingError):
        assert read_bytes(data, "a").text


def _damage(data: bytes, changes: list[tuple[float, int]]) -> bytes:
    damaged = bytearray(data)
    for place, value in changes:
        damaged[int(place * len(damaged))] = value
    return bytes(damaged)


def _damage_member(data: bytes, changes: list[tuple[float, int]]) -> bytes:
    members = unpack(data)
    parts = [name for name in sorted(members) if name.endswith((".xml", ".opf")) and members[name]]
    part = parts[int(changes[0][0] * len(parts))]
    return pack({**members, part: _damage(members[part], changes)})
