"""A server that is killed again and again: no caller is lost, no side effect made twice, nothing is left behind."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from metier.errors import ServerError
from metier.servers.connection import Connection
from metier.servers.source import ToolSource
from tests.sdk.servers.faults.processes import (
    gone_within,
    kill,
    needs_proc,
    noted,
    open_files,
    parent_of,
    raw_http,
    raw_stdio,
)

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(120), needs_proc]

WORKERS = 20
TRIES = 50  # of a worker for one call, as the envelope would make them


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@dataclass
class Ledger:
    """What the workers did: calls by what came of them."""

    answered: Counter[str] = field(default_factory=Counter)
    doubtful: set[str] = field(default_factory=set)
    steps: asyncio.Queue[None] = field(default_factory=asyncio.Queue)  # a call was begun, or ended


async def make_one(source: ToolSource, ledger: Ledger, tool: str, call: str, sleep_s: float) -> None:
    """Makes a call as a careful caller does: once more only when it cannot have happened, or does no harm twice."""
    for _ in range(TRIES):
        ledger.steps.put_nowait(None)
        try:
            result = await source.call(tool, {"call": call, "sleep_s": sleep_s})
        except ServerError as error:
            if tool == "write" and error.sent:
                ledger.doubtful.add(call)
                return
        else:
            ledger.steps.put_nowait(None)
            assert result.text == f"{tool} {call}"
            ledger.answered[f"{tool} {call}"] += 1
            return
    raise AssertionError(f"{tool} {call} was never answered")


async def work(source: ToolSource, ledger: Ledger, number: int, over: asyncio.Event) -> None:
    chance, count = random.Random(number), 0
    while not over.is_set():
        count += 1
        tool = chance.choice(("read", "write"))
        await make_one(source, ledger, tool, f"{number}-{count}", chance.choice((0, 0.002, 0.01)))


async def storm(
    source: ToolSource, workers: int, kills: int, kill_once: Callable[[random.Random], Awaitable[bool]], seed: int = 7
) -> Ledger:
    """Lets workers call tools of one server while it is killed at random points, and returns what came of the calls."""
    ledger, over, chance = Ledger(), asyncio.Event(), random.Random(seed)
    working = [asyncio.create_task(work(source, ledger, number, over)) for number in range(workers)]
    killed = 0
    while killed < kills:
        for _ in range(chance.randint(0, 3 * workers)):
            await ledger.steps.get()
        while not ledger.steps.empty():
            ledger.steps.get_nowait()
        await asyncio.sleep(chance.uniform(0, 0.01))  # the point in time is what is random
        killed += await kill_once(chance)
    over.set()
    await asyncio.gather(*working)
    return ledger


def check(ledger: Ledger, folder: Path) -> None:
    done = Counter(noted(folder, "done"))
    writes = {line: count for line, count in done.items() if line.startswith("write")}
    assert max(writes.values()) == 1, "a side effect was made twice"
    answered = ledger.answered
    assert all(done[line] >= 1 for line in answered)
    assert set(writes) <= {line for line in answered if line.startswith("write")} | {
        f"write {call}" for call in ledger.doubtful
    }
    assert len(answered) > WORKERS
    assert any(line.startswith("write") for line in answered)


async def test_two_hundred_kills_lose_no_caller_and_make_no_side_effect_twice(tmp_path: Path) -> None:
    files = open_files()

    async def storm_one(number: int) -> None:
        folder = tmp_path / f"server-{number}"
        folder.mkdir()

        async def kill_once(chance: random.Random) -> bool:
            pids = noted(folder, "pids")
            victim = int(pids[-1]) if pids else 0
            if victim and chance.random() < 0.1:  # the watcher is only a process too
                victim = parent_of(victim)
            return victim > 1 and kill(victim)

        async with Connection("raw", raw_stdio(folder), delays_s=(0.0, 0.01, 0.1, 0.5)) as connection:
            ledger = await storm(connection, WORKERS // 5, 40, kill_once, seed=number)
        check(ledger, folder)

    await asyncio.gather(*(storm_one(number) for number in range(5)))
    assert gone_within(str(tmp_path), 10)
    assert open_files() <= files


async def test_a_server_over_http_that_is_killed_and_restarted_ten_times_is_used_on(tmp_path: Path) -> None:
    files = open_files()
    with raw_http(tmp_path) as server:

        async def kill_once(chance: random.Random) -> bool:
            server.kill()
            await asyncio.sleep(chance.uniform(0, 0.02))
            server.start()
            return True

        async with Connection("raw", server.url, delays_s=(0.0, *(0.02,) * 50)) as connection:
            ledger = await storm(connection, WORKERS, 10, kill_once)
    check(ledger, tmp_path)
    assert open_files() <= files
