"""What each source is asked, and what its answer means: pure functions over the shapes that it documents."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier.errors import ServerError
from metier_research.live.catalogues.openalex import restore_abstract
from metier_research.live.catalogues.serper_scholar import read_publication
from metier_research.live.merging import merge_hits, merge_works
from metier_research.live.records import work_evidence
from metier_research.live.serving import CATALOGUES, ENGINES
from metier_research.live.source import Access, Wish, read_wish
from metier_research.pages.page import Hit
from metier_research.pages.shapes import Work
from tests.toolkits.research.live import recorded
from tests.toolkits.research.live.recorded import ANSWERS, ERRORS, NOTHING

SOURCES = {**ENGINES, **CATALOGUES}
ACCESS = Access("https://api.example", "k-1", "metier-research/0.1", "ada@uni.example")
JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
MARKS = (' xmlns="http://www.w3.org/2005/Atom">', "<entry>", "<id>", "</id>", "\x00", "\ud800", "&#xD800;", "</feed>")
JUNK = JSONS | st.sampled_from(
    ["https://a.example/x", "http://[", "10.5555/a", "A - B, 2017 - c", "\ud800", "9" * 5000]
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Returns the path of every value in a JSON value, its own first."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, member in inner for place in places(member, (*path, key)))]


def replaced(value: Any, path: tuple[Any, ...], junk: Any) -> Any:
    """Returns the value with `junk` at the path."""
    if not path:
        return junk
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = replaced(value[path[0]], path[1:], junk)
    return copy


def hits_of(name: str, answer: object | None = None) -> tuple[Hit, ...]:
    found = ENGINES[name].read(ANSWERS[name] if answer is None else answer)  # type: ignore[arg-type]
    return merge_hits(found, 10)


def works_of(name: str, answer: object | None = None) -> tuple[Work, ...]:
    found = CATALOGUES[name].read(ANSWERS[name] if answer is None else answer)  # type: ignore[arg-type]
    return merge_works(found, 10)


SALT = "https://history.example/salt"


@pytest.mark.parametrize(
    ("name", "title", "url", "snippet", "date"),
    [
        ("serper", "The Salt Roads of Norvind", f"{SALT}?utm_source=x", "Caravans & mules carried", "2024-05-17"),
        ("brave", "Salt 'roads'", SALT, "How salt moved. … Mules carried it.", "2024-05-17"),
        ("tavily", "Salt roads", SALT, "How salt moved.", "2024-05-17"),
        ("exa", "Salt roads", SALT, "Mules carried it. … The pass was closed in winter.", "2024-05-17"),
        ("searxng", "Salt roads", SALT, "How salt moved.", "2024-05-17"),
        ("duckduckgo", "The Salt Roads", f"{SALT}?a=1&b=2", "How salt moved.", ""),
    ],
)
def test_a_hit_has_plain_words_its_own_address_and_an_iso_date(
    name: str, title: str, url: str, snippet: str, date: str
) -> None:
    first, *others = hits_of(name)
    assert (first.rank, first.title, first.url, first.date, first.source) == (1, title, url, date, name)
    assert first.snippet.startswith(snippet)
    assert [hit.rank for hit in others] == list(range(2, len(others) + 2))


def test_results_without_an_address_advertisements_and_doubles_are_left_out() -> None:
    assert [hit.url for hit in hits_of("serper")] == [f"{SALT}?utm_source=x", "https://archive.example/tolls"]
    assert [hit.url for hit in hits_of("duckduckgo")] == [f"{SALT}?a=1&b=2", "https://archive.example/tolls"]
    assert hits_of("exa")[1].title == "https://archive.example/tolls"


def test_the_older_page_of_duckduckgo_is_read_too() -> None:
    (hit,) = hits_of("duckduckgo", recorded.DUCKDUCKGO_OLDER)
    assert (hit.title, hit.url, hit.snippet) == ("Salt", SALT, "How it moved.")


def test_a_wall_of_duckduckgo_is_no_empty_result() -> None:
    with pytest.raises(ServerError, match="a person") as caught:
        hits_of("duckduckgo", recorded.DUCKDUCKGO_WALL)
    assert caught.value.retry_after_s == 300


@pytest.mark.parametrize(
    ("name", "url", "venue", "cited_by"),
    [
        ("openalex", "https://journal.example/17", "Journal of Roads", 12),
        ("crossref", "https://doi.org/10.5555/salt.17", "Journal of Roads", 12),
        ("semantic_scholar", "https://www.semanticscholar.org/paper/ab12", "Journal of Roads", 12),
        ("arxiv", "https://arxiv.org/abs/1701.00017v3", "Journal of Roads 4 (2017)", None),
    ],
)
def test_a_work_keeps_its_doi_year_and_venue(name: str, url: str, venue: str, cited_by: int | None) -> None:
    work = works_of(name)[0]
    assert (work.title, work.doi, work.year, work.url) == ("On Salt Roads", "10.5555/salt.17", 2017, url)
    assert (work.venue, work.cited_by, work.source, work.rank) == (venue, cited_by, name, 1)
    assert work.authors[0] == "Ina Sand"


def test_versions_abstracts_and_retractions_are_kept() -> None:
    first, second = works_of("openalex")
    assert (first.version, first.abstract, first.retracted) == ("publishedVersion", "Salt moved by road moved", False)
    assert (second.url, second.doi, second.retracted, second.abstract) == ("https://openalex.org/W2", "", True, "")
    preprint, older = works_of("arxiv")
    assert (preprint.version, preprint.title, preprint.abstract) == ("v3", "On Salt Roads", "Salt moved by road.")
    assert preprint.open_access_url == "https://arxiv.org/pdf/1701.00017v3"
    assert (older.version, older.url, older.doi) == ("v1", "https://arxiv.org/abs/math.GT/0309136v1", "")
    (paper,) = works_of("crossref")
    assert paper.abstract == "Abstract Salt moved by H2O."
    assert paper.authors == ("Ina Sand", "The Road Group")
    assert paper.retracted


def test_the_line_of_google_scholar_is_taken_apart() -> None:
    (work,) = works_of("serper_scholar")
    assert (work.authors, work.venue, work.year) == (("I Sand", "B Pass"), "Journal of Roads", 2017)
    assert read_publication("I Sand - 1999 - books.example") == (["I Sand"], "", 1999)
    assert read_publication("nothing of the kind") == ([], "", None)


def test_an_entity_of_a_feed_reads_no_file() -> None:
    (work,) = works_of("arxiv", recorded.ARXIV_BOMB)
    assert work.title == "Salt"


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_an_answer_with_nothing_in_it_is_empty(name: str) -> None:
    assert list(SOURCES[name].read(NOTHING[name])) == []


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_an_error_in_a_successful_answer_is_an_error(name: str) -> None:
    with pytest.raises(ServerError):
        SOURCES[name].read(ERRORS[name])


@pytest.mark.parametrize("name", sorted(SOURCES))
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_no_answer_whatever_its_shape_breaks_a_reader(name: str, data: st.DataObject) -> None:
    answer = ANSWERS[name]
    for _ in range(2):
        answer = replaced(answer, data.draw(st.sampled_from(places(answer))), data.draw(JUNK))
    try:
        found = list(SOURCES[name].read(answer))
    except ServerError:
        return
    assert all(one.url.startswith(("https://", "http://")) and one.title for one in found)
    json.dumps([work_evidence(one).digest for one in found if isinstance(one, Work)])


@pytest.mark.parametrize("name", ["arxiv", "duckduckgo"])
@settings(max_examples=30, deadline=None)
@given(
    noise=st.text(max_size=200)
    | st.lists(
        st.sampled_from(
            ["<a class='result-link' href='//duckduckgo.com/l/?uddg=http%3A%2F%2F[", "'>", "</a>", "<feed", *MARKS]
        ),
        max_size=12,
    ).map("".join)
)
def test_no_text_breaks_a_reader_of_markup(name: str, noise: str) -> None:
    try:
        SOURCES[name].read(noise)
    except ServerError:
        return


@pytest.mark.parametrize(
    ("query", "country", "language", "place"),
    [
        ("salt roads", "us", "en", "United States"),
        ("盐道的历史", "cn", "zh-cn", "China"),
        ("塩の道の歴史", "jp", "ja", "Japan"),
        ("소금길", "kr", "ko", "South Korea"),
    ],
)
def test_a_query_in_chinese_is_asked_in_china(query: str, country: str, language: str, place: str) -> None:
    body: Any = ENGINES["serper"].build(Wish(query, 10), ACCESS).body
    assert body == {"q": query, "num": 10, "gl": country, "hl": language, "location": place}
    scholar: Any = CATALOGUES["serper_scholar"].build(Wish(query, 10), ACCESS).body
    assert (scholar["gl"], scholar["hl"], "location" in scholar) == (country, language, False)
    assert ENGINES["brave"].build(Wish(query, 10), ACCESS).query["country"] == country.upper()


def test_the_other_engines_are_asked_in_their_own_spelling_of_a_language() -> None:
    wish = Wish("盐道", 5)
    assert ENGINES["brave"].build(wish, ACCESS).query["search_lang"] == "zh-hans"
    assert ENGINES["duckduckgo"].build(wish, ACCESS).query["kl"] == "cn-zh"
    assert ENGINES["searxng"].build(wish, ACCESS).query["language"] == "zh-CN"
    tavily: Any = ENGINES["tavily"].build(wish, ACCESS).body
    assert tavily["country"] == "china"
    assert "language" not in ENGINES["searxng"].build(Wish("salt", 5), ACCESS).query


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("serper", "X-API-KEY"),
        ("brave", "X-Subscription-Token"),
        ("exa", "x-api-key"),
        ("semantic_scholar", "x-api-key"),
        ("serper_scholar", "X-API-KEY"),
    ],
)
def test_a_key_travels_in_its_header_and_is_not_shown(name: str, header: str) -> None:
    inquiry = SOURCES[name].build(Wish("salt", 5), ACCESS)
    assert inquiry.headers[header] == "k-1"
    assert "k-1" not in f"{inquiry!r} {ACCESS!r}"


def test_polite_sources_are_told_whom_to_write_to() -> None:
    assert CATALOGUES["crossref"].build(Wish("salt", 5), ACCESS).query["mailto"] == "ada@uni.example"
    query = CATALOGUES["openalex"].build(Wish("salt", 5), ACCESS).query
    assert (query["mailto"], query["api_key"], query["per_page"]) == ("ada@uni.example", "k-1", "5")
    nobody = Access("https://api.example", contact="https://uni.example")
    assert "mailto" not in CATALOGUES["crossref"].build(Wish("salt", 5), nobody).query


def test_arxiv_is_asked_for_all_words_and_for_fields_as_they_are() -> None:
    build = CATALOGUES["arxiv"].build
    assert build(Wish('salt "old roads" (map)', 5), ACCESS).query["search_query"] == (
        'all:salt AND all:"old roads" AND all:map'
    )
    assert build(Wish("ti:salt AND au:sand", 5), ACCESS).query["search_query"] == "ti:salt AND au:sand"


def test_a_query_is_one_line_of_bounded_length_without_hidden_signs() -> None:
    assert read_wish(" salt\n\u202eroads\u200b\x00 ", 5).query == "salt roads"
    assert read_wish("vector<int> &amp;", 5).query == "vector<int> &amp;"
    assert len(read_wish("word " * 200, 5).query) <= 400


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text("ab c", min_size=1, max_size=6).filter(lambda word: word.strip()), max_size=30))
def test_an_inverted_abstract_is_turned_back(words: list[str]) -> None:
    index: dict[str, Any] = {}
    for place, word in enumerate(words):
        index.setdefault(word, []).append(place)
    assert restore_abstract(index) == " ".join(words)


def test_entries_of_one_doi_are_one_work_and_fill_each_other() -> None:
    bare = Work(rank=0, title="Salt", url="https://a.example", doi="10.5555/a")
    full = bare.model_copy(update={"url": "https://b.example", "year": 2017, "abstract": "Words", "retracted": True})
    other = bare.model_copy(update={"version": "v2"})
    merged = merge_works([bare, full, other], 10)
    assert [(work.url, work.year, work.abstract, work.version, work.rank) for work in merged] == [
        ("https://a.example", 2017, "Words", "", 1),
        ("https://a.example", None, "", "v2", 2),
    ]
    assert merged[0].retracted
