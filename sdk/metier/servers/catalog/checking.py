"""What a definition must be to be kept: a place that can be reached, texts that can be passed on. Pure."""

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path, PurePath
from urllib.parse import urlsplit

from metier.errors import InputError, MetierError
from metier.servers.catalog.naming import check_name
from metier.servers.catalog.secrecy.inlined import literal_secrets
from metier.servers.catalog.secrecy.references import references_in
from metier.servers.catalog.secrecy.spots import texts_of
from metier.servers.definition import Definition, Endpoint, Program
from metier.servers.policy import read_policy

_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_NOT_TEXT = re.compile("[\0\ud800-\udfff]")


def check_definition(definition: Definition, what: str = "") -> Definition:
    """Returns `definition`; raises InputError, beginning with `what`, for one that no server can have."""
    try:
        check_name(definition.name)
        for fault in _faults(definition):
            raise InputError(f"The server {definition.name!r}: {fault}")
        server = read_policy(definition.policy, what=f"the policy of {definition.name!r}")
        for tool, settings in definition.tools.items():
            read_policy(settings, over=server, what=f"the policy of {tool!r} of {definition.name!r}")
    except MetierError as error:
        if not what:
            raise
        raise InputError(f"{what}: {error.message}", hint=error.hint) from error
    return definition


def check_no_secret(definition: Definition) -> None:
    """Raises InputError for a definition in which a secret stands as it is."""
    for spot, _ in literal_secrets(definition):
        where = f"{spot.place} {spot.name}".strip()
        raise InputError(
            f"The server {definition.name!r} has a secret in {where}, and secrets are not written to files.",
            hint="Refer to it: ${NAME} for an environment variable, ${keyring:NAME} for the keyring.",
        )


def check_no_keyring(definition: Definition, source: Path) -> None:
    """Raises InputError for a project's definition that reads the user's keyring, which belongs to other servers."""
    for _, text in texts_of(definition.reach):
        for reference in references_in(text):
            if reference.source == "keyring":
                raise InputError(
                    f"{source}: the server {definition.name!r} reads {reference.name!r} from the keyring, and a "
                    "project's file may not.",
                    hint="Write ${NAME} for an environment variable, or register the server in your own file.",
                )


def place_definition(definition: Definition, folder: Path, *, at_home: bool) -> Definition:
    """Returns `definition` with its relative paths taken from `folder`, where the file lies that holds it.

    A program of a project runs in the project's folder when nothing else is said; one of the user's (`at_home`) runs
    where metier was started.
    """
    reach = definition.reach
    if not isinstance(reach, Program):
        return definition
    command = reach.command
    if PurePath(command).name != command:
        command = _joined(folder, command)
    cwd = _joined(folder, reach.cwd) if reach.cwd or not at_home else ""
    return replace(definition, reach=replace(reach, command=command, cwd=cwd))


def _joined(folder: Path, path: str) -> str:
    return path if path.startswith("$") else str(folder / path)


def _faults(definition: Definition) -> Iterable[str]:
    texts = [text for _, text in texts_of(definition.reach)]
    names = [*definition.secrets, *definition.allow, *definition.deny, *definition.tools]
    if any(_NOT_TEXT.search(text) for text in (*texts, *names, definition.title, definition.description)):
        yield "it holds characters that cannot be passed on (NUL, or half a surrogate pair)."
    match definition.reach:
        case Program():
            yield from _faults_of_program(definition.reach)
        case Endpoint():
            yield from _faults_of_endpoint(definition.reach)


def _faults_of_program(program: Program) -> Iterable[str]:
    if not program.command.strip():
        yield "it has no command."
    for name in program.env:
        if not name or "=" in name or _NOT_TEXT.search(name):
            yield f"{name[:80]!r} is no name of an environment variable."


def _faults_of_endpoint(endpoint: Endpoint) -> Iterable[str]:
    yield from _faults_of_url(endpoint.url)
    for name, value in endpoint.headers.items():
        if not _HEADER.fullmatch(name) or _CONTROL.search(value):
            yield f"the header {name[:80]!r} cannot be sent."


def _faults_of_url(url: str) -> Iterable[str]:
    if _CONTROL.search(url) or any(char.isspace() for char in url):
        yield "its URL holds spaces or control characters."
    elif not references_in(url):
        try:
            parts = urlsplit(url)
            reachable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            reachable = False
        if not reachable:
            yield "its URL must begin with https:// (or http:// on this machine) and name a host."
