from collections.abc import Callable
from pathlib import Path

import pytest

from metier.errors import InputError, MissingError, StorageError
from metier_research.pages.page import Page
from metier_research.wiki.collections import list_wikis, remove_wiki
from metier_research.wiki.importing import locked
from metier_research.wiki.shelf import Shelf
from metier_research.wiki.store import Wiki

Make = Callable[..., Wiki]
MakePage = Callable[..., Page]


def _titles(shelf: Shelf, query: str, limit: int = 10) -> list[tuple[str, str]]:
    return [(hit.source, hit.title) for hit in shelf.search(query, limit)]


def test_no_wiki_is_an_empty_shelf(data: Path) -> None:
    shelf = Shelf.open(data)
    assert (shelf.wikis, shelf.faults, shelf.search("mill"), shelf.read("wiki://elm/Mill")) == ((), (), (), None)
    assert not data.exists()


def test_the_hits_of_all_wikis_are_one_ranking(make_wiki: Make, data: Path) -> None:
    def pages(*titles: str) -> list[Page]:
        return [Page("", title, f"{title} is told of here.") for title in titles]

    make_wiki(pages("Mill", "Oak", "Ash tree"), "oak")
    make_wiki([*pages("Mill at Elmford", "Elm"), *pages(*(f"Stone {number}" for number in range(300)))], "elm")
    shelf = Shelf.open(data)
    assert [wiki.name for wiki in shelf.wikis] == ["elm", "oak"]
    hits = shelf.search("mill")
    assert {(hit.source, hit.title) for hit in hits} == {("oak", "Mill"), ("elm", "Mill at Elmford")}
    assert [hit.rank for hit in hits] == [1, 2]
    assert _titles(shelf, "Mill at Elmford")[0] == ("elm", "Mill at Elmford")
    assert _titles(shelf, "ash tree")[0] == ("oak", "Ash tree")
    assert len(shelf.search("told", 7)) == 7
    assert repr(shelf.search("mill stone oak")) == repr(Shelf.open(data).search("mill stone oak"))


def test_one_wiki_ranks_as_it_does_alone(make_wiki: Make, page: MakePage, data: Path) -> None:
    wiki = make_wiki([page(f"Mill {number}", "mill " * (number % 5) + "oak") for number in range(30)])
    assert Shelf.open(data).search("mill oak 7", 20) == wiki.search("mill oak 7", 20)


def test_a_page_is_read_from_the_wiki_that_its_address_names(make_wiki: Make, data: Path) -> None:
    make_wiki([Page("", "Mill", "Of oak.")], "oak")
    make_wiki([Page("", "Mill", "Of elm.")], "elm")
    shelf = Shelf.open(data)
    texts = [page.text for name in ("oak", "elm") if (page := shelf.read(f"wiki://{name}/Mill"))]
    assert texts == ["Of oak.", "Of elm."]
    assert shelf.read("wiki://ash/Mill") is None
    assert shelf.read("https://oak/Mill") is None


def test_a_damaged_wiki_spoils_no_other_and_is_told(make_wiki: Make, page: MakePage, data: Path) -> None:
    make_wiki([page("Mill")])
    (data / "wikis" / "bad.sqlite").write_bytes(b"no database")
    (data / "wikis" / ".hidden.sqlite").write_bytes(b"")
    shelf = Shelf.open(data)
    assert [wiki.name for wiki in shelf.wikis] == ["elm"]
    assert len(shelf.faults) == 1
    assert "bad.sqlite" in shelf.faults[0]
    listed = list_wikis(data)
    assert [(wiki.name, wiki.pages, bool(wiki.fault)) for wiki in listed] == [("bad", 0, True), ("elm", 1, False)]
    assert (listed[1].licence, listed[1].synthetic, listed[1].size > 0) == ("CC0-1.0", True, True)


def test_a_wiki_is_taken_away_damaged_or_not(make_wiki: Make, page: MakePage, data: Path) -> None:
    make_wiki([page("Mill")])
    (data / "wikis" / "bad.sqlite").write_bytes(b"no database")
    assert remove_wiki(data, "elm").pages == 1
    assert remove_wiki(data, "bad").fault
    assert list_wikis(data) == ()
    with pytest.raises(MissingError):
        remove_wiki(data, "elm")
    with pytest.raises(InputError):
        remove_wiki(data, "../elm")


def test_a_wiki_that_is_being_made_is_not_taken_away(make_wiki: Make, page: MakePage, data: Path) -> None:
    make_wiki([page("Mill")])
    with locked(data / "wikis" / "elm.sqlite"), pytest.raises(StorageError):
        remove_wiki(data, "elm")
    assert len(list_wikis(data)) == 1


def test_a_file_in_the_place_of_the_folder_is_no_wiki(data: Path) -> None:
    data.mkdir()
    (data / "wikis").write_text("a file")
    assert Shelf.open(data).wikis == ()
