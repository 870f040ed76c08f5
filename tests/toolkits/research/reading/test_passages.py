"""Passages cover a page in its order, letter by letter, and are ranked by the words of a goal."""

from hypothesis import given, settings
from hypothesis import strategies as st

from metier_research.pages.page import Page, Passage
from metier_research.reading.passages import LEAST, MOST, cut, rank, words_of

TABLE = "| Year | Flow |\n| --- | --- |\n" + "\n".join(f"| {year} | {year % 7} |" for year in range(1800, 2000))
TEXTS = st.lists(
    st.text(alphabet="abc é.!?。 \n|江", min_size=0, max_size=60).map(lambda text: text * 12)
    | st.just("\n\n")
    | st.just(TABLE),
    max_size=8,
).map("".join)


def page_of(text: str) -> Page:
    return Page(url="http://site.example/", title="", text=text)


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_passages_cover_all_of_a_page_in_its_order_letter_by_letter(text: str) -> None:
    passages = cut(page_of(text))
    at = 0
    for passage in passages:
        assert passage.text == text[passage.start : passage.end] == passage.text.strip() != ""
        assert text[at : passage.start].strip() == ""
        at = passage.end
    assert text[at:].strip() == ""
    assert cut(page_of(text)) == passages


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 300), min_size=1, max_size=12))
def test_passages_of_prose_have_their_size(lengths: list[int]) -> None:
    text = "\n\n".join("A river runs to the sea. " * length for length in lengths)
    sizes = [len(passage.text) for passage in cut(page_of(text))]
    assert all(LEAST <= size <= MOST for size in sizes[:-1])
    assert sizes[-1] <= MOST


def test_a_row_of_a_table_is_never_split() -> None:
    rows = [*TABLE.split("\n"), "| 2001 | " + "very long " * 200 + "|"]
    passages = cut(page_of("Before.\n\n" + "\n".join(rows)))
    assert len(passages) > 3
    for passage in passages:
        assert all(line in rows for line in passage.text.removeprefix("Before.\n\n").split("\n"))


def test_a_text_without_any_end_is_cut_all_the_same() -> None:
    passages = cut(page_of("x" * 5000))
    assert [len(passage.text) for passage in passages] == [890, 890, 890, 890, 890, 550]


def passages_of(*texts: str) -> list[Passage]:
    return [Passage(at * 100, at * 100 + len(text), text) for at, text in enumerate(texts)]


def test_the_passage_that_fits_the_goal_comes_first() -> None:
    passages = passages_of(
        "The weather was fine.", "The bridge is 214 metres long.", "Bridges of the Ost: a list", "Nothing."
    )
    assert rank(passages, "How long is the bridge?", 2) == (passages[1], passages[2])
    assert set(rank(passages, "bridge's", 9)) == {passages[1], passages[2]}


def test_a_rare_word_counts_for_more_and_of_equals_the_earlier_comes_first() -> None:
    passages = passages_of("river one", "river two", "river three harbour", "river four")
    assert rank(passages, "river harbour", 3) == (passages[2], passages[0], passages[1])


def test_a_goal_without_words_of_the_page_gives_its_first_passages() -> None:
    passages = passages_of("a b", "c d", "e f")
    assert rank(passages, "zebra", 2) == tuple(passages[:2])
    assert rank(passages, "", 1) == tuple(passages[:1])
    assert rank([], "x", 3) == ()
    assert rank(passages, "x", 0) == ()


def test_chinese_is_compared_by_pairs_of_signs() -> None:
    assert words_of("黄河长5464公里") == ["黄河", "河长", "5464", "公里"]
    passages = passages_of("长江全长6300公里", "黄河全长5464公里")
    assert rank(passages, "黄河有多长", 1) == (passages[1],)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text("ab c", max_size=12), max_size=8), st.text("abc ", max_size=10), st.integers(0, 9))
def test_ranking_gives_passages_of_the_page_each_once_and_the_same_each_time(
    texts: list[str], goal: str, limit: int
) -> None:
    passages = passages_of(*texts)
    ranked = rank(passages, goal, limit)
    assert ranked == rank(passages, goal, limit)
    assert len(ranked) <= limit
    assert len(set(ranked)) == len(ranked)
    assert set(ranked) <= set(passages)
