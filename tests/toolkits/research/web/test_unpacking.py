"""A body is unpacked as it comes, and never further than it may grow."""

import gzip
import tracemalloc
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier_research.web.unpacking import PackedError, Unpacker


def unpack(coding: str, body: bytes, *, most: int = 1 << 20, step: int = 1000) -> bytes:
    unpacker = Unpacker(coding, most)
    out = b"".join(unpacker.feed(body[at : at + step]) for at in range(0, len(body), step))
    unpacker.close()
    return out


@settings(max_examples=40)
@given(st.binary(max_size=3000), st.integers(1, 700))
def test_what_was_packed_comes_back_however_it_is_cut(body: bytes, step: int) -> None:
    raw = zlib.compressobj(wbits=-15)
    assert unpack("gzip", gzip.compress(body), step=step) == body
    assert unpack("deflate", zlib.compress(body), step=step) == body
    assert unpack("deflate", raw.compress(body) + raw.flush(), step=max(step, 2)) == body
    assert unpack("", body, step=step) == body
    assert unpack(" Identity", body, step=step) == body


def test_a_bomb_is_stopped_at_its_first_piece() -> None:
    bomb = gzip.compress(b"\x00" * (16 << 20))
    unpacker = Unpacker("gzip", 1 << 20)
    tracemalloc.start()
    with pytest.raises(PackedError, match="larger than"):
        unpacker.feed(bomb)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 << 20


def test_what_grows_more_than_text_does_is_stopped() -> None:
    with pytest.raises(PackedError, match="200 times"):
        unpack("gzip", gzip.compress(b"\x00" * (8 << 20)), most=64 << 20)


@pytest.mark.parametrize("coding", ["br", "zstd", "compress", "gzip, gzip", "gzip,br", "x" * 90])
def test_what_was_not_asked_for_is_not_unpacked(coding: str) -> None:
    with pytest.raises(PackedError, match="not asked for"):
        Unpacker(coding, 100)


def test_what_is_not_packed_as_it_says_or_breaks_off_is_an_error() -> None:
    with pytest.raises(PackedError, match="not packed"):
        unpack("gzip", b"<html>")
    with pytest.raises(PackedError, match="not packed"):
        unpack("deflate", b"<html>")
    with pytest.raises(PackedError, match="broke off"):
        unpack("gzip", gzip.compress(b"x" * 5000)[:-5])
    with pytest.raises(PackedError, match="larger than 10"):
        unpack("", b"x" * 11, most=10)


def test_what_follows_the_packed_body_is_no_part_of_it() -> None:
    assert unpack("gzip", gzip.compress(b"page") + b"more") == b"page"
