"""A whole result can be read on, page by page, by a handle that nobody can turn into anything else."""

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from metier.errors import InputError
from metier.gateway.stores.shelf import Page, Shelf

ANY_TEXT = st.text(st.characters(), max_size=200)  # halves of surrogate pairs too


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    with closing(Shelf(tmp_path / "shelf.sqlite", most_bytes=200_000)) as opened:
        yield opened


def read_all(shelf: Shelf, handle: str, length: int) -> str:
    pages = [shelf.read(handle, 0, length)]
    while pages[-1].end < pages[-1].total:
        pages.append(shelf.read(handle, pages[-1].end, length))
    return "".join(page.text for page in pages)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(ANY_TEXT, st.integers(1, 50))
def test_the_pages_of_a_text_are_the_text(shelf: Shelf, text: str, length: int) -> None:
    assert read_all(shelf, shelf.put(text), length) == text


def test_a_page_may_lie_anywhere_in_a_long_text(shelf: Shelf) -> None:
    text = "".join(f"{at:07}字🙂\n" for at in range(30_000))
    handle = shelf.put(text)
    for start in (0, 65_530, 65_536, 131_071, 200_000, len(text) - 1):
        assert shelf.read(handle, start, 70_000) == Page(
            text[start : start + 70_000], start, min(start + 70_000, len(text)), len(text)
        )


def test_the_same_text_has_the_same_handle_in_every_process(shelf: Shelf, tmp_path: Path) -> None:
    with closing(Shelf(tmp_path / "another.sqlite")) as another:
        assert shelf.put("one") == shelf.put("one") == another.put("one") != shelf.put("two")
        assert shelf.put("") == "r-e3b0c44298fc1c14"
    assert shelf.read(shelf.put(""), 0, 5) == Page("", 0, 0, 0)


@pytest.mark.parametrize(
    "handle",
    [
        *("", "r-", "r-0123456789abcdef", "R-E3B0C44298FC1C14", "r-e3b0c44298fc1c14 ", "../../etc/passwd"),
        *("' or 1=1 --", "r-%", "\ud800", "r-e3b0c44298fc1c14\n", "x" * 100_000, "r-e3b0c44298fc1c1４"),
    ],
)
def test_a_hostile_handle_is_just_unknown(shelf: Shelf, handle: str) -> None:
    shelf.put("")
    with pytest.raises(InputError, match="There is no result") as caught:
        shelf.read(handle, 0, 10)
    assert len(str(caught.value)) < 300


def test_a_start_or_length_outside_the_text_is_refused(shelf: Shelf) -> None:
    handle = shelf.put("abc")
    for start in (-1, 3, 10**30):
        with pytest.raises(InputError, match="it has 3"):
            shelf.read(handle, start, 10)
    for length in (0, -5):
        with pytest.raises(InputError, match="cannot be read"):
            shelf.read(handle, 0, length)
    assert shelf.read(handle, 1, 10**30).text == "bc"


def test_a_full_shelf_drops_the_results_put_there_first(shelf: Shelf) -> None:
    handles = [shelf.put(os.urandom(10_000).hex()) for _ in range(30)]
    shelf.read(handles[-1], 0, 1)
    with pytest.raises(InputError, match="There is no result"):
        shelf.read(handles[0], 0, 1)
    big = shelf.put(os.urandom(300_000).hex())
    assert shelf.read(big, 599_999, 1).total == 600_000
