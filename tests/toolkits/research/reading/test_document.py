"""A document is read as what its bytes are, and the same bytes give the same page."""

import re
import unicodedata
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier.errors import InputError
from metier_research.pages.page import Link, Page
from metier_research.reading.document import read_document
from tests.toolkits.research.reading.layouts import make_layouts
from tests.toolkits.research.reading.sheets import endless_forms, heavy_sheet, make_sheet, ring_of_sheets

URL = "https://site.example/a/page.html?x=1"
LONG = "The Ost is a river in Landia that is 120 km long and meets the sea near Harbourtown in the north. " * 4


def read(body: str | bytes, kind: str = "text/html", charset: str = "") -> Page:
    return read_document(body if isinstance(body, bytes) else body.encode(), url=URL, kind=kind, charset=charset)


def test_the_main_text_of_layouts_is_read_and_what_is_around_it_mostly_not() -> None:
    wanted = found = around = 0
    for name, page, body, beside in make_layouts():
        seen = set(re.findall(r"(?:body|around)-\d+", read(page).text))
        wanted += len(body)
        found += sum(mark in seen for mark in body)
        around += sum(mark in seen for mark in beside)
        assert sum(mark not in seen for mark in body) <= 1, name
    assert wanted > 100
    assert found / wanted > 0.98
    assert around / (around + found) < 0.02


def test_a_table_becomes_rows_with_every_value_in_its_column() -> None:
    page = read(
        f"<main><p>{LONG}</p><table><caption>Flow</caption><tr><th rowspan=2>Year<th colspan=2>Flow a|b</tr>"
        "<tr><th>low<th>high</tr><tr><td>1990<td>12<br>m³/s<td></tr></table></main>"
    )
    assert (
        "Flow\n\n| Year | Flow a\\|b | Flow a\\|b |\n| --- | --- | --- |\n| Year | low | high |\n| 1990 | 12 m³/s | |"
        in page.text
    )


def test_structure_is_kept_as_lines() -> None:
    page = read(
        f"<main><h1>Ost</h1><p>{LONG}</p><h2>Course</h2><ul><li>one <b>bold</b>\n word</li><li>two</li></ul>"
        f"<p>line<br>break</p><pre>if x:\n  y</pre><p>{LONG}</p></main>"
    )
    assert "\n\nCourse\n\n- one bold word\n- two\n\nline\nbreak\n\nif x:\ny\n\n" in page.text
    assert page.text.startswith("Ost\n\nThe Ost is a river")


def test_links_are_those_that_are_seen_with_their_words_and_whole_addresses() -> None:
    page = read(
        "<base href='/b/'><p>x <a href='c.html#part'>the  <b>C</b></a> <a href='//other.example'>O</a>"
        "<a href='#top'>top</a><a href='mailto:a@b.c'>m</a><a href='javascript:x()'>j</a><a href='/d'></a>"
        "<a style='display:none' href='/e'>e</a>"
        "<a href='c.html#other'>the C</a></p>"
    )
    assert page.links == (Link("the C", "https://site.example/b/c.html"), Link("O", "https://other.example"))


@pytest.mark.parametrize(
    ("head", "published", "modified"),
    [
        ("<meta property='article:published_time' content='2024-03-05T10:20:30Z'>", "2024-03-05T10:20:30Z", ""),
        ("<meta name=citation_publication_date content='2019/3/5'>", "2019-03-05", ""),
        ("<meta name=date content='yesterday'><meta itemprop=dateModified content='2020-02-30'>", "", ""),
        (
            '<script type="application/ld+json">{"@graph":[{"a":1},{"datePublished":"2021-01-02","dateModified":'
            '"2022-03-04T05:06:07.8+02:00"}]}</script><meta name=date content=2000-01-01>',
            "2021-01-02",
            "2022-03-04T05:06:07+02:00",
        ),
        ('<script type="application/ld+json">' + "[" * 9_000 + "</script>", "", ""),
    ],
)
def test_dates_are_those_that_the_page_gives_for_itself(head: str, published: str, modified: str) -> None:
    page = read(f"<html><head>{head}</head><body><p>x</p></body></html>")
    assert (page.published, page.modified) == (published, modified)


