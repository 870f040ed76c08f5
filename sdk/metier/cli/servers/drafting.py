"""A definition from what was said on the command line. Pure: secrets stay where they are until `keeping` moves them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from metier.canonical import JSON
from metier.errors import InputError
from metier.servers.catalog.formats.variables import spelled
from metier.servers.catalog.secrecy.references import references_in
from metier.servers.catalog.secrecy.spots import texts_of
from metier.servers.definition import Definition, Endpoint, Login, Program, Reach

GRANTS = {"browser": "authorization_code", "client-credentials": "client_credentials"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was said on the command line about a server, as it was said."""

    name: str
    command: tuple[str, ...] = ()
    url: str = ""
    env: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    login: str = ""
    client_id: str = ""
    login_scopes: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    cautious: bool = False
    insecure: bool = False


def draft(wanted: Wanted) -> Definition:
    """Returns the definition of a server that is started by a command, or reached at a URL.

    Raises InputError for both, neither, or what does not go with it.
    """
    if bool(wanted.command) == bool(wanted.url):
        raise InputError(
            "A server is either started by a command or reached at a URL.",
            hint=f"metier mcp add {wanted.name} -- COMMAND ARGS, or: metier mcp add {wanted.name} --url URL",
        )
    if wanted.url:
        reach: Reach = Endpoint(wanted.url, read_pairs(wanted.headers, "--header"), _login(wanted), wanted.insecure)
        _refuse(wanted.env, "--env", "a server at a URL: it has its own environment")
    else:
        reach = Program(wanted.command[0], wanted.command[1:], read_pairs(wanted.env, "--env"))
        _refuse(wanted.headers, "--header", "a server that is started by a command")
        _refuse(wanted.login, "--login", "a server that is started by a command")
    return refine(Definition(wanted.name, reach), wanted)


def refine(definition: Definition, wanted: Wanted) -> Definition:
    """Returns `definition` with the lists, settings and secrets that were asked for."""
    reach, names = definition.reach, list(definition.secrets)
    for name in wanted.secrets:
        reach = _with_secret(reach, name)
        names.append(name)
    policy, tools = read_settings(wanted.settings)
    return replace(
        definition,
        reach=reach,
        secrets=tuple(dict.fromkeys(names)),
        cautious=definition.cautious or wanted.cautious,
        allow=wanted.allow or definition.allow,
        deny=wanted.deny or definition.deny,
        policy={**definition.policy, **policy},
        tools={**definition.tools, **tools},
    )


def read_pairs(pairs: Sequence[str], option: str) -> dict[str, str]:
    """Returns `NAME=VALUE` texts as a mapping; raises InputError for one without a name or a sign."""
    read: dict[str, str] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not name.strip() or not sign:
            raise InputError(f"{option} has no name or no value.", hint=f"Give NAME=VALUE: {option} NAME=VALUE")
        read[name.strip()] = value
    return read


def read_settings(settings: Sequence[str]) -> tuple[dict[str, JSON], dict[str, dict[str, JSON]]]:
    """Returns the settings of the server and, from `TOOL.NAME=VALUE`, of its tools; a value is JSON, or else a text."""
    policy: dict[str, JSON] = {}
    tools: dict[str, dict[str, JSON]] = {}
    for name, value in read_pairs(settings, "--set").items():
        tool, dot, setting = name.rpartition(".")
        (tools.setdefault(tool, {}) if dot else policy)[setting] = _value(value)
    return policy, tools


def _value(text: str) -> JSON:
    try:
        value: JSON = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return value


def _with_secret(reach: Reach, name: str) -> Reach:
    """Returns `reach` with a reference to the secret: where it has one already, else as a variable or a header.

    A variable or a header of that name that was given a value keeps it: a reference in it, or the secret itself.
    """
    given = reach.env if isinstance(reach, Program) else reach.headers
    if name in given or any(reference.name == name for _, text in texts_of(reach) for reference in references_in(text)):
        return reach
    reference = f"${{{spelled(name)}}}"
    if isinstance(reach, Program):
        return replace(reach, env={**reach.env, name: reference})
    return replace(reach, headers={**reach.headers, name: reference})


def _login(wanted: Wanted) -> Login | None:
    if not wanted.login:
        _refuse(wanted.client_id, "--client-id", "a server without --login")
        return None
    if wanted.login not in GRANTS:
        raise InputError(f"There is no login {wanted.login!r}.", hint=f"Use {' or '.join(GRANTS)}.")
    if wanted.login == "browser":
        return Login("authorization_code", wanted.client_id, "", wanted.login_scopes)
    if not wanted.client_id:
        raise InputError("A program logs in with an id and a secret.", hint="Give its id with --client-id.")
    secret = f"{spelled(wanted.name)}_CLIENT_SECRET"
    return Login("client_credentials", wanted.client_id, f"${{{secret}}}", wanted.login_scopes)


def _refuse(given: object, option: str, what: str) -> None:
    if given:
        raise InputError(f"{option} does not go with {what}.", hint="Leave it out.")
