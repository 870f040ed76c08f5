"""The one request that a browser makes to this machine at the end of a login, with the code in its address."""

import asyncio
import html
import secrets
import socket
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

from mcp.shared.auth import AuthorizationCodeResult

from metier.errors import ServerError

HOST = "127.0.0.1"
PATH = "/callback"
REQUEST_BYTES = 16_384
REQUEST_S = 10.0  # for one request to arrive whole
_PAGE = "<!doctype html><meta charset=utf-8><title>metier</title><p>{}</p>"


class Loopback:
    """Listens on 127.0.0.1 for the answer to one login, and takes it only with the state that was sent along.

    `port` 0 takes any free one. Use it as an async context manager; `redirect` is the address to give out.
    """

    def __init__(self, name: str, *, port: int = 0) -> None:
        self.name = name
        self._socket = socket.create_server((HOST, port))
        self.redirect = f"http://{HOST}:{self._socket.getsockname()[1]}{PATH}"
        self._state = ""
        self._answer: asyncio.Future[AuthorizationCodeResult] = asyncio.get_running_loop().create_future()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, sock=self._socket, limit=REQUEST_BYTES)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._answer.done():
            self._answer.exception()  # seen, even when nobody waited for it
        self._answer.cancel()
        if self._server is not None:
            self._server.close()

    def expect(self, authorization_url: str) -> None:
        """Takes note of the state that `authorization_url` carries: no answer without it counts."""
        self._state = _single(parse_qs(urlsplit(authorization_url).query), "state")

    async def answer(self, timeout_s: float) -> AuthorizationCodeResult:
        """Returns the code; raises ServerError when the login was refused, or not finished within `timeout_s`."""
        done, _ = await asyncio.wait({self._answer}, timeout=timeout_s)
        if not done:
            raise ServerError(
                f"Nobody logged in to {self.name!r} within {timeout_s:g} s.", hint=f"Run: metier mcp login {self.name}"
            )
        return self._answer.result()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(REQUEST_S):
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                status, text = self._take(head)
                page = _PAGE.format(html.escape(text)).encode()
                writer.write(_head(status, len(page)) + page)
                await writer.drain()
        except (TimeoutError, OSError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # not a browser's request: whoever sent it gets no answer, and the login goes on waiting
        finally:
            writer.close()

    def _take(self, head: str) -> tuple[str, str]:
        method, _, rest = head.partition(" ")
        target = urlsplit(rest.partition(" ")[0])
        if method != "GET" or target.path != PATH:
            return "404 Not Found", "There is nothing here."
        query = parse_qs(target.query, keep_blank_values=True)
        state = _single(query, "state")
        if not self._state or not secrets.compare_digest(state.encode(), self._state.encode()):
            return "400 Bad Request", "This answer does not belong to the login that is under way. Nothing was taken."
        if self._answer.done():
            return "409 Conflict", "This login is over."
        code = _single(query, "code")
        if not code:
            self._answer.set_exception(_refusal(self.name, _single(query, "error")))
            return "200 OK", "The login was refused. You may close this page."
        iss = query.get("iss", [None])[0]
        self._answer.set_result(AuthorizationCodeResult(code=code, state=state, iss=iss))
        return "200 OK", "You are logged in. You may close this page."


def _refusal(name: str, error: str) -> ServerError:
    reason = "".join(sign for sign in error if sign.isascii() and (sign.isalnum() or sign in "_-"))[:60]
    return ServerError(f"The login to {name!r} was refused ({reason or 'no reason given'}).", hint="Try again.")


def _single(query: dict[str, list[str]], name: str) -> str:
    values = query.get(name, [])
    return values[0] if len(values) == 1 else ""


def _head(status: str, size: int) -> bytes:
    lines = (
        f"HTTP/1.1 {status}",
        "Content-Type: text/html; charset=utf-8",
        f"Content-Length: {size}",
        "Cache-Control: no-store",
        "Referrer-Policy: no-referrer",
        "Connection: close",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode()
