"""Writing the catalog as a standard `mcpServers` file, which any other host reads. Pure."""

from dataclasses import replace
from typing import Any

from metier.servers.catalog.formats.variables import spelled
from metier.servers.catalog.secrecy.inlined import take_secrets_out
from metier.servers.catalog.secrecy.references import Reference, expand
from metier.servers.catalog.secrecy.spots import Spot, change_texts
from metier.servers.definition import Definition, Endpoint, Program


def export_servers(definitions: tuple[Definition, ...]) -> dict[str, Any]:
    """Returns a standard `mcpServers` file with `definitions`. It holds no secret: each is a reference `${NAME}`.

    What such a file has no place for is left out: policies, lists of tools, titles, approval.
    """
    taken: dict[str, str] = {}
    servers: dict[str, Any] = {}
    for definition in definitions:
        cleaned = take_secrets_out(definition, taken=taken)
        taken.update(cleaned.found)
        servers[definition.name] = _entry(replace(definition, reach=change_texts(cleaned.definition.reach, _portable)))
    return {"mcpServers": servers}


def _entry(definition: Definition) -> dict[str, Any]:
    off = {} if definition.enabled else {"disabled": True}
    match definition.reach:
        case Program(command, args, env, cwd):
            entry: dict[str, Any] = {
                "type": "stdio",
                "command": command,
                "args": list(args),
                "env": dict(env),
                "cwd": cwd,
            }
        case Endpoint(url, headers, login):
            entry = {"type": "http", "url": url, "headers": dict(headers)}
            if login is not None:
                wanted = {
                    "clientId": login.client_id,
                    "clientSecret": login.client_secret,
                    "scopes": list(login.scopes),
                }
                entry["oauth"] = {key: value for key, value in wanted.items() if value}
    return {key: value for key, value in entry.items() if value or key in ("args", "oauth")} | off


def _portable(spot: Spot, text: str) -> str:
    """Returns `text` with references to the environment in place of those to the keyring, which is ours."""
    return expand(text, _spelled)


def _spelled(reference: Reference) -> str:
    default = "" if reference.default is None else f":-{reference.default}"
    name = spelled(reference.name) if reference.source == "keyring" else reference.name
    return f"${{{name}{default}}}"
