"""A server on this machine that answers as a test says, and a resolver by which `site.example` is that server."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ssl import SSLContext

Answer = Callable[[str, dict[str, str], bytes], bytes]


@dataclass(slots=True)
class Site:
    port: int = 0
    asked: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://site.example:{self.port}"

    @property
    def here(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def allowed(self) -> frozenset[str]:
        return frozenset((f"site.example:{self.port}",))

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        if host == "site.example":
            return ("127.0.0.1",)
        raise OSError("no such host")


def say(body: bytes = b"", status: int = 200, **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} X", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "Connection: close", "", ""]).encode() + body


@asynccontextmanager
async def serving(answer: Answer, *, secure: SSLContext | None = None) -> AsyncIterator[Site]:
    site = Site()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines) if name}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            path = first.split(" ")[1]
            site.asked.append((path, headers, body))
            writer.write(answer(path, headers, body))
            await writer.drain()
        finally:
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=secure)
    site.port = server.sockets[0].getsockname()[1]
    try:
        yield site
    finally:
        server.close()
