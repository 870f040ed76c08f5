"""Several servers of the same weights, as one."""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace

from metier.canonical import JSON
from metier.clock import Clock, SystemClock
from metier.errors import InputError, ServerError
from metier_sglang.protocol import info as infos
from metier_sglang.protocol.address import read_address
from metier_sglang.protocol.faults import Fault, judge_error
from metier_sglang.protocol.generation import Chunk, GenerateRequest, Generation, ServerInfo
from metier_sglang.protocol.piece import Piece
from metier_sglang.protocol.sample import Sample
from metier_sglang.transport import native
from metier_sglang.transport.admission.gate import Pause, Ticket
from metier_sglang.transport.admission.trip import Trip, begin_trip
from metier_sglang.transport.local import Local, Locals, Setting
from metier_sglang.transport.server import Keys, Server

INFO_S = 600.0  # as long as a request is given: a server that restarts loads its weights meanwhile
CONCURRENCY = 64  # requests to one server at a time, where neither the user nor the server says how many


class Fleet:
    """Servers of the same weights: a Transport.

    `urls` are their addresses (one may be a gateway's); `concurrency` is how many requests each gets at a time, by
    default what the server says it runs, else 64. Requests with equal keys go to one server while it is well. Can be
    used from several event loops, each with connections of its own.
    """

    def __init__(
        self,
        urls: Sequence[str] | str,
        *,
        api_key: str = "",
        admin_key: str = "",
        concurrency: int | None = None,
        clock: Clock | None = None,
        pause: Pause | None = None,
    ) -> None:
        given = [urls] if isinstance(urls, str) else urls
        self.addresses = tuple(dict.fromkeys(read_address(url) for url in given))
        if not self.addresses:
            raise InputError("No server was named.", hint="Give the address of one: http://host:30000.")
        if concurrency is not None and concurrency < 1:
            raise InputError("A server that gets no request at a time answers none.", hint="Set concurrency from 1 on.")
        self._concurrency = concurrency
        self._clock = clock or SystemClock()
        self._info: ServerInfo | None = None
        setting = Setting(self.addresses, Keys(api_key, admin_key), self._clock, pause or Pause())
        self._locals = Locals(setting, self._most)

    def __repr__(self) -> str:
        return f"Fleet({list(self.addresses)!r})"

    async def generate(self, request: GenerateRequest) -> Generation:
        """Returns the whole sample; see `Transport`.

        It comes in one answer: what a server had sampled when it died is sampled anew. `stream` keeps it.
        """
        local, sample = await self._locals.here(), Sample(request)
        trip = self._trip(local, request)
        with trip.told():
            while not sample.finish:
                ticket = await trip.enter()
                try:
                    server = local.servers[ticket.name]
                    outcome = await trip.hear(ticket, native.generate(server, sample.ask(), trip.ends_s))
                    _count(trip, ticket, outcome, sample)
                finally:
                    local.gate.leave(ticket)
        return sample.result()

    @asynccontextmanager
    async def stream(self, request: GenerateRequest) -> AsyncIterator[AsyncIterator[Chunk]]:
        """Gives the sample in chunks; see `Transport`.

        A sample that a grammar binds can not be gone on with on another server once a part of it was shown: a server
        that dies then is a ServerError.
        """
        local = await self._locals.here()
        chunks = _chunks(local, self._trip(local, request), Sample(request))
        try:
            yield chunks
        finally:
            await chunks.aclose()

    async def info(self) -> ServerInfo:
        """Returns what the first server that answers says of itself; asked once, and again as a sample is."""
        if self._info is None:
            local = await self._locals.here()
            self._info = await self._ask_info(local)
            for address in self.addresses:
                local.gate.limit(address, self._most())
        return self._info

    @asynccontextmanager
    async def workers(self) -> AsyncIterator[tuple[Server, ...]]:
        """Gives every server that holds weights: those behind a gateway instead of the gateway, addressed directly."""
        async with AsyncExitStack() as stack:
            workers: dict[str, Server] = {}
            for server in (await self._locals.here()).servers.values():
                behind = await server.workers()
                for address in behind or ():
                    server.check_way(address)
                    workers[address] = await stack.enter_async_context(self._locals.borrow(address))
                if behind is None:
                    workers[server.address] = server
            yield tuple(workers.values())

    async def close(self) -> None:
        """Closes the connections of this event loop; those of another one that still runs are told to close."""
        await self._locals.close()

    async def _ask_info(self, local: Local) -> ServerInfo:
        trip = begin_trip(local.gate, "", INFO_S, self._clock)
        with trip.told():
            while True:
                ticket = await trip.enter()
                try:
                    info = await trip.hear(ticket, self._info_from(local.servers[ticket.name]))
                    if not isinstance(info, Fault):
                        local.gate.succeed(ticket)
                        return info
                    trip.fail(ticket, info)
                finally:
                    local.gate.leave(ticket)

    async def _info_from(self, server: Server) -> ServerInfo | Fault:
        try:
            workers = await server.workers()
        except ServerError as error:
            return judge_error(error)
        return await (_info_of(server) if workers is None else self._info_behind(server, workers))

    async def _info_behind(self, gateway: Server, workers: tuple[str, ...]) -> ServerInfo | Fault:
        """Returns what the first worker of a gateway says: the gateway itself knows the model only."""
        for address in workers:
            with suppress(ServerError):
                gateway.check_way(address)
                async with self._locals.borrow(address) as worker:
                    info = await _info_of(worker)
                if not isinstance(info, Fault):
                    most = info.max_running and info.max_running * len(workers)
                    return replace(info, is_router=True, max_running=most)
        model = await _either(gateway, infos.MODEL)
        return model if isinstance(model, Fault) else infos.read_info(model, {}, is_router=True)

    def _trip(self, local: Local, request: GenerateRequest) -> Trip:
        priority = request.priority or 0
        return begin_trip(local.gate, request.key, request.deadline_s, self._clock, priority=priority)

    def _most(self) -> int:
        return self._concurrency or (self._info and self._info.max_running) or CONCURRENCY


