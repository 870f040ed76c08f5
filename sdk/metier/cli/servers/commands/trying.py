"""`metier mcp test` and `metier mcp tools`."""

import json
import sys
from typing import Annotated

import typer

from metier.cli.context import count, one_line, open_console
from metier.cli.servers.desk import open_desk, reach, visit
from metier.cli.servers.report import say, show_tools
from metier.cli.servers.review import approved_of
from metier.servers.pinning.hidden import show
from metier.servers.pinning.pin import compare, content_of

app = typer.Typer(add_completion=False)

Server = Annotated[str, typer.Argument(help="The server.")]


@app.command()
def test(name: Server) -> None:
    """Connect to a server, list its tools, and say how long that took. Exit 1: that failed."""
    desk = open_desk()
    definition = desk.find(name).definition
    seen = visit(reach(desk, definition))
    pin = approved_of(desk, definition)
    state = (
        "not approved yet" if pin is None else "changed since you approved" if compare(pin, seen.specs) else "approved"
    )
    say(
        open_console(),
        f"{name} answers: {count(len(seen.specs), 'tool')}, {state}; MCP {seen.protocol}, {seen.elapsed_s:.2f} s.",
    )


@app.command()
def tools(
    name: Server,
    whole: Annotated[bool, typer.Option("--full", help="Show long descriptions whole.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print names, descriptions and schemas as JSON.")] = False,
) -> None:
    """List the tools of a server as they are now, and say which are not used."""
    desk = open_desk()
    definition = desk.find(name).definition
    specs = visit(reach(desk, definition)).specs
    if as_json:
        sys.stdout.write(json.dumps([content_of(spec) for spec in specs], indent=2) + "\n")
        return
    console = open_console()
    show_tools(console, specs, definition, whole=whole)
    pin = approved_of(desk, definition)
    if pin is None:
        say(console, f"\nNot used until you approve: metier mcp approve {name}")
    elif held := compare(pin, specs).unapproved:
        names = ", ".join(f"{one_line(show(tool))} ({reason})" for tool, reason in held.items())
        say(console, f"\nNot used, since you approved something else: {names}. See: metier mcp diff {name}")
