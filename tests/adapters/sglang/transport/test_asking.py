"""A request and its answer, when all is well."""

import asyncio
from typing import cast

import pytest

from metier.tokens import Span
from metier_sglang.protocol.generation import Chunk, Generation
from metier_sglang.transport.contract import Transport
from metier_sglang.transport.fleet import Fleet
from metier_sglang.transport.shared import POOLS
from tests.adapters.sglang.transport.wire import (
    ABORT,
    each,
    hang,
    reply_of,
    request_of,
    say_json,
    serve_wire,
    stream_of,
)

pytestmark = pytest.mark.anyio


async def test_a_whole_sample_comes_back_in_tokens() -> None:
    async with serve_wire({"/generate": say_json(reply_of([5, 6, 9]))}) as wire:
        fleet: Transport = Fleet(wire.url)
        got = await fleet.generate(request_of(key="run-1"))
        await fleet.close()
    assert got == Generation(
        ids=(5, 6, 9),
        logprobs=(-0.5, -0.6, -0.9),
        finish="stop",
        prompt_tokens=3,
        cached=2,
        server=wire.url,
        spans=(Span("v1", 0, 3),),
    )
    body = wire.heard[0].json
    assert body["input_ids"] == [1, 2, 3]
    assert (body["rid"], body["return_logprob"], body["logprob_start_len"], body["stream"]) == ("r", True, -1, False)
    assert wire.heard[0].headers["x-smg-routing-key"] == "run-1"


@pytest.mark.parametrize("incremental", [False, True])
async def test_a_stream_gives_new_tokens_only(incremental: bool) -> None:
    whole = [[5], [5, 6], [5, 6, 9]]
    parts = [[5], [6], [9]] if incremental else whole
    values = []
    for part, so_far in zip(parts, whole, strict=True):
        value = reply_of(part, None if len(so_far) < 3 else {"type": "stop", "matched": 9})
        cast("dict[str, object]", value["meta_info"])["completion_tokens"] = len(so_far)
        values.append(value)
    async with serve_wire({"/generate": stream_of(*values)}) as wire:
        fleet = Fleet(wire.url)
        async with fleet.stream(request_of()) as chunks:
            got = [chunk async for chunk in chunks]
        await fleet.close()
    assert [token for chunk in got for token in chunk.ids] == [5, 6, 9]
    assert [number for chunk in got for number in chunk.logprobs] == [-0.5, -0.6, -0.9]
    assert (got[-1].finish, got[-1].cached, got[-1].version) == ("stop", 2, "v1")
    assert "/abort_request" not in wire.paths()


async def test_a_cancelled_request_is_aborted_on_its_server() -> None:
    asked = asyncio.Event()
    async with serve_wire({"/generate": hang(asked), "/abort_request": say_json({})}) as wire:
        fleet = Fleet(wire.url)
        task = asyncio.create_task(fleet.generate(request_of("run-7")))
        await asked.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert wire.bodies("/abort_request") == [{"rid": "run-7"}]
        await fleet.close()


async def test_a_stream_left_early_is_aborted_on_its_server() -> None:
    async with serve_wire(
        {"/generate": stream_of(reply_of([5], None), reply_of([5, 6], None)), "/abort_request": say_json({})}
    ) as wire:
        fleet = Fleet(wire.url)
        async with fleet.stream(request_of("run-8")) as chunks:
            first: Chunk = await anext(aiter(chunks))
            assert first.ids
        assert wire.bodies("/abort_request") == [{"rid": "run-8"}]
        await fleet.close()


async def test_what_was_sampled_before_an_abort_is_kept_and_gone_on_with() -> None:
    first = reply_of([5, 6], ABORT, weight_version="v1")
    second = reply_of([7, 9], weight_version="v2", prompt_tokens=5, cached_tokens=4)
    async with serve_wire({"/generate": each(say_json(first), say_json(second))}) as wire:
        fleet = Fleet(wire.url)
        got = await fleet.generate(request_of())
        await fleet.close()
    assert (got.ids, got.logprobs) == ((5, 6, 7, 9), (-0.5, -0.6, -0.7, -0.9))
    assert got.spans == (Span("v1", 0, 2), Span("v2", 2, 4))
    assert (got.prompt_tokens, got.cached) == (3, 2)
    again = wire.heard[1].json
    assert again["input_ids"] == [1, 2, 3, 5, 6]
    assert again["sampling_params"]["max_new_tokens"] == 6
    assert again["rid"] != wire.heard[0].json["rid"]


async def test_users_of_one_server_share_its_connections_and_the_last_one_closes_them() -> None:
    async with serve_wire({"/generate": say_json(reply_of([9]))}) as wire:
        before = POOLS.count()
        one, two = Fleet(wire.url), Fleet(wire.url)
        await one.generate(request_of())
        await two.generate(request_of())
        assert POOLS.count() == before + 1
        await one.close()
        await two.generate(request_of())
        await two.close()
        assert POOLS.count() == before


def test_a_loop_that_ends_closes_the_connections_nobody_closed() -> None:
    fleet = None

    async def ask() -> None:
        nonlocal fleet
        async with serve_wire({"/generate": say_json(reply_of([9]))}) as wire:
            fleet = fleet or Fleet(wire.url)
            await Fleet(wire.url).generate(request_of())

    before = POOLS.count()
    asyncio.run(ask())
    asyncio.run(ask())
    assert POOLS.count() == before
