"""Opening a registered server: references are read, the way to it is checked, and a connection is made of it."""

import os
import shutil
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from ipaddress import ip_address
from pathlib import Path, PurePath
from urllib.parse import unquote, urlsplit

from mcp import StdioServerParameters

from metier.canonical import digest_of
from metier.errors import InputError
from metier.servers.catalog.checking import check_definition
from metier.servers.catalog.secrecy.entries import read_secret
from metier.servers.catalog.secrecy.inlined import bears_secret, secrets_of
from metier.servers.catalog.secrecy.references import Reference, expand, reading_from
from metier.servers.catalog.secrecy.spots import Spot, change_texts, texts_of
from metier.servers.connection import Connection
from metier.servers.definition import Definition, Endpoint, Program, Reach
from metier.servers.oauth import make_auth
from metier.servers.policy import read_policy
from metier.servers.source import Ask
from metier.servers.target import HttpTarget, Target

TIMEOUT_S = 120.0  # of a call on the connection, where no policy allows more
_INSTALL = {
    "npx": "It comes with Node.js: https://nodejs.org",
    "node": "It comes with Node.js: https://nodejs.org",
    "uvx": "It comes with uv: https://docs.astral.sh/uv",
    "uv": "See https://docs.astral.sh/uv",
    "docker": "See https://docs.docker.com/get-docker",
    "dnx": "It comes with the .NET SDK 10: https://dotnet.microsoft.com",
}


@dataclass(frozen=True, slots=True)
class Opened:
    """A connection to a registered server, which connects when it is first used.

    `identity` is a digest of how the server is reached, the same for every name of it and every value of its secrets.
    `secrets` are the values that must not be shown.
    """

    source: Connection
    definition: Definition
    identity: str
    secrets: tuple[str, ...]


def open_server(
    definition: Definition,
    *,
    home: Path,
    environ: Mapping[str, str],
    ask: Ask | None = None,
    open_browser: Callable[[str], None] | None = None,
) -> Opened:
    """Returns the connection to the server that `definition` says.

    Raises MissingError for a variable or a secret that is not there, and InputError for a server that is switched off,
    a program or folder that is not found, or an address to which its secrets must not go.
    """
    check_definition(definition)
    if not definition.enabled:
        raise InputError(
            f"The server {definition.name!r} is switched off.",
            hint=f"Switch it on: metier mcp enable {definition.name}",
        )
    reach, secrets = resolve(definition, environ)
    if isinstance(reach, Program):
        target: Target = _program(definition.name, reach, environ)
    else:
        _check_privacy(definition.name, reach, secrets)
        target = _endpoint(definition.name, reach, folder=home / "servers" / "tokens", open_browser=open_browser)
    source = Connection(
        definition.name, target, timeout_s=timeout_of(definition), era=definition.era, ask=ask, secrets=secrets
    )
    return Opened(source, definition, identity_of(definition, environ), secrets)


def identity_of(definition: Definition, environ: Mapping[str, str]) -> str:
    """Returns the digest of how the server is reached; secrets are in it by their names only."""

    def show(spot: Spot, text: str) -> str:
        def public(reference: Reference) -> str:
            if reference.is_secret(definition.secrets) or bears_secret(spot, definition.secrets):
                return f"${{keyring:{reference.name}}}" if reference.source == "keyring" else f"${{{reference.name}}}"
            return environ.get(reference.name) or reference.default or ""

        text = expand(text, public)
        for part in reversed(secrets_of(spot, text, definition.secrets)):
            text = f"{text[: part.start]}[secret]{text[part.end :]}"
        return text

    reach = change_texts(definition.reach, show)
    texts = [(spot.place, spot.name if spot.place != "args" else "", text) for spot, text in texts_of(reach)]
    return digest_of([type(reach).__name__, sorted(texts, key=lambda item: (item[0], item[1]))])


def resolve(definition: Definition, environ: Mapping[str, str]) -> tuple[Reach, tuple[str, ...]]:
    """Returns how the server is reached with all references read, and the secret values in that.

    Raises MissingError for what is not there, InputError for what then cannot be reached.
    """
    read = reading_from(environ, read_secret, server=definition.name)
    secrets: list[str] = []

    def fill(spot: Spot, text: str) -> str:
        def value(reference: Reference) -> str:
            found = read(reference)
            if reference.is_secret(definition.secrets) or bears_secret(spot, definition.secrets):
                secrets.append(found)
            return found

        return expand(text, value)

    reach = change_texts(definition.reach, fill)
    check_definition(replace(definition, reach=reach))
    for spot, text in texts_of(reach):
        for part in secrets_of(spot, text, definition.secrets):
            secrets.extend(_spellings(spot, text, text[part.start : part.end]))
    return reach, tuple(dict.fromkeys(value for value in secrets if value))


def timeout_of(definition: Definition) -> float:
    """Returns how long a call may take on the connection: as long as the policy with the most time allows."""
    policies = (read_policy(settings).timeout_s for settings in (definition.policy, *definition.tools.values()))
    return max(TIMEOUT_S, *policies)


def _spellings(spot: Spot, text: str, value: str) -> Iterator[str]:
    """Yields what a secret reads like where it arrives: decoded, when it was encoded for a URL or a header."""
    yield value
    if "://" in text:
        yield unquote(value)
    if spot.place == "headers" and text.lower().startswith("basic "):
        try:
            login = b64decode(value).decode()
        except ValueError:
            return
        yield from (login, login.partition(":")[2])


def _program(name: str, program: Program, environ: Mapping[str, str]) -> StdioServerParameters:
    command = program.command
    if PurePath(command).name != command and not PurePath(command).is_absolute():
        raise InputError(
            f"The server {name!r} is started by {command!r}, a path from nowhere.", hint="Give the whole path."
        )
    found = shutil.which(command, path=environ.get("PATH", os.defpath))
    if found is None:
        raise InputError(
            f"The server {name!r} is started by {command!r}, which is not a program on this machine.",
            hint=_INSTALL.get(command, "Install it, or give its whole path."),
        )
    if program.cwd and not Path(program.cwd).is_dir():
        raise InputError(
            f"The server {name!r} runs in {program.cwd}, which is no folder.", hint="Make it, or change cwd."
        )
    return StdioServerParameters(command=found, args=list(program.args), env=dict(program.env), cwd=program.cwd or None)


def _endpoint(name: str, endpoint: Endpoint, *, folder: Path, open_browser: Callable[[str], None] | None) -> HttpTarget:
    login = endpoint.login
    auth = make_auth(name, endpoint.url, login, folder=folder, open_browser=open_browser) if login else None
    return HttpTarget(endpoint.url, dict(endpoint.headers), auth)


def _check_privacy(name: str, endpoint: Endpoint, secrets: tuple[str, ...]) -> None:
    """Raises InputError where others could read what is sent, unless that was allowed and nothing is secret."""
    parts = urlsplit(endpoint.url)
    if parts.scheme == "https" or _is_loopback(parts.hostname or ""):
        return
    if secrets or endpoint.login is not None:
        raise InputError(
            f"The server {name!r} would be sent secrets over http, where others can read them.", hint="Use https."
        )
    if not endpoint.insecure:
        raise InputError(
            f"The server {name!r} is reached over http, where others can read and change what is sent.",
            hint="Use https, or allow it for this server: insecure = true",
        )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
