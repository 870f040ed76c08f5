"""How definitions and orders are written in `metier.toml`: as plain tables, and read back from them. Pure."""

from collections.abc import Mapping
from typing import Any

from metier.canonical import JSON
from metier.errors import InputError
from metier.servers.catalog.checking import check_definition
from metier.servers.catalog.tables import Table
from metier.servers.definition import Definition, Endpoint, Login, Order, Program, Reach

NO_LIMIT = "none"  # TOML has no null; policies know None as "no limit"
_GRANTS = ("authorization_code", "client_credentials")
_ERAS = ("auto", "legacy", "2026-07-28")
_PROGRAM = ("command", "args", "env", "cwd")
_ENDPOINT = ("url", "headers", "login", "insecure")
_REST = ("title", "description", "secrets", "enabled", "cautious", "allow", "deny", "era", "policy", "tools")


def read_definitions(servers: Table) -> dict[str, Definition]:
    """Returns what `[servers]` defines, by name; raises InputError for the first fault in it."""
    return {name: read_definition(name, servers.table(name)) for name in servers.data}


def read_definition(name: str, table: Table) -> Definition:
    """Returns the definition that `table` holds; raises InputError for the first fault in it."""
    table.only((*_PROGRAM, *_ENDPOINT, *_REST))
    tools = table.table("tools")
    definition = Definition(
        name=name,
        reach=_read_reach(table),
        title=table.text("title"),
        description=table.text("description"),
        secrets=table.texts("secrets"),
        enabled=table.flag("enabled", otherwise=True),
        cautious=table.flag("cautious", otherwise=False),
        allow=table.texts("allow"),
        deny=table.texts("deny"),
        era=table.one_of("era", _ERAS),  # type: ignore[arg-type]  # it is one of them
        policy=_read_settings(table.table("policy")),
        tools={tool: _read_settings(tools.table(tool)) for tool in tools.data},
    )
    return check_definition(definition, table.source)


def write_definition(definition: Definition) -> dict[str, Any]:
    """Returns the table of `definition`, without what is as it is by default."""
    rest: dict[str, Any] = {
        "title": definition.title,
        "description": definition.description,
        "secrets": list(definition.secrets),
        "cautious": definition.cautious,
        "allow": list(definition.allow),
        "deny": list(definition.deny),
        "era": definition.era if definition.era != "auto" else "",
        "policy": _write_settings(definition.policy),
    }
    table = {**_write_reach(definition.reach), **{key: value for key, value in rest.items() if value}}
    if not definition.enabled:
        table["enabled"] = False
    if definition.tools:
        table["tools"] = {tool: _write_settings(settings) for tool, settings in definition.tools.items()}
    return table


def read_orders(toolkits: Table) -> dict[str, Order]:
    """Returns what `[toolkits]` says, by name of toolkit; raises InputError for the first fault in it."""
    return {name: _read_order(toolkits.table(name)) for name in toolkits.data}


def _read_order(table: Table) -> Order:
    table.only(("providers", "tools", "servers"))
    providers = table.texts("providers") if "providers" in table.data else ("local",)
    named = table.table("tools")
    tools = {tool: named.texts(tool) for tool in named.data}
    for place, order in (("providers", providers), *tools.items()):
        if not order or len(set(order)) < len(order) or not all(order):
            raise InputError(
                f"{table.source}: {place} in [{table.name}] must name at least one provider, and none twice.",
                hint='The toolkit\'s own server is "local".',
            )
    return Order(providers=providers, tools=tools, servers=table.named_texts("servers"))


def _read_reach(table: Table) -> Reach:
    ways = [key for key in ("command", "url") if key in table.data]
    if len(ways) != 1:
        raise InputError(
            f"{table.source}: [{table.name}] must have either a command or a url, not {'both' if ways else 'neither'}.",
            hint='A program: command = "npx", args = ["-y", "PACKAGE"]. A server on the web: url = "https://...".',
        )
    others = _ENDPOINT if ways == ["command"] else _PROGRAM
    for key in table.data:
        if key in others:
            raise InputError(f"{table.source}: {key} in [{table.name}] means nothing beside {ways[0]}.")
    if ways == ["command"]:
        return Program(table.text("command"), table.texts("args"), table.named_texts("env"), table.text("cwd"))
    return Endpoint(
        url=table.text("url"),
        headers=table.named_texts("headers"),
        login=_read_login(table.table("login")) if "login" in table.data else None,
        insecure=table.flag("insecure", otherwise=False),
    )


def _read_login(table: Table) -> Login:
    table.only(("grant", "client_id", "client_secret", "scopes"))
    return Login(
        grant=table.one_of("grant", _GRANTS),  # type: ignore[arg-type]  # it is one of them
        client_id=table.text("client_id"),
        client_secret=table.text("client_secret"),
        scopes=table.texts("scopes"),
    )


def _write_reach(reach: Reach) -> dict[str, Any]:
    match reach:
        case Program(command, args, env, cwd):
            table: dict[str, Any] = {"command": command, "args": list(args), "env": dict(env), "cwd": cwd}
            return {key: value for key, value in table.items() if value or key == "command"}
        case Endpoint(url, headers, login, insecure):
            table = {"url": url, "headers": dict(headers), "insecure": insecure}
            table = {key: value for key, value in table.items() if value or key == "url"}
            return table if login is None else {**table, "login": _write_login(login)}


def _write_login(login: Login) -> dict[str, Any]:
    more = {"client_id": login.client_id, "client_secret": login.client_secret, "scopes": list(login.scopes)}
    return {"grant": login.grant, **{key: value for key, value in more.items() if value}}


def _read_settings(table: Table) -> dict[str, JSON]:
    return {
        name: None if value == NO_LIMIT and name != "limit_key" else value for name, value in table.settings().items()
    }


def _write_settings(settings: Mapping[str, JSON]) -> dict[str, JSON]:
    return {name: NO_LIMIT if value is None else value for name, value in settings.items()}
