import bz2
import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from metier.errors import CallerError, InputError
from metier_legal.intake.reading import FORMATS, read_batches
from metier_legal.intake.texts.decoding import decode_text

DC = '<section xmlns="https://code.dccouncil.us/schemas/dc-library"><num>1-1</num><text>{0}</text></section>'
LAW = "# 养熊法\n<!-- INFO END -->\n第一条 甲。\n第二条 乙。\n"
ROOTS = (
    DC.format("x"),
    '<uscDoc xmlns="http://xml.house.gov/schemas/uslm/1.0"><meta><docNumber>1</docNumber></meta><main/></uscDoc>',
    '<DIV1 TYPE="TITLE" N="1"><DIV8 TYPE="SECTION" N="1.1"><HEAD>H</HEAD><P>x</P></DIV8></DIV1>',
    "<dokumente><norm><metadaten><jurabk>B</jurabk><enbez>\u00a7 1</enbez></metadaten></norm></dokumente>",
    "<ACT><TITLE>Regulation (EU) 2016/679</TITLE><ARTICLE><TI.ART>Article 1</TI.ART></ARTICLE></ACT>",
    "<akomaNtoso><act><meta/><body><section><num>1</num></section></body></act></akomaNtoso>",
    '<Legislation xmlns="http://www.legislation.gov.uk/namespaces/legislation"><Body/></Legislation>',
)
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
SECRET = '<!DOCTYPE x [<!ENTITY s SYSTEM "file:///etc/passwd">]>'
PARAMETER = "<!DOCTYPE x [<!ENTITY % p \"<!ENTITY q 'r'>\"> %p;]>"


@pytest.mark.parametrize("root", ROOTS)
@pytest.mark.parametrize("declared", [LAUGHS, SECRET, PARAMETER])
def test_xml_that_declares_entities_is_refused(read: Callable[..., Any], root: str, declared: str) -> None:
    with pytest.raises(InputError, match=r"source\.xml: the XML declares entities"):
        read(declared + root.replace(">x<", ">&c;&s;<"))


@pytest.mark.parametrize("root", ROOTS)
def test_xml_that_is_cut_off_is_refused_by_its_line(read: Callable[..., Any], root: str) -> None:
    for length in range(len(root) * 2 // 3, len(root) - 1, 7):
        with pytest.raises(InputError, match=r"source\.xml"):
            read("\n" + root[:length], format=format_of(root))


def format_of(root: str) -> str:
    names = {"sec": "dc-code", "usc": "uslm", "DIV": "ecfr", "dok": "gii", "ACT": "formex", "ako": "akn", "Leg": "clml"}
    return names[root[1:4]]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (DC.format("a\x00b"), "line 1: the XML is broken"),
        (DC.format("<a>" * 400 + "</a>" * 400), "depth"),
        (DC.format("x" * 10_500_000), "too long"),
        (DC.format("</b>"), "the XML is broken"),
    ],
)
def test_broken_xml_is_one_clear_line(read: Callable[..., Any], content: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        read(content)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (ROOTS[1].replace("</meta>", "<created>2021-13-45</created></meta>"), "usc.xml"),
        (ROOTS[2], "title-1-2021-13-45.xml"),
        (ROOTS[2].replace(">H<", "><AMDDATE>2021-02-30</AMDDATE>H<"), "title-1.xml"),
        (DC.format("x"), "2021-02-30.xml"),
        (ROOTS[4].replace("<ACT>", '<ACT><DATE ISO="20210230"/>'), "32016R0679.xml"),
        ('{"document": 1, "passage": "1.1", "text": "A bear may dance.", "date": "2021-02-30"}', "rows.jsonl"),
        ('{"law": "L", "article": "第一条", "version_date": "2021-02-30", "path": [], "text": "t"}', "rows.jsonl"),
    ],
)
def test_a_date_that_is_no_day_of_the_calendar_is_no_date(read: Callable[..., Any], content: str, name: str) -> None:
    reading = read(content, name)
    assert all(one.observed is None and one.valid_from is None for one in reading.provisions)


def test_an_external_dtd_is_never_loaded(read: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "evil.dtd").write_text('<!ENTITY nbsp "EVIL">')
    reading = read(f'<!DOCTYPE section SYSTEM "{tmp_path}/evil.dtd">' + DC.format("a&nbsp;b"))
    assert reading.only("1-1").text == "a b"


def test_a_root_that_no_format_knows_is_refused_even_when_a_format_is_named(read: Callable[..., Any]) -> None:
    with pytest.raises(InputError, match=r"no known|is known"):
        read("<html><p>Hello</p></html>")
    for name in sorted(FORMATS):
        with pytest.raises(InputError):
            read("<recipe><egg/></recipe>", format=name)


def zipped(path: Path, name: str, text: str = LAW, *, link: bool = False) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        info = zipfile.ZipInfo(name)
        info.external_attr = (0o120777 if link else 0o100644) << 16
        archive.writestr("good.md", LAW)
        archive.writestr(info, text, zipfile.ZIP_DEFLATED)
    return path


def tarred(path: Path, name: str, kind: bytes = tarfile.REGTYPE) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        info = tarfile.TarInfo(name)
        info.type = kind
        info.linkname = "/etc/passwd"
        info.size = len(LAW.encode()) if kind == tarfile.REGTYPE else 0
        archive.addfile(info, io.BytesIO(LAW.encode()))
    return path


