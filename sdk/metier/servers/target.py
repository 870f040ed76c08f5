"""What a connection connects to, and which of its parts are secret."""

from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import parse_qsl, unquote, urlsplit

from mcp import StdioServerParameters
from mcp.server import MCPServer

from metier.log import names_secret
from metier.redaction import LiveRedaction, Redaction, redaction_of

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
    """Returns the values in `target` that are named like secrets: a child's variables and arguments, headers, URLs.

    A value of a header counts with and without what says how it is to be read ("Bearer", "Basic").
    """
    found: list[str] = []
    if isinstance(target, StdioServerParameters):
        named = [*(target.env or {}).items(), *_in_arguments(target.args)]
        found = [value for name, value in named if names_secret(name)]
        found += [part for text in [*(target.env or {}).values(), *target.args] for part in _in_url(text)]
    elif isinstance(target, HttpTarget):
        named = list(target.headers.items())
        found = [part for name, value in named if names_secret(name) for part in _in_header(value)]
        found += _in_url(target.url)
    elif isinstance(target, str):
        found = list(_in_url(target))
    return tuple(dict.fromkeys(value for value in found if value))


def redaction_for(target: Target, secrets: Sequence[str] = ()) -> Redaction:
    """Returns what hides the secrets of `target`, those in `secrets`, and the tokens of a login as they come and go."""
    fixed = (*secrets_in(target), *secrets)
    auth = target.auth if isinstance(target, HttpTarget) else None
    if auth is None or not hasattr(auth, "secrets"):
        return redaction_of(fixed)
    return LiveRedaction(fixed, lambda: tuple(auth.secrets))


def _in_arguments(args: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yields the options of a command line: `--name=value`, and `--name value`."""
    flag = ""
    for text in args:
        name, sign, value = text.partition("=")
        yield (name.lstrip("-"), value) if sign else (flag, text)
        flag = text.lstrip("-") if text.startswith("-") and not sign else ""


def _in_header(value: str) -> Iterator[str]:
    scheme, _, rest = value.partition(" ")
    yield value
    yield rest
    if scheme.lower() == "basic":
        try:
            login = b64decode(rest).decode()
        except ValueError:
            return
        yield from (login, login.partition(":")[2])


def _in_url(url: str) -> Iterator[str]:
    if "://" not in url:
        return
    try:
        parts = urlsplit(url)
        yield from (value for name, value in parse_qsl(parts.query) if names_secret(name))
        yield from (parts.password or "", unquote(parts.password or ""))
    except ValueError:
        return  # not a URL: connecting says so
