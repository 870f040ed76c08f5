"""Events out of bytes, however these are cut."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier.errors import ServerError
from metier_sglang.protocol.sse import EventReader

LINES = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\r\n"), max_size=12)


def fed(data: bytes, cuts: list[int]) -> list[bytes]:
    reader, events, start = EventReader(), [], 0
    for cut in [*sorted(min(cut, len(data)) for cut in cuts), len(data)]:
        events += reader.feed(data[start:cut])
        start = cut
    return events


@settings(deadline=None, max_examples=100)
@given(
    st.lists(st.lists(LINES, min_size=1, max_size=3), max_size=4),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.lists(st.integers(0, 200), max_size=12),
)
def test_events_are_the_same_however_the_bytes_are_cut(events: list[list[str]], end: str, cuts: list[int]) -> None:
    text = "".join(
        f": a comment{end}event: x{end}" + "".join(f"data: {line}{end}" for line in lines) + end for lines in events
    )
    data, whole = text.encode(), ["\n".join(lines).encode() for lines in events]
    assert fed(data, cuts) == whole
    assert fed(data, list(range(len(data)))) == whole


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=80), st.lists(st.integers(0, 80), max_size=8))
def test_any_bytes_read_the_same_in_one_piece_and_in_many(data: bytes, cuts: list[int]) -> None:
    assert fed(data, cuts) == fed(data, [])


@pytest.mark.parametrize(
    ("data", "events"),
    [
        (b"data:x\n\n", [b"x"]),
        (b"data:  x\n\n", [b" x"]),
        (b"data\n\n", [b""]),
        (b"data: a\ndata: b\n\n", [b"a\nb"]),
        (b"\xef\xbb\xbfdata: x\n\n", [b"x"]),
        (b"database: x\n\nid: 1\nretry: 5\n\n", []),
        (b"data: never ended\n", []),
        (b"\n\n\ndata: [DONE]\n\n", [b"[DONE]"]),
    ],
)
def test_the_standard_is_kept(data: bytes, events: list[bytes]) -> None:
    assert fed(data, []) == events


def test_a_server_that_never_ends_an_event_is_stopped() -> None:
    reader = EventReader(largest=1000)
    for _ in range(9):
        reader.feed(b"data: " + b"x" * 100)
    with pytest.raises(ServerError, match="no whole event"):
        reader.feed(b"x" * 100)


def test_many_small_events_are_not_taken_for_a_large_one() -> None:
    reader = EventReader(largest=1000)
    assert sum(len(reader.feed(b"data: x\n\n" * 50)) for _ in range(20)) == 1000
