"""Streamable HTTP: the requests of one session, each failure told to the call that it befell.

An error raised while a request is made would end the session with all its calls. Here it becomes the answer of its own
call, by way of `faults`; so does a status that says no, and an answer that is too long.
"""

import json
import ssl
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from ipaddress import ip_address
from typing import Any

import httpx2
from mcp.client.auth import OAuthFlowError
from mcp.client.streamable_http import streamable_http_client
from mcp.types import ErrorData

from metier.errors import InputError, MetierError, ServerError
from metier.servers.sessions.faults import Faults
from metier.servers.target import HttpTarget

MOST_BYTES = 32 * 1024 * 1024  # of one message
CONNECT_S = 10.0
READ_S = 300.0  # between two pieces of an answer; a call has its own, shorter time
STREAM_S = 3_600.0  # for one answer as a stream, however slowly it drips
_SESSION = "mcp-session-id"
_NEVER_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.ProxyError)
_MISUSED = (httpx2.UnsupportedProtocol, httpx2.LocalProtocolError, httpx2.InvalidURL)


def check_address(url: str) -> None:
    """Raises InputError for a text that is no address of a server."""
    try:
        parts = httpx2.URL(url)
    except httpx2.InvalidURL as error:
        raise InputError("The address of a server cannot be read.", hint="Write it as https://host/path.") from error
    if parts.scheme not in ("http", "https") or not parts.host:
        raise InputError("The address of a server is not one of the web.", hint="Write it as https://host/path.")


@asynccontextmanager
async def http_streams(name: str, target: HttpTarget, faults: Faults, *, read_s: float) -> AsyncIterator[Any]:
    """Yields the two streams of a session with `target`; `read_s` is how long a call may take."""
    async with (
        _Requests(name, target, faults, read_s=max(READ_S, read_s)) as client,
        _streams(target.url, client) as streams,
    ):
        yield streams


def _streams(url: str, client: httpx2.AsyncClient) -> AbstractAsyncContextManager[Any]:
    return streamable_http_client(url, http_client=client, max_sse_event_size=MOST_BYTES)


