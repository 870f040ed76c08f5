"""`metier mcp list` and `metier mcp show`."""

from dataclasses import dataclass, replace
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from metier.cli.boundary import complain
from metier.cli.context import Harmless, count, one_line, open_console, shorten
from metier.cli.servers.desk import Desk, open_desk, reach, visit
from metier.cli.servers.report import how_reached, lines_of, say, short_path, without_secrets
from metier.cli.servers.review import approved_of
from metier.errors import MetierError
from metier.servers.catalog import Entry
from metier.servers.definition import Definition, Program
from metier.servers.oauth import logged_in
from metier.servers.pinning.pin import compare

app = typer.Typer(add_completion=False)

HEADS = ("Server", "Scope", "State", "Tools")
LEAST = 24  # characters of a command or an address, however narrow the terminal


@dataclass(frozen=True, slots=True)
class _Standing:
    state: str
    tools: str = ""
    reason: str = ""


@app.command("list")
def list_them(
    check: Annotated[bool, typer.Option("--check", help="Connect to each, and see whether its tools changed.")] = False,
) -> None:
    """List the registered servers: how they are reached, whose they are, and whether their tools may be used."""
    desk, console = open_desk(), open_console()
    entries = desk.catalog.entries()
    for path, reason in desk.catalog.faults().items():
        complain(f"{short_path(path)} is passed over: {reason}")
    if not entries and not desk.catalog.refused():
        say(console, "No server is registered. Try: metier mcp add NAME -- COMMAND")
        return
    table = Table("Server", "Reached by", "Scope", "State", "Tools", box=None, padding=(0, 2, 0, 0), pad_edge=False)
    standings = [_checked(desk, entry) if check else _state(desk, entry) for entry in entries]
    rows = [
        (one_line(entry.definition.name), entry.scope, found.state, found.tools)
        for entry, found in zip(entries, standings, strict=True)
    ]
    taken = sum(max(map(len, column)) + 2 for column in zip(*rows, HEADS, strict=True))
    for entry, (name, scope, state, tools) in zip(entries, rows, strict=True):
        how = shorten(how_reached(entry.definition), max(LEAST, console.width - taken - 2))
        table.add_row(*map(Text, (name, how, scope, state, tools)))
    console.print(Harmless(table))
    for (name, *_), found in zip(rows, standings, strict=True):
        if found.reason:
            say(console, f"{name}: {one_line(found.reason)}")
    for name, reason in desk.catalog.refused().items():
        say(console, f"{one_line(name)} cannot be used: {one_line(reason)}")
    for path in desk.catalog.untrusted():
        say(console, f"{short_path(path)} is not trusted: look at it, then: metier mcp trust")


@app.command()
def show(name: Annotated[str, typer.Argument(help="The server.")]) -> None:
    """Show a server: how it is reached, its settings, and what was approved. It is not started."""
    desk, console = open_desk(), open_console()
    entry = next((one for one in desk.catalog.entries() if one.definition.name == name), None) or desk.find(name)
    found = _state(desk, entry)
    approved = f", {count(int(found.tools), 'tool')} approved" if found.tools else ""
    say(console, f"{one_line(name)}: {found.state}{approved} ({entry.scope}, {short_path(entry.path)})")
    for line in lines_of(_settings(entry.definition)):
        say(console, f"  {line}")


def _settings(definition: Definition) -> dict[str, object]:
    shown = without_secrets(definition)
    reach: dict[str, object]
    if isinstance(shown, Program):
        reach = {"command": how_reached(definition), "env": dict(shown.env), "cwd": shown.cwd}
    else:
        login = shown.login
        reach = {
            "url": shown.url,
            "headers": dict(shown.headers),
            "login": login and login.grant.replace("_", " "),
            "client_id": login and login.client_id,
            "insecure": shown.insecure,
        }
    return {
        "title": definition.title,
        "description": definition.description,
        **reach,
        "secrets": definition.secrets,
        "cautious": definition.cautious,
        "allow": definition.allow,
        "deny": definition.deny,
        "era": "" if definition.era == "auto" else definition.era,
        "policy": dict(definition.policy),
        **{f"policy of {tool}": dict(settings) for tool, settings in definition.tools.items()},
    }


def _state(desk: Desk, entry: Entry) -> _Standing:
    """Returns how a server stands, as far as that can be said without connecting, and how many tools are approved."""
    definition = entry.definition
    if not entry.trusted:
        return _Standing("not trusted")
    pin = approved_of(desk, definition)
    tools = str(len(pin.tools)) if pin else ""
    if not definition.enabled:
        return _Standing("off", tools)
    if pin is None:
        return _Standing("not approved")
    login = getattr(definition.reach, "login", None)
    if login is not None and login.grant == "authorization_code" and not logged_in(definition.name, desk.tokens):
        return _Standing("not logged in", tools)
    return _Standing("ready", tools)


def _checked(desk: Desk, entry: Entry) -> _Standing:
    """Returns how a server stands now that it was connected to; why not, where that failed."""
    found = _state(desk, entry)
    if found.state not in {"ready", "not approved", "not logged in"}:
        return found
    try:
        seen = visit(reach(desk, entry.definition, login=False))
    except MetierError as error:
        return replace(found, state="fails", reason=str(error))
    pin = approved_of(desk, entry.definition)
    state = "not approved" if pin is None else "changed" if compare(pin, seen.specs) else "ready"
    return _Standing(state, str(len(seen.specs)))
