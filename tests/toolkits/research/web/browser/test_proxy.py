"""The proxy leads where a fetch may go, and nowhere else."""

import asyncio
import contextlib
from collections.abc import Sequence

import pytest

from metier_research.web.browser.proxy import Proxy, open_proxy
from metier_research.web.policy import FetchPolicy
from tests.toolkits.research.web.browser.canary import listening
from tests.toolkits.research.web.site import Site, say, serving

pytestmark = pytest.mark.anyio


async def tell(proxy: Proxy, request: str, then: bytes = b"") -> bytes:
    """Returns all that the proxy answers to a request, and, once a tunnel is open, to what is sent through it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    try:
        writer.write(f"{request}\r\n\r\n".encode())
        if request.startswith("CONNECT") and then:
            await reader.readuntil(b"\r\n\r\n")
        writer.write(then)
        return await reader.read()
    finally:
        writer.close()


def policy(site: Site) -> FetchPolicy:
    return FetchPolicy("agent", allow_private=site.allowed)


async def test_pages_and_tunnels_to_an_allowed_host_are_carried_whole() -> None:
    async with serving(lambda path, _, body: say(path.encode() + body)) as site:
        async with open_proxy(policy(site), site.resolve) as proxy:
            got = await tell(proxy, f"POST {site.url}/a HTTP/1.1\r\nContent-Length: 3", b"abcGET /smuggled HTTP/1.1")
            assert got.endswith(b"\r\n\r\n/aabc")
            got = await tell(proxy, f"CONNECT site.example:{site.port} HTTP/1.1", b"GET /b HTTP/1.1\r\n\r\n")
            assert got.endswith(b"\r\n\r\n/b")
            assert proxy.refused == []
        assert [path for path, *_ in site.asked] == ["/a", "/b"]
        headers = site.asked[0][1]
        assert headers == {"host": f"site.example:{site.port}", "content-length": "3", "connection": "close"}


async def test_every_way_to_a_private_address_is_refused_before_anybody_is_reached() -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        return ("93.184.216.34", "127.0.0.1") if host == "both.example" else ("::ffff:127.0.0.1",)

    async with listening() as canary, open_proxy(FetchPolicy("agent"), resolve) as proxy:
        for host in ("127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.1", "[::1]", "[::ffff:7f00:1]", "0.0.0.0"):
            for port in (canary.port, 8080):
                assert b" 403 " in await tell(proxy, f"CONNECT {host}:{port} HTTP/1.1")
                assert b" 403 " in await tell(proxy, f"GET http://{host}:{port}/ HTTP/1.1")
        for host in ("both.example", "inner.example", "a.localhost"):
            assert b" 403 " in await tell(proxy, f"CONNECT {host}:8080 HTTP/1.1")
            assert "is on this machine" in proxy.refused[-1]
        assert canary.knocks == 0


async def test_a_browser_reports_nothing_to_its_maker() -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        raise AssertionError(host)

    async with open_proxy(FetchPolicy("agent"), resolve) as proxy:
        for host in ("update.googleapis.com", "clients2.google.com", "r1.gvt1.com"):
            assert b" 403 " in await tell(proxy, f"CONNECT {host}:443 HTTP/1.1")


async def test_a_page_has_so_many_connections_and_bytes_and_no_more() -> None:
    async with serving(lambda *_: say(b"x" * 1_000_000)) as site:
        async with open_proxy(policy(site), site.resolve, most_connections=1) as proxy:
            assert b" 200 " in await tell(proxy, f"GET {site.url}/ HTTP/1.1")
            assert b" 403 " in await tell(proxy, f"GET {site.url}/ HTTP/1.1")
        async with open_proxy(policy(site), site.resolve, most_bytes=100_000) as proxy:
            assert len(await tell(proxy, f"GET {site.url}/ HTTP/1.1")) < 200_000
            assert b" 403 " in await tell(proxy, f"GET {site.url}/ HTTP/1.1")


async def test_a_proxy_that_is_gone_holds_no_connection() -> None:
    ended = asyncio.Event()

    async def wait(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionResetError):
            await reader.read()
        writer.close()
        ended.set()

    server = await asyncio.start_server(wait, "127.0.0.1", 0)
    site = Site(server.sockets[0].getsockname()[1])
    async with server:
        async with open_proxy(policy(site), site.resolve) as proxy:
            reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
            writer.write(f"CONNECT site.example:{site.port} HTTP/1.1\r\n\r\n".encode())
            assert b" 200 " in await reader.readuntil(b"\r\n\r\n")
        with contextlib.suppress(ConnectionResetError):
            assert await reader.read() == b""
        writer.close()
        await asyncio.wait_for(ended.wait(), 5)
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", proxy.port)
