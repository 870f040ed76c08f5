"""Live sources over the replay server, with data folders of their own, and a clock that only sleeping moves."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from mcp import Client

from metier.testing import FrozenClock
from metier.toolkit import Settings
from metier_research.live.serving import WAYS, make_provider
from tests.toolkits.desk import Desk
from tests.toolkits.research.live.recorded import ANSWERS
from tests.toolkits.research.live.replay import Asked, Replay, Said, serve

KEYS = {
    f"{name}_key": f"sk-{name}-0123456789"
    for name in ("serper", "brave", "tavily", "exa", "openalex", "semantic_scholar")
}
SEARCHES = ("serper", "brave", "tavily", "exa", "searxng", "duckduckgo")
CATALOGUES = ("openalex", "crossref", "arxiv", "semantic_scholar", "serper_scholar")


@dataclass
class Time:
    """A clock, and a sleep that moves it and remembers how long."""

    clock: FrozenClock = field(default_factory=FrozenClock)
    slept: list[float] = field(default_factory=list)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.clock.advance(seconds)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def time() -> Time:
    return Time()


def source_of(asked: Asked) -> str:
    """Returns the name of the source that a path means: every source is at its own."""
    name = asked.path.split("/")[1]
    return "serper_scholar" if name == "serper" and asked.path.endswith("/scholar") else name


@pytest.fixture
def replay() -> Iterator[Replay]:
    """All sources on one server, each with what it found."""
    with serve(lambda asked: Said(ANSWERS[source_of(asked)])) as server:
        yield server


def settings_of(replay: Replay, folder: Path, **more: str) -> Settings:
    addresses = {way.endpoint.option: f"{replay.address}/{way.endpoint.option[:-4]}" for way in WAYS.values()}
    return Settings(folder, {**addresses, **KEYS, **more})


Open = Callable[..., AbstractAsyncContextManager[Desk]]


@pytest.fixture
def live(replay: Replay, tmp_path: Path, time: Time) -> Open:
    """Opens a source by its provider's name, and gives a client of it."""

    @asynccontextmanager
    async def opened(name: str, **options: str) -> AsyncIterator[Desk]:
        settings = settings_of(replay, tmp_path / "research", **options)
        async with Client(make_provider(name, settings, clock=time.clock, sleep=time.sleep)) as client:
            yield Desk(client)

    return opened
