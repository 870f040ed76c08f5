"""The quote rule: exact after a stated normalisation, in English and Chinese."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier_legal.quoting.matching import match_quote
from metier_legal.quoting.normal import normalise
from metier_legal.quoting.suggestion import suggest

RENT = (
    "A tenant who has been given notice under section 9 may not be evicted before the end of thirty days, unless the "
    "court orders otherwise. The land-\nlord's agent shall return the deposit within 14 days “without deduction”—save "
    "for damage. Interest of 1.5 percent is due. No exceptions."
)
DIVORCE = (
    "夫妻一方要求离婚的，可以由有关组织进行调解或者直接向人民法院提起离婚诉讼。"
    "人民法院审理离婚案件，应当进行调解；如果感情确已破裂，调解无效的，应当准予离婚。"
    "经人民法院判决不准离婚后，双方又分居满一年，一方再次提起离婚诉讼的，应当准予离婚。"
    "罚款二十万元以上，不得超过百分之三十。"
)


def holds(quote: str, text: str = RENT, language: str = "en") -> bool:
    return match_quote(quote, text, language=language).holds


@pytest.mark.parametrize(
    "quote",
    [
        "may not be evicted before the end of thirty days",
        "may  not be\nevicted before the end of thirty days",
        "The landlord's agent shall return the deposit",
        'The landlord’s agent shall return the deposit within 14 days "without deduction" - save for damage',
        "may not be evicted before the end of thirty days.",
        "“may not be evicted before the end of thirty days”",
        "A tenant who has been given notice ... may not be evicted before the end",
        "A tenant who has been given notice . . . . may not be evicted before the end",
        "A tenant who has been given notice [...] may not be evicted before the end",
        "[a] tenant who has been given notice under section 9",
        "A tenant[s] who has been given notice under section 9",
        "A tenant who has been given notice [sic] under section 9",
        "A tenant who has been given notice under section 9 [emphasis added]",
        "No exceptions.",
        "Interest of 1.5 percent is due",
    ],
)
def test_a_quote_that_only_looks_different_holds(quote: str) -> None:
    assert match_quote(quote, RENT, language="en").problem == ""
    assert holds(quote)


@pytest.mark.parametrize(
    "quote",
    [
        "may be evicted before the end of thirty days",  # "not" dropped
        "may not be evicted before the end of twenty days",
        "shall not be evicted before the end of thirty days",
        "may not be evicted [at all] before the end of thirty days",
        "may not be evicted before the end of [30] days",
        "a tenant who has been given notice under section 9",  # another case without brackets
        "[THE] tenant who has been given notice under section 9",
        "be evicted before the end",  # too short
        "A tenant who has been ... evicted",  # a fragment too short
        "may not be evicted before the end ... A tenant who has been given notice",  # out of order
        "enant who has been given notice under section 9",  # begins inside a word
        "A tenant who has been given notice under sect",
        "agent shall return the deposit within 1",
        "s agent shall return the deposit within 14 days",
        "tere5t of 1.5 percent is due, no exceptions",
        "5 percent is due. No exceptions.",  # begins inside a number
        "",
        "...",
        "“”",
    ],
)
def test_a_quote_that_says_something_else_does_not_hold(quote: str) -> None:
    assert not holds(quote)


def test_the_therapist_is_not_the_rapist() -> None:
    assert not holds("the rapist shall be licensed by the board", "Every therapist shall be licensed by the board.")
    assert not holds("the therapist shall be licensed by the board", "As the rapist shall be licensed by the board.")


@pytest.mark.parametrize(
    "quote",
    [
        "人民法院审理离婚案件,应当进行调解",
        "人民法院 审理离婚案件 应当进行调解",
        "夫妻一方要求离婚的……直接向人民法院提起离婚诉讼",
        "双方又分居满1年，一方再次提起离婚诉讼的",
        "罚款20万元以上，不得超过30%",
        "罚款２００，０００元以上，不得超过百分之三十",
        "「应当准予离婚。经人民法院判决不准离婚后」",
    ],
)
def test_a_chinese_quote_ignores_punctuation_and_the_form_of_numerals(quote: str) -> None:
    assert match_quote(quote, DIVORCE, language="zh").problem == ""


@pytest.mark.parametrize(
    "quote",
    [
        "人民法院审理离婚案件，可以进行调解",
        "双方又分居满二年，一方再次提起离婚诉讼的",
        "罚款十万元以上，不得超过百分之三十",  # 十万 is not 二十万
        "罚款二十万元以上，超过百分之三十",
        "万元以上，不得超过百分之三十",  # begins inside a number
        "罚款二十万元以上，不得超过百分之三",
        "应当准予离婚",  # too short, and no whole sentence
        "一方要求……应当准予离婚",
        "经人民法院判决不准离婚后……夫妻一方要求离婚的",
        "人民法院审理离婚案件，[一律]应当进行调解",
    ],
)
def test_a_chinese_quote_of_other_words_or_numbers_does_not_hold(quote: str) -> None:
    assert not holds(quote, DIVORCE, "zh")


def test_numerals_that_are_only_separated_by_a_sign_stay_two() -> None:
    assert not holds("第1、2条所列事项应当登记备案的机关", "第十二条所列事项应当登记备案的机关。", "zh")
    assert holds("第十二条所列事项应当登记备案的机关", "第12条所列事项应当登记备案的机关。", "zh")


def test_spans_point_into_the_text_as_it_was() -> None:
    found = match_quote("The landlord's agent shall return the deposit", RENT, language="en")
    ((start, end),) = found.spans
    assert RENT[start:end] == "The land-\nlord's agent shall return the deposit"
    two = match_quote("A tenant who has been given ... the court orders otherwise", RENT, language="en")
    assert [RENT[a:b] for a, b in two.spans] == ["A tenant who has been given", "the court orders otherwise"]


def test_page_stars_and_note_marks_are_of_the_print_and_not_of_the_text() -> None:
    text = "The court *412 held that the lease¹ is void.[12] It covers 30 m² and is within [30] days of notice given."
    assert holds("The court held that the lease is void. It covers 30 m² and", text)
    assert not holds("and is within days of notice given", text)
    assert not holds("The court [12] held that the lease is void", text)


@pytest.mark.parametrize("hidden", ["\u200b", "\u00ad", "\ufeff", "\u202e", "\U000e0041"])
def test_signs_that_show_nothing_are_not_compared(hidden: str) -> None:
    assert holds("may not be evicted before the end of thirty days", RENT.replace("evicted", f"evi{hidden}cted"))


def test_a_suggestion_shows_the_nearest_passage_and_what_differs() -> None:
    told = suggest("may be evicted before the end of thirty days", RENT, language="en")
    assert "may not be evicted before the end of thirty days" in told
    assert "“not” is left out" in told
    assert suggest("zebra quagga xylophone", RENT, language="en") == ""


WORDS = st.sampled_from(
    ["not", "shall", "rent", "30", "tenant", "a", "(b)", "—", "the", "“pay”", "no.", "x;", "é", "3.5"]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(WORDS, min_size=8, max_size=40), st.data())
def test_any_run_of_words_of_a_text_is_a_quote_of_it(words: list[str], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(words) - 8))
    run = words[first : data.draw(st.integers(first + 8, len(words)))]
    quote = "\n ".join(run)
    found = match_quote(quote, " ".join(words), language="en")
    assert found.holds or "fewer than" in found.problem or "no words" in found.problem


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=120), st.text(max_size=200), st.sampled_from(["en", "zh", "de", ""]))
def test_no_text_breaks_it_and_spans_stay_inside(quote: str, text: str, language: str) -> None:
    found = match_quote(quote, text, language=language)
    assert all(0 <= start < end <= len(text) for start, end in found.spans)
    assert found.holds == bool(found.spans)
    suggest(quote, text, language=language or "en")


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200), st.sampled_from(["en", "zh"]))
def test_every_normalised_sign_has_its_place(text: str, language: str) -> None:
    normal = normalise(text, language=language)
    assert len(normal.text) == len(normal.offsets) == len(normal.ends)
    assert list(normal.offsets) == sorted(normal.offsets)
    assert all(0 <= start <= end <= len(text) for start, end in zip(normal.offsets, normal.ends, strict=True))


def test_a_hostile_text_takes_time_in_proportion() -> None:
    assert not holds("a a a a a a b", "a " * 50_000)
    assert not holds("x" * 500, "x" * 50_000)
    assert not holds("不" * 500 + "得", "不" * 50_000, "zh")
    assert not holds("[a]" * 200, "a" * 50_000)
    assert not holds(" . . ." * 200, ". " * 50_000)
