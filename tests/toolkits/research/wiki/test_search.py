import random
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from metier_research.pages.page import Page
from metier_research.wiki.importing import import_pages, wiki_url
from metier_research.wiki.search.snippets import WIDTH, Snippets
from metier_research.wiki.search.terms import LONGEST_QUERY, MOST_WORDS, names_in, spread, words_of
from metier_research.wiki.store import Wiki

Make = Callable[..., Wiki]
MakePage = Callable[..., Page]


def _titles(wiki: Wiki, query: str, limit: int = 10) -> list[str]:
    return [hit.title for hit in wiki.search(query, limit)]


def test_a_hit_says_where_what_was_found(make_wiki: Make, page: MakePage) -> None:
    wiki = make_wiki([page("Ada Brook", "She built the mill at Elmford.", published="1990", modified="2001-02-03")])
    (hit,) = wiki.search("mill")
    assert (hit.title, hit.url, hit.source, hit.rank) == ("Ada Brook", "wiki://elm/Ada%20Brook", "elm", 1)
    assert (hit.snippet, hit.date) == ("She built the mill at Elmford.", "2001-02-03")


def test_a_title_weighs_more_than_the_text(make_wiki: Make, page: MakePage) -> None:
    wiki = make_wiki([page("Ashby", "The mill, the mill and the mill."), page("Mill", "Grain is ground there.")])
    assert _titles(wiki, "mill") == ["Mill", "Ashby"]


def test_a_long_page_is_not_lost_behind_the_stubs_that_name_it(make_wiki: Make, page: MakePage) -> None:
    stubs = [page(f"{word} of Elmford", "It is in Elmford.") for word in ("Cup", "Fair", "Mayor", "Bridge", "School")]
    long = page("Elmford", f"A town. {'It has many other things to tell. ' * 900}")
    wiki = make_wiki([*stubs, long])
    assert _titles(wiki, "Elmford")[0] == "Elmford"
    assert _titles(wiki, "who was the mayor of Elmford?")[0] == "Mayor of Elmford"


def test_accents_and_case_and_endings_do_not_matter(make_wiki: Make, page: MakePage) -> None:
    wiki = make_wiki([page("Élan Vérité", "The bridges were founded in Ürzig.")])
    for query in ("elan verite", "ÉLAN", "bridge", "FOUNDING", "urzig"):
        assert _titles(wiki, query) == ["Élan Vérité"], query


def test_chinese_japanese_and_korean_are_found_without_a_dictionary(make_wiki: Make, page: MakePage) -> None:
    wiki = make_wiki(
        [
            page("上海", "上海是一座城市，人口众多。"),
            page("北京", "北京是首都。"),
            page("東京タワー", "東京にある塔です。"),
            page("서울", "서울은 수도이다."),
        ]
    )
    assert _titles(wiki, "上海的人口是多少？")[0] == "上海"
    assert _titles(wiki, "首都") == ["北京"]
    assert _titles(wiki, "市") == ["上海"]
    assert _titles(wiki, "タワー") == ["東京タワー"]
    assert _titles(wiki, "수도") == ["서울"]


@pytest.mark.parametrize("query", ["", "   ", "\n", "?!", '"', "'", "()", "\x00", "\ud800", "😀", "___", "NEAR(", "*"])
def test_a_query_without_words_that_occur_gives_nothing(make_wiki: Make, page: MakePage, query: str) -> None:
    assert make_wiki([page("Ada Brook")]).search(query) == ()


@pytest.mark.parametrize(
    "query",
    ['"mill" OR', "mill AND", "NOT mill", "title:mill", "mill*", "^mill", "{title}: mill", "mi-ll mill", "-mill"],
)
def test_operators_are_words(make_wiki: Make, page: MakePage, query: str) -> None:
    assert _titles(make_wiki([page("Ashby", "A mill."), page("Oak", "A tree.")]), query) == ["Ashby"]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Wiki:
    path = tmp_path_factory.mktemp("small") / "elm.sqlite"
    pages = [Page(wiki_url("elm", f"Page {n}"), f"Page {n}", f"mill number {n} of {n % 7} 磨坊") for n in range(40)]
    import_pages(pages, path, name="elm", licence="", synthetic=True)
    return Wiki.open(path)


