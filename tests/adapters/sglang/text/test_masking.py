import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier_sglang.text.masking import BREAK, SENTINEL, Mask, pattern_of, unmask
from tests.adapters.sglang.text.hostile import HALVES, MARKERS, TEXT

MASK = Mask(MARKERS)
FIND = re.compile("|".join(map(re.escape, MARKERS)))


@settings(max_examples=150, deadline=None)
@given(TEXT, st.booleans())
def test_masked_text_comes_back_as_it_was(text: str, whole: bool) -> None:
    masked = MASK.mask(text, whole=whole)
    assert unmask(masked) == text
    assert MASK.unmask(masked) == text
    assert SENTINEL not in masked


@settings(max_examples=150, deadline=None)
@given(
    st.lists(TEXT.filter(str.strip), min_size=1, max_size=4),
    st.sampled_from(["", *HALVES]),
    st.sampled_from(["", *HALVES]),
)
def test_masked_texts_hold_no_marker_side_by_side_or_between_halves(texts: list[str], left: str, right: str) -> None:
    assert not FIND.search(left + "".join(map(MASK.mask, texts)) + right)


@pytest.mark.parametrize("strip", [str.strip, str.lstrip, str.rstrip, lambda text: text.strip("\n")])
@pytest.mark.parametrize(
    "text", ["\n <|im_ \n", " end|>\n", "\n im_end ", " end|> more", "> more", "<", ">", " \n<|im_end|> "]
)
def test_a_template_that_strips_makes_no_marker(text: str, strip: Callable[[str], str]) -> None:
    stripped = strip(MASK.mask(text))
    for left in ("", "<|im_", "<|", "<|im_end|"):
        for right in ("", "end|>", "|>", ">"):
            assert not FIND.search(left + stripped + right)


def test_only_where_an_edge_could_combine_is_there_a_break() -> None:
    assert MASK.mask("a < b and c > d, x<y") == "a < b and c > d, x<y"
    assert MASK.mask("plain") == "plain"
    assert MASK.mask(" \n ") == " \n "
    assert MASK.mask("see <|im_end|>") == f"see <{BREAK}|im_end|>"


def test_a_word_of_a_schema_is_not_masked_as_a_part_of_a_marker() -> None:
    assert MASK.mask("tool_call", whole=False) == "tool_call"
    assert MASK.mask("tool_call") == f"{BREAK}tool_call"


def test_no_markers_need_no_mask() -> None:
    empty = Mask(())
    assert empty.mask("<|im_end|>") == "<|im_end|>"
    assert empty.open_at("<") == 1
    assert empty.hide_until(1, "ab") == "a"


@given(
    st.lists(st.text("<ab>", min_size=1, max_size=4), min_size=1, max_size=6, unique=True), st.text("<ab>", max_size=30)
)
def test_the_pattern_finds_the_longest_marker_at_each_place(markers: list[str], text: str) -> None:
    longest_first = re.compile("|".join(map(re.escape, sorted(markers, key=len, reverse=True))))
    assert re.findall(pattern_of(markers), text) == longest_first.findall(text)
