"""A server that takes requests and answers none: it is looked after, left, and not asked again while it is ill."""

import asyncio
from dataclasses import replace

import pytest

from metier.errors import ServerError
from metier.testing import FrozenClock
from metier_sglang.transport.admission import routing
from metier_sglang.transport.admission.gate import Pause
from metier_sglang.transport.chat import ChatClient
from metier_sglang.transport.fleet import Fleet
from tests.adapters.sglang.transport.wire import (
    Heard,
    chunked,
    each,
    event,
    hang,
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
ILL = say(503, b"", "text/plain")
WELL = say(200, b"")


def impatient(clock: FrozenClock) -> Pause:
    """Pauses that take no time, and no patience with silence at all."""
    return replace(quick(clock), silence_s=0.0)


async def begin_and_hang(_: Heard, writer: asyncio.StreamWriter) -> None:
    writer.write(head(200, "text/event-stream") + chunked(event(reply_of([5], None))))
    await writer.drain()
    await asyncio.Event().wait()


@pytest.mark.parametrize("streamed", [False, True])
async def test_a_silent_server_that_is_ill_is_left_for_one_that_is_well(streamed: bool) -> None:
    clock, asked = FrozenClock(), asyncio.Event()

    async def silent(heard: Heard, writer: asyncio.StreamWriter) -> None:
        asked.set()
        await (begin_and_hang if streamed else hang(asked))(heard, writer)

    async def ill(heard: Heard, writer: asyncio.StreamWriter) -> None:
        await asked.wait()
        await ILL(heard, writer)

    rest = stream_of(reply_of([9])) if streamed else say_json(reply_of([5, 9]))
    async with (
        serve_wire({"/generate": silent, "/health": ill, "/abort_request": say_json({})}) as one,
        serve_wire({"/generate": rest}) as two,
    ):
        key = next(key for key in map(str, range(99)) if routing.rank(key, (one.url, two.url))[0] == one.url)
        fleet = Fleet([one.url, two.url], clock=clock, pause=impatient(clock))
        for _ in range(3):
            ids = await ids_of(fleet, request_of(key=key), streamed=streamed)
            assert ids in ([[5, 9], [9]] if streamed else [[5, 9]])
        await fleet.close()
        assert one.paths().count("/generate") == 1
        assert two.paths().count("/generate") == 3


async def test_a_slow_server_that_is_well_is_waited_for() -> None:
    clock, looked = FrozenClock(), asyncio.Semaphore(0)

    async def health(heard: Heard, writer: asyncio.StreamWriter) -> None:
        await WELL(heard, writer)
        looked.release()

    async def slow(heard: Heard, writer: asyncio.StreamWriter) -> None:
        for _ in range(3):
            await looked.acquire()
        await say_json(reply_of([5, 9]))(heard, writer)

    async with serve_wire({"/generate": slow, "/health": health}) as wire:
        fleet = Fleet(wire.url, clock=clock, pause=impatient(clock))
        assert (await fleet.generate(request_of())).ids == (5, 9)
        await fleet.close()
        assert wire.paths().count("/generate") == 1


async def test_a_server_that_let_a_deadline_pass_is_probed_before_it_is_asked_again() -> None:
    clock = FrozenClock()
    routes = {"/generate": hang(asyncio.Event()), "/health": ILL, "/abort_request": say_json({})}
    async with serve_wire(routes) as one, serve_wire({"/generate": say_json(reply_of([5, 9]))}) as two:
        key = next(key for key in map(str, range(99)) if routing.rank(key, (one.url, two.url))[0] == one.url)
        fleet = Fleet([one.url, two.url], clock=clock, pause=quick(clock))
        with pytest.raises(ServerError, match=r"within 0\.05 s") as caught:
            await fleet.generate(request_of(key=key, deadline_s=0.05))
        assert "allow more time" in caught.value.hint
        assert (await fleet.generate(request_of(key=key))).server == two.url
        await fleet.close()
        assert one.paths().count("/generate") == 1


@pytest.mark.parametrize("streamed", [False, True])
async def test_nobody_waits_for_an_abort_beyond_the_deadline(streamed: bool) -> None:
    """The error comes before the abort has even arrived; it arrives all the same."""
    told, answered = asyncio.Event(), asyncio.Event()

    async def abort(heard: Heard, writer: asyncio.StreamWriter) -> None:
        told.set()
        await answered.wait()
        await say_json({})(heard, writer)

    async with serve_wire({"/generate": begin_and_hang, "/abort_request": abort}) as wire:
        fleet = Fleet(wire.url)
        with pytest.raises(ServerError, match=r"within 0\.05 s"):
            await ids_of(fleet, request_of(deadline_s=0.05), streamed=streamed)
        assert not told.is_set()
        await told.wait()
        answered.set()
        await fleet.close()


async def test_a_silent_compatible_server_is_asked_again_once_it_is_well() -> None:
    clock = FrozenClock()
    answer = say_json({"choices": [{"message": {"content": "hi"}}]})
    asked = asyncio.Event()

    async def ill(heard: Heard, writer: asyncio.StreamWriter) -> None:
        await asked.wait()
        await ILL(heard, writer)

    routes = {"/v1/chat/completions": each(hang(asked), answer), "/v1/health": each(ill, WELL)}
    async with serve_wire(routes) as wire:
        client = ChatClient(wire.url, clock=clock, pause=impatient(clock))
        assert (await client.complete({}, deadline_s=30.0))["choices"]
        await client.close()


async def test_the_first_question_is_asked_again_while_the_server_restarts() -> None:
    clock = FrozenClock()
    model = each(say(502, b"", "text/plain"), say_json({"model_path": "/m"}))
    routes = {"/model_info": model, "/get_model_info": ILL, "/server_info": say_json({}), "/health": each(ILL, WELL)}
    async with serve_wire(routes) as wire:
        fleet = Fleet(wire.url, clock=clock, pause=quick(clock))
        assert (await fleet.info()).model == "/m"
        await fleet.close()


async def test_a_wrong_address_gets_five_tries_by_the_first_question_too() -> None:
    async with serve_wire({}) as wire:
        url = wire.url
    clock = FrozenClock()
    fleet = Fleet(url, clock=clock, pause=quick(clock))
    with pytest.raises(ServerError, match="No server can be reached"):
        await fleet.info()
    await fleet.close()
    assert 0 < clock.seconds() < 20


async def test_what_is_no_sglang_server_is_told_at_once() -> None:
    async with serve_wire({}) as wire:
        fleet = Fleet(wire.url)
        with pytest.raises(ServerError, match="does not know"):
            await fleet.info()
        await fleet.close()
        assert wire.paths().count("/model_info") == 1
