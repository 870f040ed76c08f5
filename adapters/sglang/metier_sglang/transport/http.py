"""HTTP, for the whole distribution: the one file that knows httpx.

A pool's connections are httpx's transport, not its client: what a client adds (redirects, cookies, proxies from the
environment, a log line with the address) is not wanted towards a model server, and costs more than the rest. So a
request never goes through a proxy that somebody set for the web, and a redirect is an answer like any other.
"""

import ssl
from collections.abc import AsyncIterable, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from metier.errors import ServerError
from metier_sglang.protocol.reply import Reply, strange

CONNECT_S = 5.0
SEND_S = 60.0  # between two writes: a server that does not read
KEEP_S = 4.0  # a connection rests this long at most: SGLang's HTTP server closes idle ones after five seconds
KEPT = 512
LARGEST = 512 * 1024 * 1024  # bytes of one whole answer
LARGEST_ERROR = 4 * 1024 * 1024  # bytes of one that is not HTTP 200
_FIXED = {b"accept": b"*/*", b"accept-encoding": b"identity", b"user-agent": b"metier-sglang"}


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `headers` may hold secrets, so nothing shows them. `limit_s` is the longest silence, in seconds."""

    path: str
    headers: "Headers"
    body: bytes | None = None
    limit_s: float | None = None


class Headers:
    """The headers of requests, ready for the wire; its text shows names only."""

    __slots__ = ("pairs",)

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        named = {name.lower().encode("ascii"): value.encode("ascii") for name, value in (values or {}).items()}
        self.pairs = list({**_FIXED, **named}.items())

    def __repr__(self) -> str:
        return f"Headers({', '.join(name.decode() for name, _ in self.pairs)})"

    def plus(self, name: bytes, value: bytes) -> "Headers":
        """Returns these headers and one more."""
        more = Headers.__new__(Headers)
        more.pairs = [*self.pairs, (name, value)]
        return more


class Pool:
    """The connections to one server, of one event loop. `address` is what `read_address` returned."""

    def __init__(self, address: str) -> None:
        self.address = address
        context = (
            ssl.create_default_context() if address.startswith("https:") else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        )
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=KEPT, keepalive_expiry=KEEP_S)
        self._transport = httpx.AsyncHTTPTransport(verify=context, limits=limits)
        self._urls: dict[str, httpx.URL] = {}

    async def send(self, call: Call) -> Reply:
        """Returns the whole answer: to a POST when the call has a body, else to a GET.

        Raises ServerError when the server can not be reached or does not answer; its `sent` is False when the request
        surely did not arrive.
        """
        try:
            response = await self._transport.handle_async_request(self._request(call))
            stream = response.stream
            assert isinstance(stream, httpx.AsyncByteStream)
            try:
                body = await read_whole(stream, response.status_code, self.address)
            finally:
                await stream.aclose()
        except (httpx.TransportError, httpx.InvalidURL) as error:
            raise _translated(error, self.address) from error
        return Reply(response.status_code, _told(response), body)

    @asynccontextmanager
    async def open(self, call: Call) -> AsyncIterator[tuple[Reply, AsyncIterator[bytes]]]:
        """Gives the answer's head and its body as it comes; leaving early closes the connection.

        Raises ServerError as `send` does, the iterator too.
        """
        try:
            response = await self._transport.handle_async_request(self._request(call))
        except (httpx.TransportError, httpx.InvalidURL) as error:
            raise _translated(error, self.address) from error
        stream = response.stream
        assert isinstance(stream, httpx.AsyncByteStream)
        try:
            yield Reply(response.status_code, _told(response)), self._pieces(stream)
        finally:
            await stream.aclose()

    async def close(self) -> None:
        """Closes the connections."""
        await self._transport.aclose()

    async def _pieces(self, stream: httpx.AsyncByteStream) -> AsyncIterator[bytes]:
        try:
            async for piece in stream:
                yield piece
        except httpx.TransportError as error:
            raise _translated(error, self.address) from error

    def _request(self, call: Call) -> httpx.Request:
        url = self._urls.get(call.path)
        if url is None:
            url = self._urls[call.path] = httpx.URL(self.address + call.path)
        limits = {"connect": CONNECT_S, "read": call.limit_s, "write": SEND_S, "pool": None}
        extensions = {"timeout": limits}
        if call.body is None:
            return httpx.Request("GET", url, headers=call.headers.pairs, extensions=extensions)
        headers = [*call.headers.pairs, (b"content-type", b"application/json")]
        return httpx.Request("POST", url, headers=headers, content=call.body, extensions=extensions)


async def read_whole(body: AsyncIterable[bytes], status: int, server: str) -> bytes:
    """Returns the whole of a body; raises ServerError, naming `server`, for one that is larger than any answer."""
    most = LARGEST if status == 200 else LARGEST_ERROR
    pieces: list[bytes] = []
    size = 0
    async for piece in body:
        size += len(piece)
        if size > most:
            raise strange(server, f"its answer, HTTP {status}, has more than {most} bytes")
        pieces.append(piece)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _told(response: httpx.Response) -> dict[str, str]:
    return {name.decode("ascii", "replace").lower(): value.decode("latin-1") for name, value in response.headers.raw}


def _translated(error: Exception, server: str) -> ServerError:
    match error:
        case httpx.ConnectTimeout():
            return ServerError(f"{server} can not be reached within {CONNECT_S:g} s.", hint=_UNREACHED, sent=False)
        case httpx.ConnectError():
            return ServerError(f"{server} can not be reached: {_cause(error)}.", hint=_UNREACHED, sent=False)
        case httpx.TimeoutException():
            return ServerError(f"{server} is silent for too long.", hint="It hangs, or it has too much to do.")
        case httpx.InvalidURL() | httpx.LocalProtocolError() | httpx.UnsupportedProtocol():
            return ServerError(f"{server} can not be asked: {_cause(error)}.", hint="Look at its address.", sent=False)
        case _:
            return ServerError(f"{server} broke the connection off: {_cause(error)}.", hint="It died or was restarted.")


_UNREACHED = "Is it running, and is its address right?"


def _cause(error: Exception) -> str:
    text = " ".join(str(error).split()).rstrip(".")
    return text[:200] or type(error).__name__
