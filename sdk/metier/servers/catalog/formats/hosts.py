"""Reading the file in which another host keeps its MCP servers: Claude, Cursor, VS Code, Zed and their like. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from metier.errors import InputError
from metier.servers.catalog.checking import check_definition
from metier.servers.catalog.files.documents import is_mapping, parse_json
from metier.servers.catalog.formats.variables import Inputs, read_inputs, translate
from metier.servers.catalog.naming import name_like
from metier.servers.catalog.secrecy.inlined import Keep, take_secrets_out
from metier.servers.catalog.secrecy.references import references_in
from metier.servers.catalog.secrecy.spots import change_texts, texts_of
from metier.servers.definition import Definition, Endpoint, Login, Program, Reach

_LISTS = (("mcpServers",), ("servers",), ("context_servers",), ("mcp", "servers"))
_HTTP = ("http", "streamable-http", "streamablehttp", "streamable_http", "remote")
_STDIO = ("stdio", "local")
_READ = (
    *("type", "transport", "command", "args", "env", "cwd", "url", "httpUrl", "serverUrl", "headers", "http_headers"),
    *("disabled", "enabled", "title", "description", "oauth", "tools"),
    *("disabledTools", "excludeTools", "enabledTools", "includeTools"),
    *("name", "id", "icon", "source"),  # nothing is lost without these
)


@dataclass(frozen=True, slots=True)
class Hosts:
    """What a host's file holds. `refused` says why an entry cannot be used, `notes` what of one was passed over."""

    definitions: tuple[Definition, ...]
    refused: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Import:
    """A host's file made ready to be registered: no definition holds a secret. `secrets_found` are theirs, by name."""

    definitions: tuple[Definition, ...]
    notes: tuple[str, ...]
    secrets_found: Mapping[str, str]
    refused: Mapping[str, str]


def import_servers(data: bytes, *, what: str, folder: str, keep: Keep = "environment") -> Import:
    """Returns the servers in a host's file, with `${NAME}` or `${keyring:NAME}` in place of each secret.

    `what` names the file in errors, `folder` is its project's. Raises InputError for a file that holds no servers.
    """
    read = read_hosts(parse_json(data, what), what=what, folder=folder)
    found: dict[str, str] = {}
    definitions: list[Definition] = []
    notes = list(read.notes)
    for definition in read.definitions:
        cleaned = take_secrets_out(definition, keep=keep, taken=found)
        definitions.append(cleaned.definition)
        found.update(cleaned.found)
        notes.extend(cleaned.notes)
    return Import(tuple(definitions), tuple(notes), found, read.refused)


def read_hosts(document: Mapping[str, Any], *, what: str, folder: str) -> Hosts:
    """Returns what the file holds, as it stands there, secrets included; raises InputError when it holds no servers."""
    servers = _list_of(document, what)
    inputs = read_inputs(document.get("inputs"))
    definitions: dict[str, Definition] = {}
    refused: dict[str, str] = {}
    notes: list[str] = []
    for given, entry in servers.items():
        try:
            name = _free_name(given, definitions)
            definitions[name] = _read_entry(name, entry, inputs, folder)
            notes.extend(f"{name}: {note}" for note in _notes(given, name, entry))
        except (InputError, ValueError) as error:
            refused[given[:80]] = error.message if isinstance(error, InputError) else str(error)
    return Hosts(tuple(definitions.values()), refused, tuple(notes))


def _free_name(given: str, taken: Mapping[str, Definition]) -> str:
    name = name_like(given)
    if name in taken:
        raise InputError(f"Another server here is called {name!r} as well.")
    return name


def _list_of(document: Mapping[str, Any], what: str) -> Mapping[str, Any]:
    for path in _LISTS:
        found: object = document
        for key in path:
            found = found.get(key) if is_mapping(found) else None
        if is_mapping(found):
            return found
    raise InputError(
        f"{what} holds no list of servers.",
        hint='It must have an object "mcpServers" (or "servers", "context_servers").',
    )


