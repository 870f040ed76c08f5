"""The only way out that a browser is given: a proxy on this machine that leads where a fetch may go, and nowhere else.

Every host that it is asked for is read, resolved once and checked as `web.http` does, and the connection goes to the
checked address. It is there as long as one page is rendered.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from metier.errors import InputError, ServerError
from metier_research.web.browser.request import END, MOST_HEAD, Request, read_request
from metier_research.web.policy import FetchPolicy
from metier_research.web.resolving import Resolver, find_addresses

MOST_CONNECTIONS: Final = 300
MOST_BYTES: Final = 64 << 20
_CONNECT_S: Final = 10.0
_MOST_ADDRESSES: Final = 3
_MOST_NOTES: Final = 50
_CHUNK: Final = 65_536
_MAKER: Final = frozenset(  # whom a Chromium reports to, and asks for updates and its clock, whatever its flags say
    f"{name}.google.com"
    for name in ("accounts", "android.clients", "clients1", "clients2", "clients4", "mtalk", "tools")
) | frozenset(
    f"{name}.googleapis.com" for name in ("content-autofill", "optimizationguide-pa", "safebrowsing", "update")
)
_OPENED: Final = b"HTTP/1.1 200 OK\r\n\r\n"
_Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(slots=True)
class Proxy:
    """A proxy that runs at a `port`: what it saw and `carried` (in bytes), and what it `refused` and why."""

    policy: FetchPolicy
    resolve: Resolver
    most_connections: int = MOST_CONNECTIONS
    most_bytes: int = MOST_BYTES
    port: int = 0
    connections: int = 0
    carried: int = 0
    refused: list[str] = field(default_factory=list)
    _tasks: set["asyncio.Task[None]"] = field(default_factory=set)
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)
    _closed: bool = False

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serves one connection of the browser until one of both ends it, or the proxy closes."""
        if self._closed:
            writer.transport.abort()
            return
        self._writers.add(writer)
        task = asyncio.create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._lead(reader, writer)
        except (OSError, EOFError, asyncio.LimitOverrunError, TimeoutError):
            pass  # one of both broke off, or does not speak HTTP: there is nobody to tell
        finally:
            writer.close()

    async def close(self) -> None:
        """Ends every connection."""
        self._closed = True
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.sleep(0)

    async def _lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(END)
        try:
            self._count()
            request = read_request(head, self.policy.allow_private)
            _spare_the_maker(request.target.host)
            addresses = await find_addresses(request.target, self.resolve)
            there = await self._connect(addresses, request.target.port)
        except (InputError, ServerError) as error:
            await self._refuse(head, error, writer)
            return
        await self._exchange(request, (reader, writer), there)

    def _count(self) -> None:
        self.connections += 1
        if self.connections > self.most_connections or self.carried > self.most_bytes:
            raise InputError("The page asks for too much.")

    async def _refuse(self, head: bytes, error: InputError | ServerError, writer: asyncio.StreamWriter) -> None:
        if len(self.refused) < _MOST_NOTES:
            asked = head.partition(b"\r\n")[0][:200].decode("ascii", "replace")
            self.refused.append(f"{asked}: {error}")
        status = "403 Forbidden" if isinstance(error, InputError) else "502 Bad Gateway"
        writer.write(f"HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode())
        await writer.drain()

    async def _connect(self, addresses: Sequence[str], port: int) -> _Ends:
        """Returns the ends of a connection to the first of the checked addresses that can be reached."""
        for address in addresses[:_MOST_ADDRESSES]:
            try:
                async with asyncio.timeout(_CONNECT_S):
                    reader, writer = await asyncio.open_connection(address, port)
            except (OSError, TimeoutError):
                continue
            self._writers.add(writer)
            return reader, writer
        raise ServerError("The host cannot be reached.", sent=False)

    async def _exchange(self, request: Request, here: _Ends, there: _Ends) -> None:
        """Carries bytes both ways until the server has said all."""
        if request.tunnel:
            here[1].write(_OPENED)
        else:
            there[1].write(request.head)
        asking = asyncio.create_task(self._carry(here[0], there[1], None if request.tunnel else request.length))
        try:
            await self._carry(there[0], here[1], None)
        finally:
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
            there[1].close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, length: int | None) -> None:
        """Carries so many bytes, or all that come, as long as the page has not had too many."""
        while length != 0 and self.carried <= self.most_bytes:
            chunk = await reader.read(_CHUNK if length is None else min(_CHUNK, length))
            if not chunk:
                break
            self.carried += len(chunk)
            length = None if length is None else length - len(chunk)
            writer.write(chunk)
            await writer.drain()
        if length is None and writer.can_write_eof():
            writer.write_eof()


def _spare_the_maker(host: str) -> None:
    if host in _MAKER or host.endswith(".gvt1.com"):
        raise InputError("What a browser tells its maker is not carried.")


@asynccontextmanager
async def open_proxy(
    policy: FetchPolicy, resolve: Resolver, *, most_connections: int = MOST_CONNECTIONS, most_bytes: int = MOST_BYTES
) -> AsyncIterator[Proxy]:
    """Gives a proxy that leads where the policy allows; at the end it is gone, with every connection."""
    proxy = Proxy(policy, resolve, most_connections, most_bytes)
    server = await asyncio.start_server(proxy.accept, "127.0.0.1", 0, limit=MOST_HEAD)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        await proxy.close()
