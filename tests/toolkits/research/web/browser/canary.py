"""A server on this machine that nobody may reach: it counts who knocks, by TCP and by UDP, at one port."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass


@dataclass(slots=True)
class Canary(asyncio.DatagramProtocol):
    port: int = 0
    knocks: int = 0

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.knocks += 1

    async def knock(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.knocks += 1
        writer.transport.abort()


def has_ipv6() -> bool:
    """Returns whether this machine can be reached at ::1."""
    try:
        with socket.socket(socket.AF_INET6) as trial:
            trial.bind(("::1", 0))
    except OSError:
        return False
    return True


@asynccontextmanager
async def listening() -> AsyncIterator[Canary]:
    """Gives one that listens on every address of this machine, of both families where it has them."""
    canary = Canary()
    server = await asyncio.start_server(canary.knock, "0.0.0.0", 0)
    canary.port = server.sockets[0].getsockname()[1]
    servers = [server]
    if has_ipv6():
        servers.append(await asyncio.start_server(canary.knock, "::1", canary.port))
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: canary, local_addr=("127.0.0.1", canary.port)
    )
    try:
        yield canary
    finally:
        transport.close()
        for one in servers:
            one.close()
        await asyncio.sleep(0)
