"""Several servers: sticky, filled evenly, left when they die, and taken up again when they are well."""

import asyncio
import threading
from collections import Counter

import pytest

from metier.errors import InputError, ServerError
from metier.testing import FrozenClock
from metier_sglang.transport.fleet import Fleet
from tests.adapters.sglang.transport.wire import (
    Handler,
    Heard,
    chunked,
    each,
    event,
    head,
    quick,
    reply_of,
    request_of,
    say,
    say_json,
    serve_wire,
    stream_of,
)

pytestmark = pytest.mark.anyio
OK = say_json(reply_of([5, 9]))


class Held:
    """A server that answers when it is let: `running` counts the requests at it."""

    def __init__(self) -> None:
        self.running = 0
        self.most = 0
        self.order: list[str] = []
        self.free = asyncio.Semaphore(0)
        self.came = asyncio.Semaphore(0)

    async def __call__(self, heard: Heard, writer: asyncio.StreamWriter) -> None:
        self.running += 1
        self.most = max(self.most, self.running)
        self.order.append(heard.json["rid"])
        self.came.release()
        await self.free.acquire()
        self.running -= 1
        await OK(heard, writer)


async def test_requests_of_one_key_go_to_one_server() -> None:
    async with serve_wire({"/generate": OK}) as one, serve_wire({"/generate": OK}) as two:
        fleet = Fleet([one.url, two.url])
        for key in ("a", "b", "c", "d", "e", "f", "g", "h"):
            servers = {(await fleet.generate(request_of(key=key))).server for _ in range(3)}
            assert len(servers) == 1
        await fleet.close()
        assert one.heard
        assert two.heard


async def test_a_server_gets_no_more_requests_at_a_time_than_it_takes() -> None:
    held = Held()
    async with serve_wire({"/generate": held}) as wire:
        fleet = Fleet(wire.url, concurrency=3)
        tasks = [asyncio.create_task(fleet.generate(request_of(f"r{at}"))) for at in range(9)]
        for _ in range(9):
            await held.came.acquire()
            held.free.release()
        await asyncio.gather(*tasks)
        await fleet.close()
    assert held.most == 3


async def test_who_waits_is_served_by_priority_and_then_in_turn() -> None:
    held = Held()
    async with serve_wire({"/generate": held}) as wire:
        fleet = Fleet(wire.url, concurrency=1)
        tasks = [asyncio.create_task(fleet.generate(request_of("first")))]
        await held.came.acquire()
        for rid, priority in (("low-1", 0), ("high-1", 5), ("low-2", None), ("high-2", 5)):
            tasks.append(asyncio.create_task(fleet.generate(request_of(rid, priority=priority))))
            await asyncio.sleep(0)
        for _ in range(5):
            held.free.release()
        await asyncio.gather(*tasks)
        await fleet.close()
    assert held.order == ["first", "high-1", "high-2", "low-1", "low-2"]


async def test_one_who_gives_up_waiting_takes_nobodys_place() -> None:
    held = Held()
    async with serve_wire({"/generate": held}) as wire:
        fleet = Fleet(wire.url, concurrency=1)
        first = asyncio.create_task(fleet.generate(request_of("first")))
        await held.came.acquire()
        gone = asyncio.create_task(fleet.generate(request_of("gone")))
        last = asyncio.create_task(fleet.generate(request_of("last")))
        await asyncio.sleep(0)
        gone.cancel()
        held.free.release()
        held.free.release()
        await asyncio.gather(first, last)
        with pytest.raises(asyncio.CancelledError):
            await gone
        await fleet.close()
    assert held.order == ["first", "last"]


async def test_a_full_server_is_helped_out_by_another() -> None:
    held = Held()
    async with serve_wire({"/generate": held}) as one, serve_wire({"/generate": held}) as two:
        fleet = Fleet([one.url, two.url], concurrency=1)
        tasks = [asyncio.create_task(fleet.generate(request_of(f"r{at}", key="same"))) for at in range(2)]
        await held.came.acquire()
        await held.came.acquire()
        assert held.running == 2
        held.free.release()
        held.free.release()
        assert {got.server for got in await asyncio.gather(*tasks)} == {one.url, two.url}
        await fleet.close()


