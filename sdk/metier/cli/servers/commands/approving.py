"""`metier mcp approve` and `metier mcp diff`."""

from typing import Annotated

import typer

from metier.cli.boundary import FAILED
from metier.cli.context import count, one_line, open_console
from metier.cli.servers.desk import open_desk, reach, visit
from metier.cli.servers.report import say, show_difference, show_suspicions
from metier.cli.servers.review import others_of, review
from metier.errors import InputError
from metier.servers.pinning.hidden import show
from metier.servers.pinning.pin import compare
from metier.servers.pinning.suspicion import suspect

app = typer.Typer(add_completion=False)

Server = Annotated[str, typer.Argument(help="The server.")]


@app.command()
def approve(
    name: Server,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Approve unless a warning is serious.")] = False,
    accept: Annotated[bool, typer.Option("--accept-warnings", help="With --yes: approve all the same.")] = False,
    whole: Annotated[bool, typer.Option("--full", help="Show long descriptions whole.")] = False,
) -> None:
    """Look at the tools of a server, or at what changed of them, and approve. Exit 1: not approved."""
    desk = open_desk()
    definition = desk.find(name).definition
    seen = visit(reach(desk, definition))
    if not review(desk, definition, seen.specs, yes=yes, accept=accept, whole=whole):
        raise typer.Exit(FAILED)


@app.command()
def diff(name: Server) -> None:
    """Show what changed since the tools were approved. Exit 1: something did."""
    desk = open_desk()
    definition = desk.find(name).definition
    pin = desk.pins.find(definition)
    if pin is None:
        raise InputError(
            f"The tools of {name!r} have not been approved, as it is reached now.",
            hint=f"Look at them: metier mcp approve {name}",
        )
    specs = visit(reach(desk, definition)).specs
    difference = compare(pin, specs)
    console = open_console()
    if not difference:
        say(console, f"Nothing changed since {pin.approved[:10]} ({count(len(specs), 'tool')}).")
        return
    say(console, f"Since you approved the tools of {name} on {pin.approved[:10]}:\n")
    show_difference(console, difference)
    fresh = difference.unapproved
    show_suspicions(console, [one for one in suspect(specs, others=others_of(desk, name)) if one.tool in fresh])
    if fresh:
        held = ", ".join(one_line(show(tool)) for tool in fresh)
        say(console, f"\nNot used until you approve: {held}. Approve: metier mcp approve {name}")
    raise typer.Exit(FAILED)
