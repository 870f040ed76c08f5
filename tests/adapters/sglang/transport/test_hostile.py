"""What hostile servers, and cancellations at the worst moment, can not do."""

import asyncio
from typing import cast

import pytest

from metier.errors import InputError, MetierError, ModelError, ServerError
from metier.testing import FrozenClock
from metier_sglang.protocol.address import read_address
from metier_sglang.transport.fleet import Fleet
from metier_sglang.transport.http import LARGEST_ERROR, Pool
from metier_sglang.transport.server import Keys, Server
from metier_sglang.transport.shared import POOLS
from metier_sglang.transport.weights import load_lora
from tests.adapters.sglang.transport.wire import (
    Handler,
    Heard,
    chunked,
    each,
    event,
    head,
    ids_of,
    quick,
    reply_of,
    request_of,
    say,
    say_json,
    serve_wire,
    stream_of,
)

pytestmark = pytest.mark.anyio
KEY = "sk-very-secret-0123456789"


async def drip(_: Heard, writer: asyncio.StreamWriter) -> None:
    """Samples a token now and then, and never ends."""
    writer.write(head(200, "text/event-stream"))
    for count in range(1, 7):
        writer.write(chunked(event(reply_of([5] * count, None))))
        await writer.drain()
        await asyncio.sleep(0)
    await asyncio.Event().wait()


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize("again", [0, 2])
async def test_a_cancellation_at_any_moment_leaves_nothing_behind(streamed: bool, again: int) -> None:
    """Cancelled after so many turns of the event loop, and once more while it cleans up."""
    before = POOLS.count()
    others = asyncio.all_tasks()
    aborted = 0
    for turns in range(1, 40, 3):
        async with serve_wire({"/generate": drip, "/abort_request": say_json({})}) as wire:
            fleet = Fleet(wire.url, concurrency=1)
            task = asyncio.create_task(ids_of(fleet, request_of(), streamed=streamed))
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()
            for _ in range(again):
                await asyncio.sleep(0)
            if again:
                task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            local = await fleet._locals.here()
            await fleet.close()
            assert all(seat.running == 0 and not seat.probing for seat in local.gate.table.values())
            assert "/generate" not in wire.paths() or wire.bodies("/abort_request") == [{"rid": "r"}]
            aborted += "/abort_request" in wire.paths()
        assert POOLS.count() == before
    assert aborted > 5
    assert asyncio.all_tasks() == others


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("streamed", [False, True])
async def test_a_redirect_is_not_followed(status: int, streamed: bool) -> None:
    async with serve_wire({"/generate": say_json(reply_of([5, 9]))}) as other:
        pointing = say(status, b"", more={"Location": f"{other.url}/generate"})
        async with serve_wire({"/generate": pointing}) as wire:
            fleet = Fleet(wire.url, api_key=KEY)
            with pytest.raises(ServerError, match="points elsewhere"):
                await ids_of(fleet, request_of(), streamed=streamed)
            await fleet.close()
        assert other.heard == []