def test_a_page_says_what_it_is() -> None:
    page = read(
        "<html lang='en-GB'><head><title> The\u202e Ost \n river</title>"
        "<link rel='x canonical' href='/a/page.html#x'></head>"
        "<body><p>x</p><time itemprop=datePublished datetime='2018-05-06'>May</time></body></html>"
    )
    assert (page.url, page.site, page.title, page.language) == (URL, "site.example", "The Ost river", "en-GB")
    assert (page.canonical, page.published) == ("https://site.example/a/page.html", "2018-05-06")
    assert read("<h1>Only <i>this</i></h1>").title == "Only this"
    assert read_document(b"x", url="file:a.txt", kind="").site == ""


@pytest.mark.parametrize(
    ("said", "really", "text"),
    [
        ("", "utf-8", "déjà vu"),
        ("utf-8", "cp1252", "déjà vu, garçon, señor, façade, naïveté, crème brûlée"),
        ("latin-1", "utf-8", "größer"),
        ("iso-8859-1", "cp1252", "10 € – “so”"),
        ("gb2312", "gb18030", "江苏省高级人民法院镕"),
        ("shift_jis", "cp932", "日本国憲法の条文"),
        ("koi8-r", "koi8-r", "река Ост"),
        ("unicode_escape", "utf-8", "a\\u0041"),
        ("utf-7", "utf-8", "+AGE-"),
        ("", "utf-16", "déjà vu"),
    ],
)
def test_text_is_read_in_the_charset_that_it_is_in(said: str, really: str, text: str) -> None:
    assert read(text.encode(really), "text/plain", said).text == text


@pytest.mark.parametrize(
    "label", ["unicode_escape", "raw_unicode_escape", "hex", "zlib", "rot13", "idna", "utf-7", "x" * 99]
)
def test_a_charset_is_one_of_the_web_and_not_any_codec_of_python(label: str) -> None:
    assert read("caf\xe9 and na\xefve \\u0041 +AGE-".encode("latin-1"), "text/plain", label).text.endswith(
        "\\u0041 +AGE-"
    )


def test_a_page_names_its_charset_itself() -> None:
    page = read("<meta charset=windows-1251><p>река Ост</p>".encode("cp1251"))
    assert page.text == "река Ост"


def test_what_is_not_seen_of_a_text_is_not_in_it() -> None:
    text = "cafe\u0301\r\nne\u200bw\x00 \u202eabc\u202c \U000e0041\ufe0f so\u00adft می\u200cخواهم\x0b\x85z"
    assert read(text, "text/plain").text == "café\nnew abc soft می\u200cخواهم\n\nz"


@pytest.mark.parametrize(
    ("kind", "body", "text"),
    [
        ("application/json", '{"b":[1,"ü"],"a":null}', '{\n"b": [\n1,\n"ü"\n],\n"a": null\n}'),
        ("application/ld+json", "{broken", "{broken"),
        ("text/csv", 'a,b\n1,"x, y"\n\n2', "| a | b |\n| --- | --- |\n| 1 | x, y |\n| 2 | |"),
        ("text/tab-separated-values", "a\tb\n1\t2", "| a | b |\n| --- | --- |\n| 1 | 2 |"),
        ("text/markdown", "# Head\n\n| a |\n", "# Head\n\n| a |"),
        (
            "application/rss+xml",
            "<?xml version='1.0' encoding='latin-1'?><r><t>one</t><!-- no --><t> two </t></r>",
            "one\n\ntwo",
        ),
        ("text/xml", "<r><t>broken", "broken"),
        ("", "<!DOCTYPE html><p>page", "page"),
        ("text/plain", "<html><body><p>page</p></body></html>", "page"),
        ("application/octet-stream", "words", "words"),
    ],
)
def test_other_text_is_read_as_what_it_is(kind: str, body: str, text: str) -> None:
    assert read(body, kind).text == text


