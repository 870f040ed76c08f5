"""What goes wrong with one server: nothing is lost, and every failure says who is to blame and what to do."""

import asyncio
import random

import pytest

from metier.errors import MetierError, MissingError, ModelError, ServerError
from metier.testing import FrozenClock
from metier_sglang.transport.fleet import Fleet
from tests.adapters.sglang.transport.wire import (
    ABORT,
    Handler,
    Wire,
    chunked,
    each,
    event,
    hang,
    head,
    reply_of,
    request_of,
    say,
    say_json,
    serve_wire,
    stream_of,
)
from tests.adapters.sglang.transport.wire import quick as pause_of

pytestmark = pytest.mark.anyio
OK = say_json(reply_of([5, 9]))
TOO_LONG = {"error": {"message": "The input (5000 tokens) is longer than the model's context length (4096 tokens)."}}


async def ask(wire: Wire, *, clock: FrozenClock | None = None, **more: object) -> tuple[int, ...]:
    clock = clock or FrozenClock()
    fleet = Fleet(wire.url, clock=clock, pause=pause_of(clock))
    try:
        return (await fleet.generate(request_of(**more))).ids
    finally:
        await fleet.close()


async def fault_of(handler: Handler, **more: object) -> MetierError:
    async with serve_wire({"/generate": handler}) as wire:
        with pytest.raises(MetierError) as caught:
            await ask(wire, **more)
        assert wire.url in caught.value.message
    return caught.value


async def test_a_prompt_that_is_too_long_names_its_tokens_and_the_context() -> None:
    error = await fault_of(say_json(TOO_LONG, 400), input_ids=tuple(range(5000)))
    assert isinstance(error, ModelError)
    assert "5000 tokens" in error.message
    assert "4096 tokens" in error.message
    assert "--context-length" in error.hint


async def test_a_refused_request_is_not_asked_again() -> None:
    async with serve_wire({"/generate": say_json({"error": {"message": "bad regex"}}, 400)}) as wire:
        with pytest.raises(ModelError, match="bad regex"):
            await ask(wire)
        assert wire.paths() == ["/generate"]


@pytest.mark.parametrize("status", [401, 403])
async def test_a_server_that_wants_a_key_is_told_apart(status: int) -> None:
    error = await fault_of(say_json({"error": "Unauthorized"}, status))
    assert isinstance(error, MissingError)
    assert "key" in error.hint


async def test_an_unknown_route_asks_whether_this_is_sglang() -> None:
    error = await fault_of(say_json({"detail": "Not Found"}, 404))
    assert isinstance(error, ServerError)
    assert "SGLang" in error.hint


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504, 429])
async def test_a_request_is_made_again_after_a_passing_failure(status: int) -> None:
    async with serve_wire({"/generate": each(say(status, b"oops", "text/plain"), OK)}) as wire:
        assert await ask(wire) == (5, 9)
        assert wire.paths().count("/generate") == 2


async def test_the_pause_that_a_full_server_asks_for_is_kept() -> None:
    clock = FrozenClock()
    full = say_json({"detail": "The request queue is full."}, 429, {"Retry-After": "7"})
    async with serve_wire({"/generate": each(full, OK)}) as wire:
        assert await ask(wire, clock=clock) == (5, 9)
        assert "/health" not in wire.paths()  # it is full, not down
    assert 7 <= clock.seconds() < 10


async def test_a_pause_beyond_the_deadline_is_not_waited_for() -> None:
    error = await fault_of(say_json({"detail": "queue full"}, 503, {"Retry-After": "500"}))
    assert isinstance(error, ServerError)
    assert "within 30 s" in error.message
    assert "queue full" in error.message


async def test_a_request_that_breaks_the_server_each_time_is_given_up() -> None:
    async with serve_wire({"/generate": say_json({"error": {"message": "assert failed"}}, 500)}) as wire:
        with pytest.raises(ServerError, match="assert failed"):
            await ask(wire, deadline_s=10_000.0)
        assert wire.paths().count("/generate") == 4


async def test_a_server_without_memory_says_what_to_lower() -> None:
    error = await fault_of(say_json({"error": {"message": "CUDA out of memory. Tried to allocate 2 GiB"}}, 500))
    assert isinstance(error, ServerError)
    assert "out of memory" in error.message
    assert "--mem-fraction-static" in error.hint
    assert "--max-running-requests" in error.hint


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"<html><body>Welcome</body></html>", "text/html"),
        (b'{"output_ids": [5, 9], "meta_in', "application/json"),
        (b"[]", "application/json"),
        (b"{}", "application/json"),
        (b"\xff\xfe", "application/json"),
    ],
)
async def test_an_answer_out_of_protocol_is_named_and_no_more_than_tried_again(body: bytes, content_type: str) -> None:
    error = await fault_of(say(200, body, content_type))
    assert isinstance(error, ServerError)
    assert "out of protocol" in error.message
    assert "Welcome" not in error.message
    async with serve_wire({"/generate": each(say(200, body, content_type), OK)}) as wire:
        assert await ask(wire) == (5, 9)


