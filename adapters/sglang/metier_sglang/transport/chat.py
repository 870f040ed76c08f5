"""Servers one does not control: the OpenAI-compatible route, `POST /chat/completions`."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager

from pydantic_core import to_json

from metier.canonical import JSON
from metier.clock import Clock, SystemClock
from metier.errors import ServerError
from metier_sglang.protocol.address import read_address
from metier_sglang.protocol.faults import Fault, judge_error
from metier_sglang.protocol.reply import object_of, strange
from metier_sglang.protocol.sse import DONE
from metier_sglang.transport.admission.gate import Pause, Ticket
from metier_sglang.transport.admission.trip import Trip, begin_trip
from metier_sglang.transport.local import Local, Locals, Setting
from metier_sglang.transport.server import Keys, Post, Server

CONCURRENCY = 256  # requests at a time: such a server has a queue of its own, and says when it is full
DEADLINE_S = 600.0
PATH = "/chat/completions"


class ChatClient:
    """Speaks to one OpenAI-compatible server. `url` is what such clients call the base URL: "http://host:8000/v1".

    A request is made again while nothing of its answer was received: when the connection fails, and when the server
    has no room (HTTP 429, 503; Retry-After is kept) or fails. Its errors are those of `Transport`.
    """

    def __init__(
        self,
        url: str,
        *,
        api_key: str = "",
        concurrency: int = CONCURRENCY,
        clock: Clock | None = None,
        pause: Pause | None = None,
    ) -> None:
        address = read_address(url)
        self.address = address if address.count("/") > 2 else f"{address}/v1"
        self._clock = clock or SystemClock()
        setting = Setting((self.address,), Keys(api_key), self._clock, pause or Pause())
        self._locals = Locals(setting, lambda: concurrency)

    def __repr__(self) -> str:
        return f"ChatClient({self.address!r})"

    async def complete(
        self, body: bytes | Mapping[str, JSON], *, key: str = "", deadline_s: float = DEADLINE_S
    ) -> dict[str, JSON]:
        """Returns the completion that the server answers to `body`, which is sent as it is."""
        local, post = await self._locals.here(), Post(PATH, _bytes(body), key, deadline_s)
        trip = begin_trip(local.gate, key, deadline_s, self._clock)
        with trip.told():
            while True:
                ticket = await trip.enter()
                try:
                    value = await trip.hear(ticket, _answer(local.servers[ticket.name], post))
                    if not isinstance(value, Fault):
                        local.gate.succeed(ticket)
                        return value
                    trip.fail(ticket, value)
                finally:
                    local.gate.leave(ticket)

    @asynccontextmanager
    async def stream(
        self, body: bytes | Mapping[str, JSON], *, key: str = "", deadline_s: float = DEADLINE_S
    ) -> AsyncIterator[AsyncIterator[dict[str, JSON]]]:
        """Gives the chunks of a completion; `body` asks for a stream. Leaving early closes the connection.

        Raises ServerError when the stream breaks off: what was received can not be gone on with.
        """
        post = Post(PATH, _bytes(body), key, deadline_s)
        local = await self._locals.here()
        chunks = _chunks(local, begin_trip(local.gate, key, deadline_s, self._clock), post)
        try:
            yield chunks
        finally:
            await chunks.aclose()

    async def list_models(self) -> list[str]:
        """Returns the names of the models that the server has, in its order."""
        server = (await self._locals.here()).servers[self.address]
        models = (await server.ask("/models")).get("data")
        if not isinstance(models, list):
            raise strange(self.address, "its list of models is none")
        names = [model.get("id") for model in models if isinstance(model, dict)]
        return [name for name in names if isinstance(name, str)]

    async def close(self) -> None:
        """Closes the connections."""
        await self._locals.close()


async def _answer(server: Server, post: Post) -> dict[str, JSON] | Fault:
    value = await server.answer(post)
    return value if isinstance(value, Fault) else _checked(server, value, post)


async def _chunks(local: Local, trip: Trip, post: Post) -> AsyncGenerator[dict[str, JSON], None]:
    begun = False
    with trip.told():
        while not begun:
            ticket = await trip.enter()
            attempt = _attempt(local, ticket, trip, post)
            try:
                async for chunk in attempt:
                    begun = True
                    yield chunk
            finally:
                try:
                    await attempt.aclose()
                finally:  # cancelled once more while it closes, its place is given back all the same
                    local.gate.leave(ticket)


async def _attempt(local: Local, ticket: Ticket, trip: Trip, post: Post) -> AsyncGenerator[dict[str, JSON], None]:
    """Yields the chunks of one attempt; yields none when it is to be made again."""
    server = local.servers[ticket.name]
    arrivals = server.events(post)
    begun = finished = False
    try:
        while True:
            arrival = await trip.hear(ticket, anext(arrivals, None))
            for value in _values(server, arrival, post, finished=finished):
                if value is None:
                    local.gate.succeed(ticket)
                    return
                if isinstance(value, Fault):
                    trip.fail(ticket, value)
                    if begun:
                        raise value.error
                    return
                begun = True
                finished = finished or _is_last(value)
                yield value
    finally:
        await arrivals.aclose()


def _values(
    server: Server, arrival: list[bytes] | Fault | None, post: Post, *, finished: bool
) -> list[dict[str, JSON] | Fault | None]:
    """Returns the chunks that arrived; None for the end of the stream, which some servers do not mark."""
    if isinstance(arrival, Fault):
        return [arrival]
    if arrival is None:
        error = ServerError(f"{server.address} ended its stream early.", hint="It died or was restarted.")
        return [None if finished else Fault("down", error)]
    values: list[dict[str, JSON] | Fault | None] = []
    for event in arrival:
        if event == DONE:
            return [*values, None]
        try:
            values.append(_checked(server, object_of(event, server=server.address), post))
        except ServerError as error:
            return [*values, judge_error(error)]
    return values


def _checked(server: Server, value: dict[str, JSON], post: Post) -> dict[str, JSON] | Fault:
    """Returns the value; a Fault when it is an error, or no completion."""
    if value.get("error"):
        return server.judge_value(value, post)
    if not isinstance(value.get("choices"), list):
        return judge_error(strange(server.address, "choices are missing from its answer"))
    return value


def _is_last(value: Mapping[str, JSON]) -> bool:
    choices = value.get("choices")
    return isinstance(choices, list) and any(
        isinstance(choice, dict) and choice.get("finish_reason") for choice in choices
    )


def _bytes(body: bytes | Mapping[str, JSON]) -> bytes:
    return body if isinstance(body, bytes) else to_json(body)
