import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from metier.errors import MissingError, StorageError
from metier_research.pages.page import Link, Page
from metier_research.wiki.entries import Redirect
from metier_research.wiki.store import Wiki

Make = Callable[..., Wiki]
MakePage = Callable[..., Page]


def test_a_page_is_read_as_it_was_given(make_wiki: Make, page: MakePage) -> None:
    given = page(
        "Ada Brook",
        "Ada built the mill.\n\n| a | b |\n| --- | --- |\n| 1 | 磨坊 |",
        links=(Link("the mill", "wiki://elm/Mill"), Link("off", "https://example.org/")),
        published="1990-01-02",
        modified="2001-02-03T04:05:06Z",
        language="en",
        site="elm",
        canonical="https://example.org/wiki/Ada_Brook",
        outdated="as of 2011",
    )
    wiki = make_wiki([given])
    assert wiki.read(given.url) == given
    assert wiki.read(given.url).digest == given.digest  # type: ignore[union-attr]
    assert (wiki.name, wiki.licence, wiki.synthetic, wiki.pages) == ("elm", "CC0-1.0", True, 1)


def test_a_page_from_elsewhere_keeps_where_it_was_published(make_wiki: Make) -> None:
    wiki = make_wiki([Page("https://example.org/wiki/Mill", "Mill", "Grain is ground.")])
    read = wiki.read("wiki://elm/Mill")
    assert read is not None
    assert (read.url, read.canonical, read.site) == ("wiki://elm/Mill", "https://example.org/wiki/Mill", "elm")


def test_pages_of_one_title_and_two_addresses_are_two(make_wiki: Make) -> None:
    wiki = make_wiki([Page("wiki://elm/Mill", "Mill", "One."), Page("wiki://elm/Mill%20%28copy%29", "Mill", "Two.")])
    assert [wiki.read(f"wiki://elm/{key}").text for key in ("Mill", "Mill (copy)")] == ["One.", "Two."]  # type: ignore[union-attr]


def test_redirects_are_followed_and_found(make_wiki: Make, page: MakePage) -> None:
    wiki = make_wiki([page("Elmford"), Redirect("Ulmfurt", "Elmford"), Redirect("The Ford", "Ulmfurt"), page("Ashby")])
    for name in ("Ulmfurt", "The Ford", "the ford"):
        read = wiki.read(f"wiki://elm/{name}")
        assert read is not None
        assert (read.url, read.title) == ("wiki://elm/Elmford", "Elmford")
    assert [hit.title for hit in wiki.search("Ulmfurt")] == ["Elmford"]


def test_a_title_may_be_written_a_little_otherwise_but_never_means_two_pages(make_wiki: Make, page: MakePage) -> None:
    wiki = make_wiki([page("Élan Vérité"), page("Lead", "A metal."), page("LEAD", "A race."), page("iPhone")])
    found = {key: wiki.read(f"wiki://elm/{key}") for key in ("elan-verite", "LEAD", "lead", "leAD", "IPHONE")}
    assert {key: read and read.title for key, read in found.items()} == {
        "elan-verite": "Élan Vérité",
        "LEAD": "LEAD",
        "lead": "Lead",
        "leAD": None,
        "IPHONE": "iPhone",
    }


@pytest.mark.parametrize(
    "url", ["wiki://elm/Nobody", "wiki://oak/Ada", "https://elm/Ada", "", "wiki://elm/", "file:Ada"]
)
def test_what_is_not_there_is_none(make_wiki: Make, page: MakePage, url: str) -> None:
    assert make_wiki([page("Ada")]).read(url) is None


def test_titles_begin_with_the_prefix(make_wiki: Make, page: MakePage) -> None:
    wiki = make_wiki(
        [page(title) for title in ("Élan", "Elmford", "Elm", "Oak (tree)", "Oak")] + [Redirect("Elk", "Elm")]
    )
    assert wiki.titles("el", 10) == ("Élan", "Elm", "Elmford")
    assert wiki.titles("oak", 10) == ("Oak", "Oak (tree)")
    assert wiki.titles("", 2) == ("Élan", "Elm")
    assert wiki.titles("x", 5) == wiki.titles("el", 0) == wiki.titles("el", -1) == ()


def test_many_threads_read_at_once(make_wiki: Make, page: MakePage) -> None:
    wiki = make_wiki([page(f"Page {number}", f"mill {number}") for number in range(50)])
    with ThreadPoolExecutor(8) as pool:
        hits = list(pool.map(lambda number: wiki.search(f"mill page {number}", 3), [*range(50)] * 4))
        pages = list(pool.map(lambda number: wiki.read(f"wiki://elm/Page {number}"), range(50)))
    assert hits[:50] * 4 == hits
    assert [read.title for read in pages if read] == [f"Page {number}" for number in range(50)]


def test_no_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="no wiki 'elm'"):
        Wiki.open(tmp_path / "elm.sqlite")


@pytest.mark.parametrize("content", [b"", b"no database at all", b"SQLite format 3\0" + b"\xff" * 4096])
def test_a_damaged_file_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "elm.sqlite"
    path.write_bytes(content)
    with pytest.raises(StorageError, match=r"elm\.sqlite"):
        Wiki.open(path)


def test_a_file_of_another_version_or_name_is_refused(make_wiki: Make, page: MakePage, data: Path) -> None:
    make_wiki([page("Ada")])
    path = data / "wikis" / "elm.sqlite"
    path.replace(path.with_name("oak.sqlite"))
    with pytest.raises(StorageError, match="not the file that was made"):
        Wiki.open(path.with_name("oak.sqlite"))
    path.with_name("oak.sqlite").replace(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma user_version = 99")
    with pytest.raises(StorageError, match="another version"):
        Wiki.open(path)


def test_a_page_that_is_damaged_is_an_error_and_not_a_text(make_wiki: Make, page: MakePage, data: Path) -> None:
    make_wiki([page("Ada")])
    with closing(sqlite3.connect(data / "wikis" / "elm.sqlite")) as connection:
        connection.execute("update pages set text = x'00'")
        connection.commit()
    wiki = Wiki.open(data / "wikis" / "elm.sqlite")
    with pytest.raises(StorageError, match="damaged"):
        wiki.read("wiki://elm/Ada")
    with pytest.raises(StorageError, match="damaged"):
        wiki.search("words")
