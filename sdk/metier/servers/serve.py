"""Serving a tool server to any MCP host: over stdio, or over streamable HTTP."""

import hmac
import ipaddress
import socket
from collections.abc import Callable
from typing import Any, TypeAlias

import anyio
import uvicorn
from mcp.server import MCPServer
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.server.transport_security import TransportSecuritySettings
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from metier.errors import InputError

__all__ = ["Served", "serve_http", "serve_stdio"]

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
SHORTEST_TOKEN = 16  # characters
Served: TypeAlias = MCPServer[Any] | Server[Any]


def serve_stdio(server: Served) -> None:
    """Serves on standard input and output until the host closes them; all other output goes to standard error."""
    if isinstance(server, MCPServer):
        server.run("stdio")
    else:
        anyio.run(_serve_streams, server)


def serve_http(
    server: Served,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    token: str = "",
    tell: Callable[[str], None] = lambda address: None,
) -> None:
    """Serves on http://`host`:`port`/mcp until interrupted; `tell` is given the address once it listens.

    Port 0 takes any free port. Requests that name another host than `host` or this machine are refused, which keeps
    web pages from reaching the server by a name of their own (DNS rebinding). With a `token` only requests that bear
    it (`Authorization: Bearer ...`) are answered; off loopback there must be one. Raises InputError for a host or port
    that cannot be had, and for a token that is missing or too short.
    """
    _check_token(host, token)
    listener = _listen(host, port)
    with listener:
        app: ASGIApp = server.streamable_http_app(transport_security=_guard(host), host=host)
        app = _Bouncer(app, token) if token else app
        config = uvicorn.Config(app, log_config=None, access_log=False)
        tell(f"http://{_spell(host)}:{listener.getsockname()[1]}/mcp")
        uvicorn.Server(config).run(sockets=[listener])


class _Bouncer:
    """Lets only requests through that bear the token."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._wanted = f"Bearer {token}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            borne = Headers(scope=scope).get("authorization", "").encode("latin-1", "replace")
            if not hmac.compare_digest(borne, self._wanted):
                headers = {"WWW-Authenticate": "Bearer"}
                await PlainTextResponse("A bearer token is needed.", 401, headers)(scope, receive, send)
                return
        await self._app(scope, receive, send)


async def _serve_streams(server: Server[Any]) -> None:
    async with stdio_server() as (reading, writing):
        await server.run(reading, writing, server.create_initialization_options())


def _check_token(host: str, token: str) -> None:
    if not token and not _is_loopback(host):
        raise InputError(
            f"Whoever can reach {host} could call these tools.",
            hint="Give a token (METIER_TOKEN, or --token-file), or listen on 127.0.0.1.",
        )
    if token and (len(token) < SHORTEST_TOKEN or not token.isascii() or not token.isprintable() or " " in token):
        raise InputError(
            f"The token must be at least {SHORTEST_TOKEN} printable ASCII characters without spaces.",
            hint="Make one: python -c 'import secrets; print(secrets.token_urlsafe())'",
        )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _listen(host: str, port: int) -> socket.socket:
    if not 0 <= port <= 65535:
        raise InputError(f"{port} is no port.", hint="Ports are 0 to 65535; 0 takes any free one.")
    try:
        host.encode("idna")  # what cannot be spelled so leaves a socket open in create_server
        listener = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(
            f"Cannot listen on {host} port {port}: {reason}.", hint="Choose another with --host or --port."
        ) from error
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else each answer waits 40 ms for the next packet
    return listener


def _guard(host: str) -> TransportSecuritySettings:
    names = sorted({_spell(host), *LOOPBACK})
    return TransportSecuritySettings(
        enable_dns_rebinding_protection=True,
        allowed_hosts=[f"{name}:*" for name in names],
        allowed_origins=[f"{scheme}://{name}:*" for name in names for scheme in ("http", "https")],
    )


def _spell(host: str) -> str:
    return f"[{host}]" if ":" in host else host