async def test_an_answer_cut_off_on_the_way_is_asked_for_again() -> None:
    async def cut(_: object, writer: asyncio.StreamWriter) -> None:
        writer.write(head(200, "application/json", 1000) + b'{"output_ids":')
        await writer.drain()
        raise ConnectionResetError

    async with serve_wire({"/generate": each(cut, OK)}) as wire:
        assert await ask(wire) == (5, 9)


async def test_a_stream_that_breaks_is_gone_on_with_from_its_last_token() -> None:
    clock = FrozenClock()
    broken = stream_of(reply_of([5], None), reply_of([5, 6], None), end=False)
    rest = stream_of(reply_of([7], None), reply_of([7, 9]))
    async with serve_wire({"/generate": each(broken, rest)}) as wire:
        fleet = Fleet(wire.url, clock=clock, pause=pause_of(clock))
        async with fleet.stream(request_of()) as chunks:
            ids = [token async for chunk in chunks for token in chunk.ids]
        await fleet.close()
        assert ids == [5, 6, 7, 9]
        first, second = wire.bodies("/generate")
    assert second["input_ids"] == [*first["input_ids"], 5, 6]
    assert second["sampling_params"]["max_new_tokens"] == 6


async def test_a_stream_that_ends_without_a_finish_is_gone_on_with() -> None:
    clock = FrozenClock()
    async with serve_wire({"/generate": each(stream_of(reply_of([5], None)), stream_of(reply_of([9])))}) as wire:
        fleet = Fleet(wire.url, clock=clock, pause=pause_of(clock))
        async with fleet.stream(request_of()) as chunks:
            assert [token async for chunk in chunks for token in chunk.ids] == [5, 9]
        await fleet.close()


@pytest.mark.parametrize("aborted", [False, True])
async def test_nothing_is_asked_when_nothing_is_left(aborted: bool) -> None:
    clock = FrozenClock()
    interrupted = stream_of(reply_of([5, 6], ABORT if aborted else None), end=aborted)
    async with serve_wire({"/generate": interrupted}) as wire:
        fleet = Fleet(wire.url, clock=clock, pause=pause_of(clock))
        async with fleet.stream(request_of(sampling={"max_new_tokens": 2})) as chunks:
            got = [chunk async for chunk in chunks]
        await fleet.close()
        assert got[-1].finish == "length"
        assert wire.paths().count("/generate") == 1


async def test_a_stop_that_was_sampled_is_not_gone_on_after() -> None:
    clock = FrozenClock()
    async with serve_wire({"/generate": stream_of(reply_of([5, 9], None), end=False)}) as wire:
        fleet = Fleet(wire.url, clock=clock, pause=pause_of(clock))
        async with fleet.stream(request_of(sampling={"max_new_tokens": 8, "stop_token_ids": [9]})) as chunks:
            got = [chunk async for chunk in chunks]
        await fleet.close()
        assert got[-1].finish == "stop"
        assert wire.paths().count("/generate") == 1


async def test_a_sample_bound_by_a_grammar_is_begun_anew() -> None:
    bound = {"max_new_tokens": 8, "regex": "[0-9]+"}
    async with serve_wire({"/generate": each(say_json(reply_of([5, 6], ABORT)), say_json(reply_of([7, 9])))}) as wire:
        assert await ask(wire, sampling=bound) == (7, 9)
        assert wire.bodies("/generate")[1]["input_ids"] == [1, 2, 3]
        assert wire.bodies("/generate")[1]["sampling_params"] == bound


async def test_a_grammar_shown_in_part_is_an_error_and_not_a_broken_text() -> None:
    clock = FrozenClock()
    async with serve_wire({"/generate": stream_of(reply_of([5], None), end=False)}) as wire:
        fleet = Fleet(wire.url, clock=clock, pause=pause_of(clock))
        with pytest.raises(ServerError, match="grammar"):
            async with fleet.stream(request_of(sampling={"max_new_tokens": 8, "json_schema": "{}"})) as chunks:
                _ = [chunk async for chunk in chunks]
        await fleet.close()


async def test_an_error_in_a_stream_is_an_error() -> None:
    clock = FrozenClock()
    async with serve_wire({"/generate": stream_of({"error": {"message": "no such adapter", "code": 400}})}) as wire:
        fleet = Fleet(wire.url, clock=clock, pause=pause_of(clock))
        with pytest.raises(ModelError, match="no such adapter"):
            async with fleet.stream(request_of()) as chunks:
                _ = [chunk async for chunk in chunks]
        await fleet.close()


async def test_an_abort_with_a_status_is_what_that_status_is() -> None:
    full = {"type": "abort", "message": "The request queue is full.", "status_code": 503}
    clock = FrozenClock()
    async with serve_wire({"/generate": each(stream_of(reply_of([], full)), stream_of(reply_of([9])))}) as wire:
        fleet = Fleet(wire.url, clock=clock, pause=pause_of(clock))
        async with fleet.stream(request_of()) as chunks:
            assert [token async for chunk in chunks for token in chunk.ids] == [9]
        await fleet.close()
    assert clock.seconds() > 0