@pytest.mark.parametrize("streamed", [False, True])
async def test_no_run_is_lost_when_one_of_two_servers_dies_under_fifty(streamed: bool) -> None:
    """The first dies with requests under way; each of them ends whole on the other, with every token once."""
    clock = FrozenClock()
    dying = asyncio.Event()

    async def die(heard: Heard, writer: asyncio.StreamWriter) -> None:
        if streamed:
            writer.write(head(200, "text/event-stream") + chunked(event(reply_of([5], None))))
            await writer.drain()
        if len(one.heard) >= 10:
            dying.set()
            one.kill()
        await dying.wait()

    async def rest(heard: Heard, writer: asyncio.StreamWriter) -> None:
        known = heard.json["input_ids"][3:]
        left = [token for token in (5, 6, 9) if token not in known]
        await (stream_of(reply_of(left)) if streamed else say_json(reply_of(left)))(heard, writer)

    async with serve_wire({"/generate": die}) as one, serve_wire({"/generate": rest}) as two:
        fleet = Fleet([one.url, two.url], clock=clock, pause=quick(clock))

        async def run(at: int) -> tuple[int, ...]:
            request = request_of(f"r{at}", key=f"run-{at}")
            if not streamed:
                return (await fleet.generate(request)).ids
            async with fleet.stream(request) as chunks:
                return tuple([token async for chunk in chunks for token in chunk.ids])

        got = await asyncio.gather(*(run(at) for at in range(50)))
        await fleet.close()
    assert got == [(5, 6, 9)] * 50
    assert one.heard


async def test_when_every_server_fails_each_is_named_with_what_it_said() -> None:
    clock = FrozenClock()
    async with (
        serve_wire({"/generate": say(502, b"one is broken", "text/plain")}) as one,
        serve_wire({"/generate": say(504, b"two is slow", "text/plain")}) as two,
    ):
        fleet = Fleet([one.url, two.url], clock=clock, pause=quick(clock))
        with pytest.raises(ServerError, match="within 30 s") as caught:
            await fleet.generate(request_of())
        await fleet.close()
    for said in (one.url, "one is broken", two.url, "two is slow"):
        assert said in caught.value.message


async def test_a_server_that_was_down_is_probed_before_it_is_used_again() -> None:
    clock = FrozenClock()
    ill = say(503, b"", "text/plain")
    health: Handler = each(ill, say(200, b""))
    async with serve_wire({"/generate": each(say(502, b"", "text/plain"), OK), "/health": health}) as wire:
        fleet = Fleet(wire.url, clock=clock, pause=quick(clock))
        assert (await fleet.generate(request_of())).ids == (5, 9)
        await fleet.close()
        assert wire.paths() == ["/generate", "/health", "/health", "/generate"]


async def test_a_server_that_recovers_gets_its_keys_back() -> None:
    clock = FrozenClock()
    async with serve_wire({"/generate": OK}) as one, serve_wire({"/generate": OK}) as two:
        fleet = Fleet([one.url, two.url], clock=clock, pause=quick(clock))
        home = (await fleet.generate(request_of(key="k"))).server
        wire, other = (one, two) if home == one.url else (two, one)
        wire.routes["/generate"] = each(say(502, b"", "text/plain"), OK)
        wire.routes["/health"] = each(say(503, b"", "text/plain", {"Retry-After": "9"}), say(200, b""))
        assert (await fleet.generate(request_of(key="k"))).server == other.url
        assert (await fleet.generate(request_of(key="k"))).server == other.url
        clock.advance(10)
        assert (await fleet.generate(request_of(key="k"))).server == home
        await fleet.close()


