"""What others wrote stays harmless on a terminal, and what is long stays short."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metier.canonical import JSON
from metier.cli.wording import count, in_short, one_line, plain, seconds, shorten, size

VALUES = st.recursive(st.none() | st.integers() | st.text(max_size=60), lambda inner: st.lists(inner, max_size=3))


@given(st.text())
def test_nothing_that_steers_a_terminal_is_left(text: str) -> None:
    left = plain(text)
    assert not any((ord(c) < 32 and c not in "\n\t") or 127 <= ord(c) < 160 or "\u202a" <= c <= "\u202e" for c in left)
    assert plain(left) == left


@pytest.mark.parametrize(
    ("hostile", "harmless"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07name", "name"),
        ("\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("a\rb", "ab"),
        ("a\u202eb", "ab"),
        ("汉字 ñ 🐕", "汉字 ñ 🐕"),
    ],
)
def test_what_a_name_may_hide(hostile: str, harmless: str) -> None:
    assert plain(hostile) == harmless


@given(st.text(), st.integers(2, 80))
def test_a_shortened_text_fits_on_its_line(text: str, width: int) -> None:
    line = shorten(text, width)
    assert len(line) <= width
    assert "\n" not in line
    assert line == one_line(text) or line.endswith("…")


@given(st.dictionaries(st.text(max_size=10), VALUES, max_size=6))
def test_arguments_in_short_fit_on_a_line(arguments: dict[str, JSON]) -> None:
    assert len(in_short(arguments)) <= 70


def test_short_arguments_are_whole() -> None:
    assert in_short({"text": "castle", "limit": 5}) == f"text={json.dumps('castle')}, limit=5"


@pytest.mark.parametrize(
    ("elapsed", "text"), [(0.04, "0.0 s"), (9.94, "9.9 s"), (12.4, "12 s"), (59.4, "59 s"), (185, "3 min 05 s")]
)
def test_a_time_span_reads_well(elapsed: float, text: str) -> None:
    assert seconds(elapsed) == text


@pytest.mark.parametrize(
    ("octets", "text"), [(0, "0 B"), (999, "999 B"), (1234, "1.2 kB"), (250_000_000, "250 MB"), (10**16, "10000 TB")]
)
def test_a_size_reads_well(octets: int, text: str) -> None:
    assert size(octets) == text


def test_one_is_singular() -> None:
    assert (count(1, "file"), count(2, "file"), count(0, "entry", "entries")) == ("1 file", "2 files", "0 entries")