async def test_a_server_that_ends_every_request_at_once_is_not_asked_without_pause() -> None:
    clock = FrozenClock()
    async with serve_wire({"/generate": say_json(reply_of([], ABORT))}) as wire:
        with pytest.raises(ServerError, match="before its first token"):
            await ask(wire, clock=clock)
        assert wire.paths().count("/generate") < 20
    assert clock.seconds() > 10


async def test_a_first_token_that_never_comes_ends_at_the_deadline_and_is_aborted() -> None:
    asked = asyncio.Event()
    async with serve_wire({"/generate": hang(asked), "/abort_request": say_json({})}) as wire:
        with pytest.raises(ServerError, match=r"within 0\.05 s") as caught:
            await ask(wire, rid="slow", deadline_s=0.05)
        assert wire.url in caught.value.message
        assert wire.bodies("/abort_request") == [{"rid": "slow"}]


async def test_a_stream_whose_first_token_never_comes_ends_at_the_deadline_and_is_aborted() -> None:
    async def silent(_: object, writer: asyncio.StreamWriter) -> None:
        writer.write(head(200, "text/event-stream"))
        await writer.drain()
        await asyncio.Event().wait()

    async with serve_wire({"/generate": silent, "/abort_request": say_json({})}) as wire:
        fleet = Fleet(wire.url)
        with pytest.raises(ServerError, match=r"within 0\.05 s"):
            async with fleet.stream(request_of(rid="slow", deadline_s=0.05)) as chunks:
                _ = [chunk async for chunk in chunks]
        await fleet.close()
        assert wire.bodies("/abort_request") == [{"rid": "slow"}]


async def test_a_wrong_address_is_told_soon_and_not_at_the_deadline() -> None:
    async with serve_wire({}) as wire:
        url = wire.url
    clock = FrozenClock()
    fleet = Fleet(url, clock=clock, pause=pause_of(clock))
    with pytest.raises(ServerError, match="No server can be reached") as caught:
        await fleet.generate(request_of(deadline_s=600.0))
    await fleet.close()
    assert url in caught.value.message
    assert clock.seconds() < 20


async def test_behind_a_gateway_an_abort_reaches_the_workers() -> None:
    asked = asyncio.Event()
    async with serve_wire({"/abort_request": say_json({})}) as worker:
        listed = say_json({"workers": [{"id": "1", "url": worker.url}, {"id": "2", "url": "http://127.0.0.1:1"}]})
        async with serve_wire({"/generate": hang(asked), "/workers": listed}) as gateway:
            fleet = Fleet(gateway.url)
            task = asyncio.create_task(fleet.generate(request_of("run-9")))
            await asked.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await fleet.close()
        assert worker.bodies("/abort_request") == [{"rid": "run-9"}]


async def test_an_abort_that_fails_does_not_hold_up_the_cancellation() -> None:
    asked = asyncio.Event()
    async with serve_wire({"/generate": hang(asked), "/abort_request": say(500, b"x" * 9, "text/plain")}) as wire:
        fleet = Fleet(wire.url)
        task = asyncio.create_task(fleet.generate(request_of()))
        await asked.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await fleet.close()


async def test_a_key_goes_out_in_a_header_and_comes_back_in_nothing() -> None:
    key = "sk-very-secret-0123456789"
    echo = say_json({"error": {"message": f"Incorrect API key provided: {key}"}}, 400)
    async with serve_wire({"/generate": echo}) as wire:
        fleet = Fleet(wire.url, api_key=key)
        with pytest.raises(ModelError) as caught:
            await fleet.generate(request_of())
        shown = [repr(fleet), str(caught.value), repr(caught.value), repr(vars(fleet))]
        assert wire.heard[0].headers["authorization"] == f"Bearer {key}"
        assert not any(key in text for text in shown)
        await fleet.close()


@pytest.mark.parametrize("incremental", [False, True])
async def test_pieces_may_be_cut_anywhere(incremental: bool) -> None:
    """Bytes arrive as the network likes, not as events."""
    chance = random.Random(7)
    values: list[dict[str, object]] = []
    for count in range(1, 9):
        value = reply_of([9] if incremental else [9] * count, None if count < 8 else {"type": "length", "length": 8})
        value["meta_info"] = {**dict(value["meta_info"]), "completion_tokens": count}  # type: ignore[call-overload]
        values.append(value)
    data = b": comment\r\n\r\n" + b"".join(event(value).replace(b"\n", b"\r\n") for value in values)

    async def cut(_: object, writer: asyncio.StreamWriter) -> None:
        writer.write(head(200, "text/event-stream"))
        left = data
        while left:
            size = chance.randint(1, 97)
            writer.write(chunked(left[:size]))
            await writer.drain()
            left = left[size:]
        writer.write(b"0\r\n\r\n")

    async with serve_wire({"/generate": cut}) as wire:
        fleet = Fleet(wire.url)
        async with fleet.stream(request_of()) as chunks:
            got = [chunk async for chunk in chunks]
        await fleet.close()
    assert [token for chunk in got for token in chunk.ids] == [9] * 8
    assert [number for chunk in got for number in chunk.logprobs] == [-0.9] * 8
