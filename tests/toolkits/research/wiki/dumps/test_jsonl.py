import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier.errors import InputError
from metier_research.pages.page import Link, Page
from metier_research.wiki.dumps import jsonl
from metier_research.wiki.dumps.reading import Dump
from metier_research.wiki.entries import Entry, Redirect, Skipped

Write = Callable[[str, bytes], Path]


def _lines(*values: object) -> bytes:
    return "".join(f"{json.dumps(value, ensure_ascii=False)}\n" for value in values).encode()


def _read(path: Path) -> list[Entry]:
    return list(Dump(path, "elm"))


def test_a_plain_page_keeps_what_it_says_of_itself(write: Write) -> None:
    beside = [
        {"text": "the town", "url": "https://elm.example.org/wiki/Elm_Ford#x"},
        {"text": "oak", "url": "/wiki/Oak"},
    ]
    line = {
        "title": "Ada Brook",
        "text": "Ada built the mill.\r\n\r\n\r\n\r\nShe  lived\u200b.",
        "url": "https://elm.example.org/wiki/Ada_Brook",
        "links": ["Mill", {"text": "off", "url": "https://b.example/"}, {"text": "Bo"}, 7, {"url": 3}, "", *beside],
        "modified": "2001-02-03",
        "published": "yesterday",
        "language": "en",
    }
    (page,) = _read(write("pages", _lines(line)))
    assert isinstance(page, Page)
    assert (page.url, page.title, page.text) == (
        "wiki://elm/Ada%20Brook",
        "Ada Brook",
        "Ada built the mill.\n\nShe lived.",
    )
    assert (page.modified, page.published, page.language) == ("2001-02-03", "", "en")
    assert (page.canonical, page.site) == ("https://elm.example.org/wiki/Ada_Brook", "elm")
    assert page.links == (
        Link("Mill", "wiki://elm/Mill"),
        Link("off", "https://b.example/"),
        Link("Bo", "wiki://elm/Bo"),
        Link("the town", "wiki://elm/Elm%20Ford"),
        Link("oak", "wiki://elm/Oak"),
    )


def test_lines_of_wikiextractor_lose_their_title_and_keep_their_links(write: Write) -> None:
    text = 'Ada Brook\n\nAda built the &lt;a href="Mill%20%28old%29"&gt;mill&lt;/a&gt; &amp; <a href="Oak">the oak</a>.'
    line = {"id": "7", "revid": "1", "url": "https://elm.example.org/wiki?curid=7", "title": "Ada Brook", "text": text}
    (page,) = _read(write("wiki_00", _lines(line)))
    assert isinstance(page, Page)
    assert page.text == "Ada built the mill &amp; the oak."
    assert page.links == (Link("mill", "wiki://elm/Mill%20%28old%29"), Link("the oak", "wiki://elm/Oak"))


def test_lines_of_hugging_face_are_read_packed(write: Write) -> None:
    line = {"id": "1", "url": "https://elm.example.org/wiki/%C3%89lan", "title": "Élan", "text": "Élan is a town."}
    (page,) = _read(write("train.jsonl.gz", gzip.compress(_lines(line))))
    assert isinstance(page, Page)
    assert (page.url, page.text) == ("wiki://elm/%C3%89lan", "Élan is a town.")


def test_redirects_and_lines_without_a_title(write: Write) -> None:
    data = _lines({"title": "Bo", "redirect": "Ada"}, {"text": "x"}, {"title": ["no"], "text": "x"})
    assert _read(write("pages", b"\xef\xbb\xbf\n" + data)) == [
        Redirect("Bo", "Ada"),
        Skipped("line 3", "it has no title"),
        Skipped("line 4", "it has no title"),
    ]


@pytest.mark.parametrize("bad", [b'{"title": "Ada", "te', b"[1]", b'{"a": ' + b"[" * 100_000, b"{}}"])
def test_a_line_that_is_no_object_is_an_error_naming_it(write: Write, bad: bytes) -> None:
    with pytest.raises(InputError, match="line 2"):
        _read(write("pages", _lines({"title": "A", "text": "x"}) + bad))


def test_a_line_without_end_is_refused(write: Write) -> None:
    data = b'{"title": "A", "text": "' + b"x" * (jsonl.LONGEST_LINE + 1_000_000)
    with pytest.raises(InputError, match="more than"):
        _read(write("pages", data))


def test_bytes_that_are_not_utf_8_are_replaced(write: Write) -> None:
    (page,) = _read(write("pages", b'{"title": "A", "text": "x \xff y"}'))
    assert isinstance(page, Page)
    assert page.text == "x \ufffd y"


_VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
_FIELDS = st.sampled_from(
    ["title", "text", "url", "links", "modified", "language", "redirect", "canonical", "outdated"]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.dictionaries(_FIELDS, _VALUES, max_size=6), min_size=1, max_size=4))
def test_no_object_is_an_error(tmp_path_factory: pytest.TempPathFactory, lines: list[dict[str, object]]) -> None:
    path = tmp_path_factory.mktemp("lines") / "pages"
    path.write_bytes(_lines(*lines))
    entries = _read(path)
    assert len(entries) == len(lines)
    assert all(link.text for entry in entries if isinstance(entry, Page) for link in entry.links if link.url)
