"""Measures servers with runs of an agent."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from uuid import uuid4

from metier.clock import Clock
from metier.errors import MetierError, ServerError
from metier_sglang.protocol.generation import GenerateRequest
from metier_sglang.serving.measure.timing import Level, Timed, summarise
from metier_sglang.serving.measure.workload import TEXT, Script, Workload
from metier_sglang.transport.contract import Transport
from metier_sglang.transport.fleet import Fleet

DEADLINE_S = 600.0


async def measure(
    transport: Transport, workload: Workload, levels: Sequence[int], *, clock: Clock, done: Callable[[], None]
) -> list[Level]:
    """Returns the figures of each level of concurrency, with an append-only history and without; `done` counts turns.

    A level plays `workload.runs` runs, or as many as it has at a time when these are more. No two levels share a
    prompt. Cancelling it aborts what runs on the servers.
    """
    figures: list[Level] = []
    for number, concurrency in enumerate(levels):
        for append_only in (True, False):
            runs = max(workload.runs, concurrency)
            level = replace(workload, runs=runs, append_only=append_only, seed=workload.seed + number)
            figures.append(await _play(transport, level, concurrency, clock, done))
    return figures


async def ask_alphabet(fleet: Fleet) -> tuple[int, ...]:
    """Returns the ids of the tokens of TEXT, as the first server has them; raises ServerError when it does not say."""
    async with fleet.workers() as servers:
        server = servers[0]
        told = await server.ask("/v1/tokenize", {"prompt": TEXT, "add_special_tokens": False})
    ids = told.get("tokens")
    found = tuple(each for each in ids if isinstance(each, int)) if isinstance(ids, list) else ()
    if not found:
        raise ServerError(f"{server.address} does not tokenise text.", hint="Is it an SGLang server?")
    return found


def count_turns(workload: Workload, levels: Sequence[int]) -> int:
    """Returns how many requests `measure` will make."""
    return sum(2 * max(workload.runs, concurrency) * workload.turns for concurrency in levels)


async def _play(
    transport: Transport, workload: Workload, concurrency: int, clock: Clock, done: Callable[[], None]
) -> Level:
    timed: list[Timed] = []
    free = asyncio.Semaphore(concurrency)

    async def run(number: int) -> None:
        async with free:
            script = Script(workload, number)
            for _ in range(workload.turns):
                measured, sampled = await _ask(transport, script.prompt(), workload, clock, f"{workload.seed}-{number}")
                script.add(sampled)
                timed.append(measured)
                done()

    start = clock.seconds()
    try:
        async with asyncio.TaskGroup() as group:
            for number in range(workload.runs):
                group.create_task(run(number))
    except* MetierError as failed:
        raise _first(failed) from None
    wall_s = max(clock.seconds() - start, 1e-9)
    return summarise(timed, wall_s=wall_s, concurrency=concurrency, append_only=workload.append_only)


def _first(failed: ExceptionGroup[MetierError]) -> BaseException:
    found: BaseException = failed
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    return found


async def _ask(
    transport: Transport, prompt: tuple[int, ...], workload: Workload, clock: Clock, key: str
) -> tuple[Timed, tuple[int, ...]]:
    sampling = {"max_new_tokens": workload.sampled, "ignore_eos": True, "temperature": 1.0}
    request = GenerateRequest(
        uuid4().hex, prompt, ",".join(map(str, prompt)), sampling, key=key, logprobs=False, deadline_s=DEADLINE_S
    )
    start = clock.seconds()
    ids: list[int] = []
    moments: list[float] = []
    cached: int | None = None
    async with transport.stream(request) as chunks:
        async for chunk in chunks:
            if chunk.ids:
                moments.append(clock.seconds())
                ids += chunk.ids
            cached = chunk.cached if chunk.cached is not None else cached
    first_s = (moments[0] if moments else clock.seconds()) - start
    gaps = tuple(later - earlier for earlier, later in pairwise(moments))
    return Timed(len(prompt), len(ids), cached, first_s, gaps), tuple(ids)