def test_xml_brings_no_file_of_this_machine_into_the_text(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("SECRET")
    entity = f'<!ENTITY a SYSTEM "{(tmp_path / "secret").as_uri()}"><!ENTITY b "grown">'
    assert read(f"<!DOCTYPE r [{entity}]><r><t>one</t>&a;<t>two &b;</t></r>", "text/xml").text == "one\n\ntwo"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" \n\t",
        b"PK\x03\x04rest",
        b"\x89PNG\r\n\x1a\n",
        b"\x00\x00\x00\x18ftypmp42",
        bytes(range(9)) * 99,
        b"<p hidden>x</p>",
    ],
)
@pytest.mark.parametrize("kind", ["text/html", "text/plain", ""])
def test_what_has_no_text_is_refused(body: bytes, kind: str) -> None:
    with pytest.raises(InputError):
        read(body, kind)


def test_a_pdf_is_read_sheet_by_sheet_whatever_it_is_called() -> None:
    body = make_sheet(
        "The bridge is\n214 metres long.",
        more=("Second sheet.\n2",),
        about="<</Title(On bridges)/CreationDate(D:20240305102030Z)>>",
    )
    page = read(body, "text/html")
    assert page.text == "The bridge is 214 metres long.\n\nSecond sheet."
    assert (page.title, page.published, page.site) == ("On bridges", "2024-03-05", "site.example")


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (make_sheet(""), "no text"),
        (make_sheet("words")[:80], "damaged"),
        (make_sheet("words").replace(b"/Root", b"/Encrypt 99 0 R/Root"), "encrypted"),
        (heavy_sheet(), "no text"),
        (endless_forms(), "no text"),
        (ring_of_sheets(), "no text|damaged"),
        (b"%PDF-1.7 nothing more", "damaged"),
    ],
    ids=["pictures", "half", "locked", "heavy", "forms", "ring", "head"],
)
def test_a_pdf_that_cannot_be_read_says_why(body: bytes, told: str) -> None:
    with pytest.raises(InputError, match=told):
        read(body, "application/pdf")


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=400) | st.text(max_size=200).map(str.encode),
    st.sampled_from(["text/html", "text/csv", "text/xml", "application/json", ""]),
)
def test_any_bytes_are_a_page_or_refused_and_the_page_is_the_same_each_time(body: bytes, kind: str) -> None:
    try:
        page = read(body, kind)
    except InputError:
        return
    assert read(body, kind) == page
    assert unicodedata.is_normalized("NFC", page.text)
    assert page.text == page.text.strip()
    assert not re.search("[\x00-\x08\x0b-\x1f\u200b\u202a-\u202e\ud800-\udfff\U000e0000-\U000e007f]", page.text)


TAGS = st.sampled_from(
    [
        "div",
        "p",
        "span",
        "table",
        "tr",
        "td",
        "b",
        "a",
        "ul",
        "li",
        "script",
        "style",
        "pre",
        "template",
        "h1",
        "select",
    ]
)


@st.composite
def markup(draw: st.DrawFn) -> str:
    pieces = []
    for _ in range(draw(st.integers(0, 25))):
        tag = draw(TAGS)
        form = draw(
            st.sampled_from(
                ["<{}>", "</{}>", "<{} hidden>", "<{} style='color:#fff'>", "<{} rowspan=3 colspan=2>", "word "]
            )
        )
        pieces.append(form.format(tag))
    return "".join(pieces)


@settings(max_examples=50, deadline=None)
@given(markup(), markup())
def test_hidden_words_stay_out_whatever_stands_around_them(before: str, after: str) -> None:
    body = f"<body><main><p>{LONG}</p>{before}<div style='display:none'><p>SECRET</p></div>{after}</main></body>"
    with suppress(InputError):
        assert "SECRET" not in read(body).text


def test_a_tag_whose_name_is_none_in_xml_breaks_nothing() -> None:
    page = read_document(b"<html<head><body><p>These words are seen by everybody.", url=URL, kind="text/html")
    assert "These words are seen" in page.text