@settings(max_examples=60, deadline=None)
@example('"')
@example("a" * (LONGEST_QUERY + 5))
@given(st.text(max_size=120))
def test_row_24_no_query_is_an_error_and_the_same_query_gives_the_same_bytes(small: Wiki, query: str) -> None:
    assert repr(small.search(query)) == repr(small.search(query))
    assert repr(small.search(f"{query} mill")) == repr(small.search(f"{query} mill"))
    assert small.titles(query, 3) == small.titles(query, 3)


def test_ties_are_in_the_order_of_the_titles_and_limits_hold(small: Wiki) -> None:
    assert _titles(small, "磨坊", 3) == ["Page 0", "Page 1", "Page 10"]
    assert [hit.rank for hit in small.search("mill", 5)] == [1, 2, 3, 4, 5]
    assert small.search("mill", 0) == small.search("mill", -1) == ()
    assert len(small.search("mill", 10_000)) == 40


def test_row_24_the_order_of_the_dump_changes_no_hit(make_wiki: Make, page: MakePage) -> None:
    words = random.Random(5)
    pages = [
        page(f"Thing {number}", " ".join(words.choices(("mill", "oak", "elm", "ash", "brook"), k=9)))
        for number in range(200)
    ]
    queries = ("mill", "oak brook", "elm ash thing", "thing 7 mill")
    first = make_wiki(pages)
    shown = [repr(first.search(query, 30)) for query in queries]
    second = make_wiki(reversed(pages))
    assert [repr(second.search(query, 30)) for query in queries] == shown


def test_row_24_words_that_are_everywhere_cost_no_more_than_the_budget(make_wiki: Make, page: MakePage) -> None:
    pages = [page(f"P{number}", "common words everywhere") for number in range(3_100)]
    wiki = make_wiki([*pages, page("Common ground", "Here, too, are words."), page("Rare", "common zebra")])
    assert _titles(wiki, "common zebra")[0] == "Rare"
    assert _titles(wiki, "common") == ["Common ground"]
    assert len(wiki.search("everywhere")) == 10


def test_words_of_a_query_are_bounded_and_each_once() -> None:
    assert [word.text for word in words_of("The the THE mill Mill")] == ["The", "mill"]
    assert len(words_of(" ".join(f"w{number}" for number in range(500)))) == MOST_WORDS
    assert [word.text for word in words_of("上海A塔")] == ["上海", "A", "塔"]
    assert len(names_in("x " * 3_000)) <= 400


def test_text_is_spread_into_pairs_where_no_blanks_are() -> None:
    assert spread("plain text") == "plain text"
    assert spread("住上海A").split() == ["住上", "上海", "海", "A"]


def test_a_snippet_shows_where_the_words_stand_together() -> None:
    text = (
        f"{'Nothing here. ' * 80}The mill burned. {'Nothing here. ' * 80}The old mill of Élmford stands. {'No. ' * 80}"
    )
    shown = Snippets({"mill": 1.0, "elmford": 3.0}).snippet(text)
    assert "The old mill of Élmford stands." in shown
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert len(shown) <= WIDTH + 2
    assert Snippets({"zebra": 1.0}).snippet(text).startswith("Nothing here.")
    assert Snippets({}).snippet("  Short\n\ntext. ") == "Short text."
    assert Snippets({"a": 1.0}).snippet("") == ""


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=900), st.lists(st.text(min_size=1, max_size=6), max_size=4))
def test_a_snippet_is_words_of_the_text(text: str, words: list[str]) -> None:
    shown = Snippets(dict.fromkeys(words, 1.0)).snippet(text)
    assert shown.removeprefix("…").removesuffix("…") in " ".join(text.split())
    assert len(shown) <= WIDTH + 2