async def test_the_first_server_that_answers_tells_about_all() -> None:
    told = {"/model_info": say_json({"model_path": "/m", "served_model_name": "tiny", "weight_version": "7"})}
    about = {"/server_info": say_json({"max_running_requests": 2, "context_length": 4096, "version": "0.5.23"})}
    async with serve_wire({}) as dead, serve_wire({**told, **about, "/generate": OK}) as wire:
        dead.kill()
        fleet = Fleet([dead.url, wire.url])
        info = await fleet.info()
        assert (info.served_name, info.context, info.max_running, info.is_router) == ("tiny", 4096, 2, False)
        assert await fleet.info() is info
        assert Counter(wire.paths())["/model_info"] == 1
        await fleet.close()


async def test_older_servers_are_understood() -> None:
    routes = {"/get_model_info": say_json({"model_path": "/m"}), "/get_server_info": say_json({"version": "0.4"})}
    async with serve_wire(routes) as wire:
        fleet = Fleet(wire.url)
        info = await fleet.info()
        await fleet.close()
    assert (info.model, info.version) == ("/m", "0.4")


async def test_behind_a_gateway_a_worker_tells() -> None:
    """The gateway answers `/get_server_info` with text: what it can not say, its first worker that is well says."""
    told = {"/model_info": say_json({"model_path": "/m"}), "/server_info": say_json({"max_running_requests": 8})}
    async with serve_wire(told) as worker:
        listed = say_json({"workers": [{"url": "http://127.0.0.1:1"}, {"url": worker.url}]})
        text = say(200, b"Server Info", "text/plain")
        async with serve_wire({"/workers": listed, "/get_server_info": text}) as gateway:
            fleet = Fleet(gateway.url)
            info = await fleet.info()
            await fleet.close()
    assert (info.model, info.max_running, info.is_router) == ("/m", 16, True)


async def test_a_gateway_whose_workers_can_not_be_reached_names_the_model() -> None:
    listed = say_json({"workers": [{"url": "http://127.0.0.1:1"}]})
    async with serve_wire({"/workers": listed, "/get_model_info": say_json({"model_path": "/m"})}) as gateway:
        fleet = Fleet(gateway.url)
        info = await fleet.info()
        await fleet.close()
    assert (info.model, info.context, info.is_router) == ("/m", None, True)


async def test_the_limit_a_server_tells_is_kept() -> None:
    held = Held()
    about = say_json({"max_running_requests": 2})
    async with serve_wire({"/generate": held, "/model_info": say_json({}), "/server_info": about}) as wire:
        fleet = Fleet(wire.url)
        await fleet.info()
        tasks = [asyncio.create_task(fleet.generate(request_of(f"r{at}"))) for at in range(5)]
        for _ in range(5):
            await held.came.acquire()
            held.free.release()
        await asyncio.gather(*tasks)
        await fleet.close()
    assert held.most == 2


async def test_one_fleet_serves_several_event_loops_at_once() -> None:
    async with serve_wire({"/generate": OK}) as wire:
        fleet = Fleet(wire.url)
        got: list[tuple[int, ...]] = []

        def elsewhere() -> None:
            got.append(asyncio.run(fleet.generate(request_of())).ids)

        threads = [threading.Thread(target=elsewhere) for _ in range(3)]
        for thread in threads:
            thread.start()
        got.append((await fleet.generate(request_of())).ids)
        for thread in threads:
            await asyncio.to_thread(thread.join)
        await fleet.close()
    assert got == [(5, 9)] * 4


@pytest.mark.parametrize("urls", ["", [], "ftp://a", "http://", "http://user:pw@a", "http://a?x=1", "http://a:99999"])
def test_what_is_no_address_is_refused(urls: str | list[str]) -> None:
    with pytest.raises(InputError) as caught:
        Fleet(urls)
    assert "pw" not in str(caught.value)


def test_a_key_that_no_header_carries_is_refused_without_being_shown() -> None:
    with pytest.raises(InputError) as caught:
        Fleet("http://a", api_key="sk-secret\r\nX: y")
    assert "sk-secret" not in str(caught.value)


def test_a_fleet_that_gives_its_servers_nothing_is_refused() -> None:
    with pytest.raises(InputError, match="no request"):
        Fleet("http://a", concurrency=0)
