"""Five hundred hostile pages are fetched and read: none harms, none reaches another machine, none hides a word."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from metier.errors import InputError, MetierError, ServerError
from metier_research.pages.page import Page
from metier_research.reading.document import MOST_CHARACTERS, read_document
from metier_research.reading.passages import cut
from metier_research.web.http import fetch
from metier_research.web.policy import FetchPolicy
from tests.toolkits.research.web.hostile.markup import HIDING
from tests.toolkits.research.web.hostile.pages import KINDS, make_hostile
from tests.toolkits.research.web.hostile.serving import Served, serve_hostile

COUNT = 500
SEED = 20_261_126
PAGES = tuple(make_hostile(SEED, COUNT))

_reached: set[object] | None = None
_hooked = False


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    if _reached is not None and event == "socket.connect":
        _reached.add(arguments[1])


@contextmanager
def noting_connections() -> Iterator[set[object]]:
    """Gives every address that this process connects to in the block."""
    global _reached, _hooked
    if not _hooked:
        sys.addaudithook(_note)
        _hooked = True
    _reached = set()
    try:
        yield _reached
    finally:
        _reached = None


async def read(served: Served, number: int) -> Page | MetierError:
    page = PAGES[number]
    total_s = 0.2 if page.silent else 60.0
    policy = FetchPolicy("test/0", max_bytes=1 << 20, total_s=total_s, robots=False, allow_private=served.allowed)
    try:
        got = await fetch(served.url(number), policy, resolve=served.resolve)
        assert len(got.body) <= policy.max_bytes
        return read_document(got.body, url=got.url, kind=got.kind, charset=got.charset)
    except MetierError as error:
        return error


async def read_all() -> tuple[list[Page | MetierError], set[object], int]:
    async with serve_hostile(PAGES) as served:
        gate = asyncio.Semaphore(8)

        async def one(number: int) -> Page | MetierError:
            async with gate:
                return await read(served, number)

        with noting_connections() as reached:
            results = await asyncio.gather(*(one(number) for number in range(COUNT)))
        return results, reached, served.port


@pytest.fixture(scope="module")
def outcome() -> tuple[list[Page | MetierError], set[object], int]:
    return asyncio.run(read_all())


Outcomes = tuple[list[Page | MetierError], set[object], int]


def test_no_other_machine_is_ever_spoken_to(outcome: Outcomes) -> None:
    _, reached, port = outcome
    assert reached == {("127.0.0.1", port)}


def test_every_page_ends_as_a_page_or_as_an_error_of_the_one_tree(outcome: Outcomes) -> None:
    wrong = [
        (page.name, result if isinstance(result, MetierError) else result.text[:80])
        for page, result in zip(PAGES, outcome[0], strict=True)
        if isinstance(result, Page) != (page.outcome == "page")
    ]
    assert wrong == []
    assert all(isinstance(one, Page | InputError | ServerError) for one in outcome[0])


def test_what_is_seen_is_read_and_what_is_hidden_is_not(outcome: Outcomes) -> None:
    wrong = [
        (page.name, word)
        for page, result in zip(PAGES, outcome[0], strict=True)
        if isinstance(result, Page)
        for words, held in ((page.seen, True), (page.unseen, False))
        for word in words
        if (word in told(result)) != held
    ]
    assert wrong == []


def test_every_limit_holds_and_every_passage_stands_in_its_page(outcome: Outcomes) -> None:
    for result in outcome[0]:
        if isinstance(result, Page):
            assert len(result.text) <= MOST_CHARACTERS
            assert len(result.links) <= 1000
            assert all(link.url.startswith(("http://", "https://")) for link in result.links)
            assert all(result.text[one.start : one.end] == one.text for one in cut(result))


def test_an_error_bears_nothing_that_a_hostile_server_wrote(outcome: Outcomes) -> None:
    said = " ".join(str(one) for one in outcome[0] if isinstance(one, MetierError))
    assert "secret" not in said
    assert "passwd" not in said


def test_the_same_seed_makes_the_same_pages() -> None:
    assert tuple(make_hostile(SEED, 60)) == PAGES[:60]
    assert tuple(make_hostile(SEED + 1, 60)) != PAGES[:60]
    assert {page.name.partition(":")[0] for page in PAGES} >= {"hidden", "bomb", "redirect", "pdf", "markup", "data"}
    assert {page.name for page in PAGES if page.name.startswith("hidden")} == {
        f"hidden:{one.__name__}" for one in HIDING
    }
    assert len(KINDS) == 20


def told(page: Page) -> str:
    """Returns everything of a page that may come before a model."""
    return "\n".join((page.title, page.text, page.published, page.canonical, *(link.text for link in page.links)))
