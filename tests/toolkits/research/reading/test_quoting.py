"""A quote is found in its text however it is typeset, and only where it stands whole."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier_research.reading.quoting import find_quote, is_same_wording


@pytest.mark.parametrize(
    ("quote", "text", "found"),
    [
        ("is 214 metres long", "The bridge is 214 metres long.", "is 214 metres long"),
        ("is 214\n  metres long", "It is\u00a0214 metres\n\nlong.", "is\u00a0214 metres\n\nlong"),
        ("the “old” bridge", 'the "old" bridge', 'the "old" bridge'),
        ("it's 1990-1995", "So it’s 1990–1995.", "it’s 1990–1995"),
        ("efficient file", "an eﬃcient ﬁle", "eﬃcient ﬁle"),
        ("international law", "inter\u00adnational law", "inter\u00adnational law"),
        ("international law", "inter-\nnational law", "inter-\nnational law"),
        ("a well-known case", "a well-\n known case", "a well-\n known case"),
        ("café", "the cafe\u0301.", "cafe\u0301"),
        ("cafe\u0301", "the café.", "café"),
        ("ABC (1)", "see ＡＢＣ （１） here", "ＡＢＣ （１）"),
        ("黄河全长5464公里", "黄河 全长\n5464公里。", "黄河 全长\n5464公里"),
        ("“黄河”", "「黄河」长", "黄河"),
        ("<tool", "a <\u200btool b", "<\u200btool"),
        ('"Yes"', "she said Yes and", "Yes"),
        ("twice", "not twicefold but twice", "twice"),
        ("−5 °C", "at -5 °C", "-5 °C"),
        ("5 km", "about 5 km.", "5 km"),
    ],
)
def test_a_quote_is_found_whatever_its_typesetting(quote: str, text: str, found: str) -> None:
    span = find_quote(quote, text)
    assert span is not None
    start, end = span
    assert text[start:end] == found
    if found == "twice":
        assert start == text.rindex("twice")


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("5 million", "15 million"),
        ("5 million", "1.5 million"),
        ("500", "1,500"),
        ("1,5", "1,500"),
        ("15", "15.5 per cent"),
        ("5 °C", "it was -5 °C"),
        ("5 °C", "it was −5 °C"),
        ("art", "party"),
        ("not valid", "is notvalid"),
        ("is valid", "is not valid"),
        ("The Bridge", "the bridge"),
        ("x2", "x²"),
        ("10^2", "10²"),
        ("ab", "a b"),
        ("", "text"),
        (" “” ", "text"),
        ("x" * 30_000, "x" * 40_000),
    ],
)
def test_what_does_not_stand_whole_is_not_found(quote: str, text: str) -> None:
    assert find_quote(quote, text) is None


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(["the", "river", "214", "naïve", "ﬁle", "“so”", "–", "江河", "it's", "5.5", "(a)", "x-\ny"]),
        min_size=1,
        max_size=20,
    ),
    st.data(),
)
def test_what_is_cut_from_a_text_at_its_words_is_found_in_it(words: list[str], data: st.DataObject) -> None:
    text = " ".join(words)
    first = data.draw(st.integers(0, len(words) - 1))
    quote = " ".join(words[first : data.draw(st.integers(first + 1, len(words)))])
    span = find_quote(quote.replace("“", '"').replace("–", "-").replace(" ", "\n"), text)
    if quote.strip(' "“”–') and span is not None:
        assert is_same_wording(text[slice(*span)].strip("–-"), quote.strip("–-")) or "\n" in text
    assert span is not None or not quote.strip(" \"“”'")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.text(max_size=80))
def test_a_span_lies_in_its_text_and_says_what_the_quote_says(quote: str, text: str) -> None:
    span = find_quote(quote, text)
    if span is not None:
        start, end = span
        assert 0 <= start < end <= len(text)
        assert find_quote(quote, text[start:end]) == (0, end - start)


def test_a_long_text_full_of_near_matches_is_given_up_and_not_searched_for_ever() -> None:
    assert find_quote("a", "ba" * 40_000) is None
    assert find_quote("aa aa b", "aa " * 20_000) is None


def test_wording_is_compared_without_typesetting() -> None:
    assert is_same_wording("the “old”  bridge", 'the "old" bridge')
    assert not is_same_wording("the old bridge", "the new bridge")
