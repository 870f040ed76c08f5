"""What a connection connects to, and which of its parts are secret."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import parse_qsl, urlsplit

from mcp import StdioServerParameters
from mcp.server import MCPServer

from metier.log import names_secret

if TYPE_CHECKING:
    from httpx2 import Auth


@dataclass(frozen=True, slots=True)
class HttpTarget:
    """A server over streamable HTTP: its address, the headers of every request, and who logs in, when it needs that."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    auth: "Auth | None" = None


Target: TypeAlias = MCPServer[Any] | StdioServerParameters | HttpTarget | str


def secrets_in(target: Target) -> tuple[str, ...]:
    """Returns the values in `target` that are named like secrets: in a child's environment, a header, or a URL."""
    named: list[tuple[str, str]] = []
    if isinstance(target, StdioServerParameters):
        named = list((target.env or {}).items())
    elif isinstance(target, HttpTarget):
        named = [*target.headers.items(), *_in_url(target.url)]
    elif isinstance(target, str):
        named = _in_url(target)
    return tuple(value for name, value in named if value and names_secret(name))


def _in_url(url: str) -> list[tuple[str, str]]:
    try:
        parts = urlsplit(url)
        return [*parse_qsl(parts.query), ("password", parts.password or "")]
    except ValueError:
        return []  # not a URL: connecting says so
