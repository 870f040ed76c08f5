"""Serving a tool server to any MCP host: over stdio, or over streamable HTTP on this machine."""

import socket
from collections.abc import Callable
from typing import Any

import uvicorn
from mcp.server import MCPServer
from mcp.server.transport_security import TransportSecuritySettings

from metier.errors import InputError

__all__ = ["serve_http", "serve_stdio"]

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def serve_stdio(server: MCPServer[Any]) -> None:
    """Serves on standard input and output until the host closes them; all other output goes to standard error."""
    server.run("stdio")


def serve_http(
    server: MCPServer[Any],
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    tell: Callable[[str], None] = lambda address: None,
) -> None:
    """Serves on http://`host`:`port`/mcp until interrupted; `tell` is given the address once it listens.

    Port 0 takes any free port. Requests that name another host than `host` or this machine are refused, which keeps
    web pages from reaching the server by a name of their own (DNS rebinding). There is no login: whoever can reach
    `host` can call the tools. Raises InputError for a host or port that cannot be had.
    """
    listener = _listen(host, port)
    with listener:
        app = server.streamable_http_app(transport_security=_guard(host), host=host)
        config = uvicorn.Config(app, log_config=None, access_log=False)
        tell(f"http://{_spell(host)}:{listener.getsockname()[1]}/mcp")
        uvicorn.Server(config).run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    if not 0 <= port <= 65535:
        raise InputError(f"{port} is no port.", hint="Ports are 0 to 65535; 0 takes any free one.")
    try:
        host.encode("idna")  # what cannot be spelled so leaves a socket open in create_server
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(
            f"Cannot listen on {host} port {port}: {reason}.", hint="Choose another with --host or --port."
        ) from error


def _guard(host: str) -> TransportSecuritySettings:
    names = sorted({_spell(host), *LOOPBACK})
    return TransportSecuritySettings(
        enable_dns_rebinding_protection=True,
        allowed_hosts=[f"{name}:*" for name in names],
        allowed_origins=[f"{scheme}://{name}:*" for name in names for scheme in ("http", "https")],
    )


def _spell(host: str) -> str:
    return f"[{host}]" if ":" in host else host
