"""Bytes become lines, however they are cut, and no line makes the reader hold more than it may."""

import json

from hypothesis import given
from hypothesis import strategies as st

from metier.servers.sessions.children.lines import KEPT, Lines, Overlong, answered_id, claims_protocol


@given(st.lists(st.binary(max_size=40)), st.integers(1, 30))
def test_lines_are_the_same_however_the_bytes_are_cut(chunks: list[bytes], most: int) -> None:
    lines, found = Lines(most), []
    for chunk in chunks:
        found.extend(lines.feed(chunk))
    *whole, rest = b"".join(chunks).split(b"\n")
    assert lines.unfinished == len(rest)
    for line, read in zip(whole, found, strict=True):
        if len(line) > most:
            assert isinstance(read, Overlong)
            assert line.startswith(read.head)
            assert line.endswith(read.tail)
        else:
            assert read == line


@given(st.lists(st.binary(min_size=1, max_size=2_000).map(lambda part: part.replace(b"\n", b" ")), min_size=5))
def test_a_line_that_is_too_long_is_not_kept(parts: list[bytes]) -> None:
    lines = Lines(most=10)
    for part in parts:
        assert lines.feed(part) == []
    (found,) = lines.feed(b"\n")
    line = b"".join(parts)
    if len(line) > 10:
        assert isinstance(found, Overlong)
        assert found.tail == line[-KEPT:]
        assert len(found.head) <= KEPT


@given(st.integers(0, 10**15 - 1), st.recursive(st.text() | st.integers(), lambda inner: st.lists(inner), max_leaves=5))
def test_whose_answer_a_line_is_can_be_told_from_either_end(number: int, payload: object) -> None:
    first = json.dumps({"jsonrpc": "2.0", "id": number, "result": {"a": payload}}).encode()
    last = json.dumps({"result": {"a": payload}, "jsonrpc": "2.0", "id": number}).encode()
    assert answered_id(first[:KEPT], first[-KEPT:]) == number
    assert answered_id(last[:KEPT], last[-KEPT:]) == number


def test_an_id_inside_of_a_result_is_not_taken_for_the_answers() -> None:
    line = json.dumps({"result": {"id": 7, "list": [{"id": 8}]}, "error": 1}).encode()
    assert answered_id(line[:KEPT], line[-KEPT:]) is None
    line = json.dumps({"id": "seven", "jsonrpc": "2.0", "result": {"id": 7}}).encode()
    assert answered_id(line[:KEPT], line[-KEPT:]) is None


def test_a_log_line_is_no_message_gone_wrong() -> None:
    assert claims_protocol(b' {"jsonrpc": "2.0", "id": 1, ')
    assert not claims_protocol(b'{"level": "info", "message": "up"}')
    assert not claims_protocol(b'INFO sent {"jsonrpc": "2.0"}')