@pytest.mark.parametrize("name", ["../evil.md", "a/../../evil.md", "/etc/evil.md", "..\\evil.md", "C:\\evil.md"])
def test_a_member_that_leads_outside_is_refused_by_its_name(
    read: Callable[..., Any], tmp_path: Path, name: str
) -> None:
    for path in (zipped(tmp_path / "a.zip", name), tarred(tmp_path / "a.tar.gz", name)):
        with pytest.raises(InputError, match="leads outside") as caught:
            read(path)
        assert "evil.md" in str(caught.value)
    assert not list(tmp_path.rglob("*.md"))


def test_links_and_devices_in_archives_are_refused(read: Callable[..., Any], tmp_path: Path) -> None:
    paths = [zipped(tmp_path / "a.zip", "link.md", "/etc/passwd", link=True)]
    paths += [
        tarred(tmp_path / f"{kind!r}.tgz", "l.md", kind) for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE)
    ]
    for path in paths:
        with pytest.raises(InputError, match="is a link"):
            read(path)


def test_a_member_that_stands_twice_is_refused(read: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.md", LAW)
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a.md", LAW)
    with pytest.raises(InputError, match=r"'a\.md' stands there twice"):
        read(path)


@pytest.mark.parametrize("packed", ["zip", "gz", "bz2", "tar"])
def test_a_bomb_is_refused_before_it_fills_the_memory(read: Callable[..., Any], tmp_path: Path, packed: str) -> None:
    row = '{"document": 1, "passage": "1.1", "text": "A bear may dance."}\n'
    law = row + (" " * 9_999 + "\n") * 2_000
    path = tmp_path / "bomb"
    if packed == "zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.jsonl", law)
    elif packed == "gz":
        path.write_bytes(gzip.compress(law.encode(), 6))
    elif packed == "bz2":
        path.write_bytes(bz2.compress(law.encode()))
    else:
        with tarfile.open(path, "w:gz") as archive:
            info = tarfile.TarInfo("a.jsonl")
            info.size = len(law.encode())
            archive.addfile(info, io.BytesIO(law.encode()))
    with pytest.raises(InputError, match="decompresses to far more"):
        read(path)


def test_a_text_that_must_be_read_whole_is_refused_above_its_bound(read: Callable[..., Any]) -> None:
    with pytest.raises(InputError, match="larger than 16 MB"):
        read(LAW + "\u718a" * 6_000_000, "law.md")


def test_a_damaged_archive_is_refused(read: Callable[..., Any], tmp_path: Path) -> None:
    whole = zipped(tmp_path / "a.zip", "b.md").read_bytes()
    packed = gzip.compress(LAW.encode() * 5000)
    other = bz2.compress(LAW.encode() * 5000)
    cut = [whole[: len(whole) // 2], whole[:-30], packed[: len(packed) // 2], other[: len(other) // 2], other[:-9]]
    for content in (*cut, b"\x1f\x8b\x08\x00 nonsense", b"BZh91AY&SY nonsense"):
        (tmp_path / "cut").write_bytes(content)
        with pytest.raises(InputError):
            read(tmp_path / "cut")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (LAW.encode() + b"\x00", r"U\+0000"),
        (LAW.encode() + b"\xff\xfe\xff", "not UTF-8"),
        (LAW.encode("utf-16")[:-1], "UTF-16"),
    ],
)
def test_a_text_that_does_not_decode_is_refused(read: Callable[..., Any], content: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(content, "law.md", format="zh-markdown")


@pytest.mark.parametrize("line", ["{", "[1]", '{"law": "x"', "[" * 100_000, "\udcff", "x\x00"])
def test_a_line_that_is_no_object_is_refused_by_its_number(read: Callable[..., Any], line: str) -> None:
    good = '{"law": "L", "article": "\u7b2c\u4e00\u6761", "version_date": null, "path": [], "text": "t"}\n'
    content = good.encode() + line.encode("utf-8", "surrogateescape")
    with pytest.raises(InputError, match="line 2"):
        read(content, "rows.jsonl")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
@given(data=st.binary(max_size=300), name=st.sampled_from(sorted(FORMATS)))
def test_no_bytes_do_anything_but_read_or_be_refused(tmp_path: Path, data: bytes, name: str) -> None:
    path = tmp_path / "any"
    path.write_bytes(data)
    for format in ("", name):
        try:
            list(read_batches(path, format=format))
        except CallerError as error:
            assert "\n" not in error.message  # noqa: PT017


@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=60))
def test_text_comes_back_from_every_encoding(text: str) -> None:
    lines = f"\u7b2c\u4e00\u6761 \u718a\n{text}\n"
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert decode_text(lines.encode(encoding), "a") == lines


@given(
    lines=st.lists(
        st.text(alphabet="\u7b2c\u4e00\u6761\u718a\u871c\u72d0\u72f8\uff0c\u3002 ab1", max_size=20), max_size=6
    )
)
def test_chinese_in_gb18030_comes_back(lines: list[str]) -> None:
    text = "\n".join(["\u7b2c\u4e00\u6761 \u4e3a\u4e86\u4fdd\u62a4\u718a", *lines])
    try:
        assert decode_text(text.encode("gb18030"), "a") == text
    except InputError as error:
        assert "mixes two encodings" in error.message  # noqa: PT017