def endless(status: int, content_type: str) -> Handler:
    async def handler(_: Heard, writer: asyncio.StreamWriter) -> None:
        writer.write(head(status, content_type))
        piece = chunked(b"x" * 262_144)
        for _turn in range(LARGEST_ERROR // 262_144 + 64):
            writer.write(piece)
            await writer.drain()
        await asyncio.Event().wait()

    return handler


@pytest.mark.parametrize("streamed", [False, True])
async def test_an_error_without_an_end_is_not_read_to_the_end(streamed: bool) -> None:
    clock = FrozenClock()
    async with serve_wire({"/generate": endless(500, "text/plain")}) as wire:
        fleet = Fleet(wire.url, clock=clock, pause=quick(clock))
        with pytest.raises(ServerError, match="more than"):
            await ids_of(fleet, request_of(), streamed=streamed)
        await fleet.close()


async def test_a_server_that_does_not_stop_at_the_limit_is_stopped() -> None:
    """A stream could otherwise fill the memory until its deadline."""
    values = [reply_of([5] * count, None) for count in range(8, 200, 8)]
    async with serve_wire({"/generate": stream_of(*values)}) as wire:
        fleet = Fleet(wire.url)
        async with fleet.stream(request_of()) as chunks:
            got = [chunk async for chunk in chunks]
        await fleet.close()
    assert got[-1].finish == "length"
    assert sum(len(chunk.ids) for chunk in got) <= 8 + 64


async def test_a_whole_answer_far_beyond_the_limit_is_out_of_protocol() -> None:
    clock = FrozenClock()
    async with serve_wire({"/generate": say_json(reply_of([5] * 100))}) as wire:
        fleet = Fleet(wire.url, clock=clock, pause=quick(clock))
        with pytest.raises(ServerError, match="does not stop at the limit"):
            await ids_of(fleet, request_of(), streamed=False)
        await fleet.close()


async def test_a_sample_that_only_the_context_limits_is_gone_on_with_as_such() -> None:
    first = reply_of([5] * 130, {"type": "abort", "message": "Aborted"})
    async with serve_wire({"/generate": each(say_json(first), say_json(reply_of([9])))}) as wire:
        fleet = Fleet(wire.url)
        got = await fleet.generate(request_of(sampling={"max_new_tokens": None}))
        await fleet.close()
    assert (len(got.ids), got.finish) == (131, "stop")
    assert wire.bodies("/generate")[1]["sampling_params"]["max_new_tokens"] is None


@pytest.mark.parametrize(
    "change",
    [
        {"output_ids": [5, 10**400]},
        {"output_ids": [5, 1 << 31]},
        {"output_ids": [5, -1]},
        {"output_ids": [True, 9]},
    ],
)
async def test_what_is_no_token_id_never_gets_into_a_prompt(change: dict[str, object]) -> None:
    """A token id outside the vocabulary would kill the server that is asked to go on from it."""
    clock = FrozenClock()
    async with serve_wire({"/generate": say_json({**reply_of([5, 9]), **change})}) as wire:
        fleet = Fleet(wire.url, clock=clock, pause=quick(clock))
        with pytest.raises(ServerError, match="token"):
            await ids_of(fleet, request_of(), streamed=False)
        await fleet.close()


async def test_log_probabilities_beyond_any_float_are_none() -> None:
    value = reply_of([5, 9])
    cast("dict[str, object]", value["meta_info"])["output_token_logprobs"] = [[10**400, 5, None], [-0.1, 9, None]]
    async with serve_wire({"/generate": say_json(value)}) as wire:
        fleet = Fleet(wire.url)
        got = await fleet.generate(request_of())
        await fleet.close()
    assert (got.ids, got.logprobs) == ((5, 9), ())


async def test_a_number_of_any_length_in_an_error_is_no_trouble() -> None:
    said = {"error": {"message": f"longer than the model's context length ({'9' * 5000} tokens)"}}
    async with serve_wire({"/generate": say_json(said, 400)}) as wire:
        fleet = Fleet(wire.url)
        with pytest.raises(ModelError) as caught:
            await ids_of(fleet, request_of(), streamed=False)
        await fleet.close()
    assert len(str(caught.value)) < 600


async def test_no_end_of_a_key_is_cut_out_of_its_mask() -> None:
    async with serve_wire({"/generate": say(400, b" " * 1185 + KEY.encode(), "text/plain")}) as wire:
        fleet = Fleet(wire.url, api_key=KEY)
        with pytest.raises(MetierError) as caught:
            await ids_of(fleet, request_of(), streamed=False)
        await fleet.close()
    assert KEY[:8] not in str(caught.value)


async def test_a_worker_with_an_address_that_is_none_is_the_gateway_s_fault() -> None:
    listed = say_json({"workers": [{"url": "file:///etc/passwd"}]})
    async with serve_wire({"/workers": listed}) as wire:
        fleet = Fleet(wire.url)
        with pytest.raises(ServerError, match="names a worker"):
            await fleet.info()
        await fleet.close()


async def test_a_key_that_went_out_encrypted_does_not_go_on_in_the_clear() -> None:
    pool = Pool(read_address("https://gateway:443"))
    server = Server(pool, Keys(KEY), FrozenClock())
    server.check_way("https://worker:30000")
    with pytest.raises(ServerError, match="unencrypted"):
        server.check_way("http://worker:30000")
    Server(pool, Keys(), FrozenClock()).check_way("http://worker:30000")  # nothing secret goes there
    await pool.close()


async def test_what_a_server_says_of_an_update_shows_no_key_and_is_one_line() -> None:
    said = {"success": False, "message": f"\x1b[2J no weights for {KEY}\n" * 99}
    async with serve_wire({"/load_lora_adapter": say_json(said)}) as wire:
        fleet = Fleet(wire.url, api_key=KEY)
        with pytest.raises(InputError) as caught:
            await load_lora(fleet, "law", "/x")
        await fleet.close()
    assert KEY not in str(caught.value)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 600
