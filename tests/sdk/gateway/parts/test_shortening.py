"""A long text is shown in part, within its cap, and says how to read on."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from metier.gateway.results.shortening import estimate_tokens, shorten

HANDLE = "r-0123456789abcdef"
TEXTS = st.one_of(
    st.text(st.characters(), max_size=2_000),
    st.text("ab \n", max_size=3_000),
    st.lists(st.sampled_from(["line of text\n", "汉字很多", "🙂", "x" * 50, "\n"]), max_size=200).map("".join),
)
NOTICE = re.compile(rf'\[(\d+) of (\d+) characters left out; read on: read_result\(handle="{HANDLE}", start=(\d+)\)\]')


@settings(deadline=None)
@given(TEXTS, st.integers(1, 400))
def test_a_shortened_text_keeps_to_its_cap_and_its_parts_are_the_text(text: str, cap: int) -> None:
    short = shorten(text, cap, HANDLE)
    assert (short is None) == (estimate_tokens(text) <= cap)
    if short is None:
        return
    assert estimate_tokens(short) <= cap + 80
    notice = NOTICE.search(short)
    assert notice is not None
    left, total, start = map(int, notice.groups())
    head, tail = text[:start], text[start + left :]
    assert total == len(text)
    assert short == "\n".join(part for part in (head.removesuffix("\n"), notice[0], tail) if part)
    assert estimate_tokens(head) <= cap * 2 // 3


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_tokens_never_shrink_as_a_text_grows_and_two_parts_are_never_fewer_than_the_whole(one: str, other: str) -> None:
    assert estimate_tokens(one) <= estimate_tokens(one + other) <= estimate_tokens(one) + estimate_tokens(other)


def test_scripts_other_than_latin_count_by_the_character() -> None:
    assert estimate_tokens("") == 0
    assert estimate_tokens("abcd" * 10) == 10
    assert estimate_tokens("汉字") == 2
    assert estimate_tokens("abcde汉") == 3


def test_it_is_cut_at_line_ends_when_one_is_near() -> None:
    text = "".join(f"{at:04} is the number of this line\n" for at in range(1_000))
    short = shorten(text, 600, HANDLE)
    assert short is not None
    lines = short.splitlines()
    (notice,) = [line for line in lines if line.startswith("[")]
    assert all(len(line) == 31 for line in lines if line != notice)
    assert lines.index(notice) > 1.5 * (len(lines) - lines.index(notice))
    start = int(notice.split("start=")[1].split(")")[0])
    assert text[start:].startswith(f"{lines.index(notice):04} is")


def test_a_text_without_line_ends_keeps_nearly_its_whole_cap() -> None:
    for char in ("x", "字", "🙂"):
        short = shorten(char * 10_000, 300, HANDLE, tool="results_read_result")
        assert short is not None
        assert 300 <= estimate_tokens(short) <= 380
        assert "results_read_result(" in short
