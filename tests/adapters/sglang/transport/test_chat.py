"""The OpenAI-compatible route: the same faults, asked again only while nothing was received."""

import asyncio

import pytest

from metier.errors import MissingError, ModelError, ServerError
from metier.testing import FrozenClock
from metier_sglang.transport.chat import ChatClient
from tests.adapters.sglang.transport.wire import (
    Handler,
    chunked,
    each,
    event,
    hang,
    head,
    quick,
    say,
    say_json,
    serve_wire,
    stream_of,
)

pytestmark = pytest.mark.anyio
PATH = "/v1/chat/completions"
DONE = {"id": "1", "choices": [{"index": 0, "message": {"content": "hi"}, "finish_reason": "stop"}]}
FIRST = {"id": "1", "choices": [{"index": 0, "delta": {"content": "h"}, "finish_reason": None}]}
LAST = {"id": "1", "choices": [{"index": 0, "delta": {"content": "i"}, "finish_reason": "stop"}]}
USAGE = {"id": "1", "choices": [], "usage": {"prompt_tokens": 3}}
BODY = b'{"model":"m","messages":[]}'


def client_of(url: str, **more: str) -> ChatClient:
    clock = FrozenClock()
    return ChatClient(url, clock=clock, pause=quick(clock), **more)


async def read(client: ChatClient, into: list[object]) -> None:
    async with client.stream(BODY) as chunks:
        async for chunk in chunks:
            into.append(chunk)


@pytest.mark.parametrize("suffix", ["", "/v1", "/v1/"])
async def test_a_completion_is_asked_for_as_it_is_and_returned_as_it_is(suffix: str) -> None:
    async with serve_wire({PATH: say_json(DONE)}) as wire:
        client = client_of(wire.url + suffix, api_key="sk-12345678")
        assert await client.complete(BODY, key="run-1") == DONE
        await client.close()
        heard = wire.heard[0]
    assert heard.body == BODY
    assert heard.headers["authorization"] == "Bearer sk-12345678"
    assert heard.headers["x-smg-routing-key"] == "run-1"
    assert "sk-12345678" not in repr(client) + repr(vars(client))


async def test_the_path_of_an_address_is_kept() -> None:
    async with serve_wire({"/models/qwen/chat/completions": say_json(DONE)}) as wire:
        client = client_of(f"{wire.url}/models/qwen")
        assert await client.complete({"messages": []}) == DONE
        await client.close()


async def test_a_stream_gives_its_chunks() -> None:
    async with serve_wire({PATH: stream_of(FIRST, LAST, USAGE)}) as wire:
        client = client_of(wire.url)
        async with client.stream(BODY) as chunks:
            assert [chunk async for chunk in chunks] == [FIRST, LAST, USAGE]
        await client.close()


async def test_a_stream_that_is_finished_needs_no_mark_at_its_end() -> None:
    async def unmarked(_: object, writer: asyncio.StreamWriter) -> None:
        writer.write(head(200, "text/event-stream") + chunked(event(FIRST)) + chunked(event(LAST)) + b"0\r\n\r\n")

    async with serve_wire({PATH: unmarked}) as wire:
        client = client_of(wire.url)
        async with client.stream(BODY) as chunks:
            assert [chunk async for chunk in chunks] == [FIRST, LAST]
        await client.close()


@pytest.mark.parametrize("status", [429, 500, 502, 503])
async def test_a_passing_failure_is_asked_again(status: int) -> None:
    ill = say(status, b"", "text/plain", {"Retry-After": "3"})
    async with serve_wire({PATH: each(ill, say_json(DONE)), "/v1/health": say(200, b"")}) as wire:
        client = client_of(wire.url)
        assert await client.complete(BODY) == DONE
        await client.close()


async def test_a_stream_that_was_not_begun_is_asked_again() -> None:
    async with serve_wire({PATH: each(say(503, b"", "text/plain"), stream_of(end=False), stream_of(LAST))}) as wire:
        client = client_of(wire.url)
        async with client.stream(BODY) as chunks:
            assert [chunk async for chunk in chunks] == [LAST]
        await client.close()


async def test_a_stream_that_breaks_off_is_an_error_and_not_the_end() -> None:
    async with serve_wire({PATH: stream_of(FIRST, end=False)}) as wire:
        client = client_of(wire.url)
        got: list[object] = []
        with pytest.raises(ServerError, match="http://127"):
            await read(client, got)
        await client.close()
        assert got == [FIRST]
        assert wire.paths().count(PATH) == 1


@pytest.mark.parametrize(
    ("handler", "kind", "said"),
    [
        (say_json({"error": {"message": "maximum context length is 100 tokens", "code": 400}}, 400), ModelError, "100"),
        (say_json({"error": {"message": "bad key"}}, 401), MissingError, "key"),
        (say(200, b"<html>", "text/html"), ServerError, "out of protocol"),
        (say(200, b'{"cho', "application/json"), ServerError, "out of protocol"),
        (say_json({"id": "x"}), ServerError, "out of protocol"),
        (say_json({"error": {"message": "no such model", "code": 404}}), ServerError, "no such model"),
    ],
    ids=["too long", "no key", "a page", "cut off", "no choices", "an error in 200"],
)
@pytest.mark.parametrize("streamed", [False, True])
async def test_every_failure_is_named(handler: Handler, kind: type[Exception], said: str, streamed: bool) -> None:
    async with serve_wire({PATH: handler}) as wire:
        client = client_of(wire.url)
        with pytest.raises(kind) as caught:
            await (read(client, []) if streamed else client.complete(BODY))
        await client.close()
    assert said in str(caught.value)
    assert wire.url in str(caught.value)


async def test_a_silent_server_ends_at_the_deadline() -> None:
    async with serve_wire({PATH: hang(asyncio.Event())}) as wire:
        client = ChatClient(wire.url)
        with pytest.raises(ServerError, match=r"within 0\.05 s"):
            await client.complete(BODY, deadline_s=0.05)
        await client.close()


async def test_a_stream_left_early_closes_its_connection() -> None:
    closed = asyncio.Event()

    async def endless(_: object, writer: asyncio.StreamWriter) -> None:
        writer.write(head(200, "text/event-stream"))
        try:
            while True:  # until nobody reads any more, which is an error
                writer.write(chunked(event(FIRST)))
                await writer.drain()
                await asyncio.sleep(0)
        finally:
            closed.set()

    async with serve_wire({PATH: endless}) as wire:
        client = client_of(wire.url)
        async with client.stream(BODY) as chunks:
            assert await anext(aiter(chunks)) == FIRST
        await closed.wait()
        await client.close()


async def test_models_are_listed() -> None:
    async with serve_wire({"/v1/models": say_json({"data": [{"id": "a"}, {"id": "b"}, {}]})}) as wire:
        client = client_of(wire.url)
        assert await client.list_models() == ["a", "b"]
        await client.close()
