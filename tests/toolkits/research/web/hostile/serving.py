"""A server of hostile pages on this machine, and a resolver by which the web is that server."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.toolkits.research.web.hostile.pages import HostilePage

HOST = "site.example"
PUBLIC = "93.184.216.34"


@dataclass(slots=True)
class Served:
    """A server of pages: their addresses, and what `allow_private` must name for them to be fetched."""

    port: int
    asked: list[bytes] = field(default_factory=list)

    @property
    def allowed(self) -> frozenset[str]:
        """Returns the host and port as a policy names them."""
        return frozenset((f"{HOST}:{self.port}",))

    def url(self, number: int) -> str:
        """Returns the address of a page by its number."""
        return f"http://{HOST}:{self.port}/{number}"

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        """Returns this machine for the server's host, a private address for others, and for `half.example` both."""
        if host == HOST:
            return ("127.0.0.1",)
        return (PUBLIC, "10.0.0.8") if host == "half.example" else ("10.0.0.7",)


@asynccontextmanager
async def serve_hostile(pages: Sequence[HostilePage]) -> AsyncIterator[Served]:
    """Serves the pages on a port of this machine: page 7 at /7."""
    served = Served(0)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            served.asked.append(head)
            await _send(pages[_number(head)], reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    served.port = server.sockets[0].getsockname()[1]
    try:
        yield served
    finally:
        server.close()


def _number(head: bytes) -> int:
    path = head.split(b" ", 2)[1].lstrip(b"/").partition(b"?")[0]
    return int(path) if path.isdigit() else 0


async def _send(page: HostilePage, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    if page.raw:
        writer.write(page.raw)
    elif not page.silent:
        lines = [
            f"HTTP/1.1 {page.status} X",
            *(f"{name}: {value}" for name, value in page.headers),
            "Connection: close",
        ]
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        for chunk in page.chunks:
            writer.write(chunk)
            await writer.drain()
    while page.endless:
        writer.write(page.chunks[-1])
        await writer.drain()
    if page.silent:
        await writer.drain()
        await reader.read()