async def _chunks(local: Local, trip: Trip, sample: Sample) -> AsyncGenerator[Chunk, None]:
    with trip.told():
        while not sample.finish:
            ticket = await trip.enter()
            attempt = _attempt(local, ticket, trip, sample)
            try:
                async for chunk in attempt:
                    yield chunk
            finally:
                try:
                    await attempt.aclose()
                finally:  # cancelled once more while it closes, its place is given back all the same
                    local.gate.leave(ticket)


async def _attempt(local: Local, ticket: Ticket, trip: Trip, sample: Sample) -> AsyncGenerator[Chunk, None]:
    outcomes = native.stream(local.servers[ticket.name], sample.ask(), sample, trip.ends_s)
    try:
        while True:
            outcome = await trip.hear(ticket, anext(outcomes))
            for chunk in _count(trip, ticket, outcome, sample, shown=True):
                yield chunk
            if isinstance(outcome, Fault) or outcome.finish:
                return
    finally:
        await outcomes.aclose()


def _count(trip: Trip, ticket: Ticket, outcome: Piece | Fault, sample: Sample, *, shown: bool = False) -> list[Chunk]:
    """Takes what an attempt gave; returns what is to be shown of it. Raises where asking again is of no use."""
    chunks: list[Chunk] = []
    if isinstance(outcome, Piece) and outcome.finish == "abort" and not outcome.ids:
        outcome = _ended(ticket)
    if isinstance(outcome, Fault):
        trip.fail(ticket, outcome)
    else:
        chunks.append(sample.take(outcome, ticket.name))
        if outcome.finish:
            trip.gate.succeed(ticket)
    if isinstance(outcome, Fault) or outcome.finish == "abort":
        if shown and sample.bound and sample.ids:
            raise _broken(ticket, outcome)
        last = sample.interrupt()
        chunks += [last] if last else []
    return chunks


def _ended(ticket: Ticket) -> Fault:
    """Returns the fault of a server that ends a request before its first token: it is paused, or on its way out."""
    error = ServerError(f"{ticket.name} ended a request before its first token.", hint="Is it paused?", sent=False)
    return Fault("busy", error)


def _broken(ticket: Ticket, outcome: Piece | Fault) -> ServerError:
    why = outcome.error.message if isinstance(outcome, Fault) else f"{ticket.name} ended the request."
    return ServerError(
        f"A sample that a grammar binds broke off after a part of it was shown. {why}",
        hint="Ask again: no server can go on in the middle of a grammar.",
    )


async def _info_of(server: Server) -> ServerInfo | Fault:
    model = await _either(server, infos.MODEL)
    if isinstance(model, Fault):
        return model
    about = await _either(server, infos.SERVER)
    return about if isinstance(about, Fault) else infos.read_info(model, about)


async def _either(server: Server, paths: tuple[str, str]) -> dict[str, JSON] | Fault:
    """Returns what a route answers under today's name, or under the one before it."""
    value = await server.look(paths[0])
    if isinstance(value, Fault) and isinstance(value.error, ServerError) and value.error.sent:
        return await server.look(paths[1])
    return value