class _Requests(httpx2.AsyncClient):
    """A client whose `send` never raises for a request of JSON-RPC, and never gives more than MOST_BYTES of JSON."""

    def __init__(self, name: str, target: HttpTarget, faults: Faults, *, read_s: float) -> None:
        super().__init__(
            headers={"accept-encoding": "identity", **target.headers},
            auth=target.auth,
            verify=_tls(),
            timeout=httpx2.Timeout(CONNECT_S, read=read_s, write=read_s, pool=None),
            limits=httpx2.Limits(max_connections=None, max_keepalive_connections=100),
            follow_redirects=False,
            trust_env=not _is_loopback(target.url),
        )
        self._server = name
        self._faults = faults

    async def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
        """Returns the response; one of our own making, with a token, when the request failed."""
        if request.method == "DELETE" and self._faults.broken:
            return httpx2.Response(204, request=request)  # nobody is there to be told that the session ends
        if request.method != "POST":
            return await super().send(request, **options)
        try:
            response = await super().send(request, **options)
            return await self._taken(request, response)
        except (httpx2.HTTPError, httpx2.StreamError, httpx2.InvalidURL) as error:
            return self._told(request, self._blame(error))
        except OAuthFlowError:  # its text may hold what the login page answered
            fault = ServerError(f"The login at the server {self._server!r} failed.", hint=self._login(), sent=False)
            return self._told(request, fault)
        except MetierError as error:  # raised by whoever logs in
            return self._told(request, error)

    async def _taken(self, request: httpx2.Request, response: httpx2.Response) -> httpx2.Response:
        if (fault := self._refusal(request, response)) is not None:
            await response.aclose()
            return self._told(request, fault)
        if _is_json(response):
            return await self._whole(request, response)
        if response.headers.get("content-type", "").lower().startswith("text/event-stream"):
            response.stream = _Bounded(response.stream)
        return response

    async def _whole(self, request: httpx2.Request, response: httpx2.Response) -> httpx2.Response:
        """Returns the response with its body read."""
        body = bytearray()
        try:
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > MOST_BYTES:
                    return self._told(request, self._too_long())
        finally:
            await response.aclose()
        if (
            response.status_code == 400
            and _SESSION in request.headers
            and _is_about_session(bytes(body), request.content)
        ):
            return self._told(request, self._forgotten())  # what servers of the TypeScript SDK say instead of 404
        kind = {"content-type": "application/json"}
        if session := response.headers.get(_SESSION):
            kind[_SESSION] = session
        return httpx2.Response(response.status_code, headers=kind, content=bytes(body), request=request)

    def _refusal(self, request: httpx2.Request, response: httpx2.Response) -> MetierError | None:
        """Returns what a status means that concerns no single method of the protocol; None for any other."""
        status, server = response.status_code, self._server
        self._faults.lasting = status in (401, 403, 429)
        if status in (401, 403):
            said = "does not know who asks" if status == 401 else "does not allow this"
            return ServerError(f"The server {server!r} {said} (HTTP {status}).", hint=self._login(), sent=False)
        if status == 404 and _SESSION in request.headers:
            return self._forgotten()
        if status in (429, 503) or (status >= 500 and not _is_json(response)):
            return ServerError(
                f"The server {server!r} {'is asked too often' if status == 429 else 'failed'} (HTTP {status}).",
                hint="Try again later.",
                sent=status != 429,
                retry_after_s=_pause(response.headers),
            )
        return None

    def _blame(self, error: Exception) -> MetierError:
        """Returns the failure behind an error of the library, whose own text may hold a header or an address."""
        kind = type(error).__name__
        if isinstance(error, _MISUSED):
            return InputError(
                f"The address or a header of the server {self._server!r} cannot be sent ({kind}).",
                hint="Headers are ASCII text without line breaks.",
            )
        self._faults.broken = True
        if isinstance(error, _NEVER_SENT):
            return ServerError(
                f"The server {self._server!r} cannot be reached ({kind}).",
                hint="Is it running, and is its address right?",
                sent=False,
            )
        return ServerError(
            f"The server {self._server!r} closed the connection during a call ({kind}).",
            hint="The next call connects again.",
        )

    def _forgotten(self) -> ServerError:
        self._faults.broken = True
        return ServerError(
            f"The server {self._server!r} has forgotten the session.", hint="The next call connects again.", sent=False
        )

    def _too_long(self) -> ServerError:
        return ServerError(
            f"The server {self._server!r} answered with more than {MOST_BYTES // 1024**2} MiB.",
            hint="Ask for less: a page, a range, fewer fields.",
        )

    def _login(self) -> str:
        return f"Log in with: metier mcp login {self._server}; or check its key."

    def _told(self, request: httpx2.Request, error: MetierError) -> httpx2.Response:
        data: ErrorData = self._faults.note(error)
        body = {"jsonrpc": "2.0", "id": 0, "error": data.model_dump(mode="json", exclude_none=True)}
        kind = {"content-type": "application/json"}
        return httpx2.Response(500, headers=kind, content=json.dumps(body).encode(), request=request)


class _Bounded(httpx2.AsyncByteStream):
    """An answer as a stream, which ends by itself after STREAM_S."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._until = time.monotonic() + STREAM_S

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._stream:
            if time.monotonic() > self._until:
                return
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    """Returns the one context of the process: making it reads every root certificate, about 0.1 s."""
    return httpx2.create_ssl_context()


def _is_loopback(url: str) -> bool:
    host = httpx2.URL(url).host
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_about_session(body: bytes, request: bytes) -> bool:
    """Returns whether an answer speaks of a session, and is not that of the call itself, which was carried out then."""
    try:
        said, asked = json.loads(body), json.loads(request)
    except (ValueError, RecursionError):
        return False
    is_answer = isinstance(said, dict) and isinstance(asked, dict) and said.get("id") == asked.get("id")
    return not is_answer and b"session" in body.lower()


def _is_json(response: httpx2.Response) -> bool:
    return str(response.headers.get("content-type", "")).lower().startswith("application/json")


def _pause(headers: Mapping[str, str]) -> float | None:
    """Returns the seconds that `Retry-After` asks for, given as a number or as a date; None when it does not."""
    given = headers.get("retry-after", "").strip()
    if given.isascii() and given.isdigit():
        return float(given)
    try:
        return max(0.0, (parsedate_to_datetime(given) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None