def _read_entry(name: str, entry: object, inputs: Inputs, folder: str) -> Definition:
    if not is_mapping(entry):
        raise InputError("It is no JSON object.")
    raw = _reach_of(entry)
    reach = change_texts(raw, lambda spot, text: translate(text, inputs=inputs, folder=folder))
    asked = {reference.name for _, text in texts_of(reach) for reference in references_in(text)}
    secrets = sorted({*_secret_entries(raw, inputs), *(asked & inputs.secrets)})
    definition = Definition(
        name=name,
        reach=reach,
        title=_text(entry, "title"),
        description=_text(entry, "description"),
        secrets=tuple(secrets),
        enabled=entry.get("disabled") is not True and entry.get("enabled") is not False,
        allow=_allowed(entry),
        deny=(*_texts(entry, "disabledTools"), *_texts(entry, "excludeTools")),
    )
    return check_definition(definition)


def _secret_entries(reach: Reach, inputs: Inputs) -> set[str]:
    """Returns the names of the entries whose value a host asks for as a password."""
    marks = tuple(f"${{input:{name}}}" for name, text in inputs.references.items() if text[2:-1] in inputs.secrets)
    return {spot.name for spot, text in texts_of(reach) if spot.name and any(mark in text for mark in marks)}


def _reach_of(entry: Mapping[str, Any]) -> Reach:
    kind = (_text(entry, "type") or _text(entry, "transport")).lower()
    url = _text(entry, "httpUrl") or _text(entry, "serverUrl") or _text(entry, "url")
    if kind == "sse":
        raise InputError("It speaks the old SSE transport, which metier does not. Ask for its streamable HTTP address.")
    if kind and kind not in (*_HTTP, *_STDIO):
        raise InputError(f"Its type {kind[:40]!r} is none that metier knows: stdio or http.")
    if (kind in _HTTP and not url) or (kind in _STDIO and "command" not in entry):
        raise InputError(f"It is of type {kind}, and has no {'url' if kind in _HTTP else 'command'}.")
    if url and "command" in entry:
        raise InputError("It has both a command and a url.")
    if url:
        headers = {**_entries(entry, "headers"), **_entries(entry, "http_headers")}
        return Endpoint(url, headers, _login_of(entry.get("oauth")))
    return _program_of(entry)


def _program_of(entry: Mapping[str, Any]) -> Program:
    command = entry.get("command")
    if is_mapping(command):  # Zed, until 2025
        return _program_of({"command": command.get("path"), "args": command.get("args"), "env": command.get("env")})
    if isinstance(command, list) and command:  # opencode: the command and its arguments in one list
        return _program_of({**entry, "command": command[0], "args": [*command[1:], *(entry.get("args") or [])]})
    if not isinstance(command, str) or not command:
        raise InputError("It has neither a command nor a url.")
    return Program(command, _texts(entry, "args"), _entries(entry, "env"), _text(entry, "cwd"))


def _login_of(oauth: object) -> Login | None:
    if not is_mapping(oauth) or oauth.get("enabled") is False:
        return None
    return Login(
        client_id=_text(oauth, "clientId"), client_secret=_text(oauth, "clientSecret"), scopes=_texts(oauth, "scopes")
    )


def _allowed(entry: Mapping[str, Any]) -> tuple[str, ...]:
    names = (*_texts(entry, "enabledTools"), *_texts(entry, "includeTools"))
    if isinstance(entry.get("tools"), list):
        names = (*names, *_texts(entry, "tools"))
    return () if "*" in names else names


def _notes(given: str, name: str, entry: Mapping[str, Any]) -> list[str]:
    notes = [] if given == name else [f"it was called {given[:80]!r}."]
    unread = sorted(str(key)[:40] for key in entry if key not in _READ)
    if unread:
        notes.append(f"passed over: {', '.join(unread[:10])}.")
    if any(value is None for value in (entry.get("env") or {}).values()):
        notes.append("entries of env without a value were left out.")
    return notes


def _text(entry: Mapping[str, Any], key: str) -> str:
    value = entry.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InputError(f"Its {key} must be a text.")
    return value


def _texts(entry: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = entry.get(key)
    if value is None:
        return ()
    if not isinstance(value, list):
        raise InputError(f"Its {key} must be a list of texts.")
    return tuple(_plain(key, item) for item in value)


def _entries(entry: Mapping[str, Any], key: str) -> dict[str, str]:
    value = entry.get(key)
    if value is None:
        return {}
    if not is_mapping(value):
        raise InputError(f"Its {key} must be an object of texts.")
    return {name: _plain(key, item) for name, item in value.items() if item is not None}


def _plain(key: str, value: object) -> str:
    """Returns a text; a number or a truth value, which hosts let pass, as JSON spells it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise InputError(f"Its {key} must hold texts.")
