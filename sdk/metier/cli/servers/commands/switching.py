"""`metier mcp enable`, `disable` and `trust`."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from metier.cli.boundary import FAILED, complain
from metier.cli.context import count, is_terminal, one_line, open_console
from metier.cli.servers.desk import open_desk
from metier.cli.servers.report import how_reached, say, short_path
from metier.errors import InputError
from metier.servers.catalog.secrecy.references import references_in
from metier.servers.catalog.secrecy.spots import texts_of
from metier.servers.definition import Definition, Program

app = typer.Typer(add_completion=False)

Server = Annotated[str, typer.Argument(help="The server.")]


@app.command()
def enable(name: Server) -> None:
    """Switch a server on."""
    open_desk().catalog.enable(name, True)
    say(open_console(), f"{name} is on.")


@app.command()
def disable(name: Server) -> None:
    """Switch a server off: it stays registered, and nothing uses it."""
    open_desk().catalog.enable(name, False)
    say(open_console(), f"{name} is off. On again: metier mcp enable {name}")


@app.command()
def trust(
    file: Annotated[Path | None, typer.Argument(help="The file. Default: all of this project's.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Look at the servers that this project's file defines, and trust them until the file changes.

    Trusting lets metier start these programs and send to these addresses. Their tools are approved apart from that.
    """
    desk, console = open_desk(), open_console()
    wanted = [path for path in desk.catalog.untrusted() if file is None or path == file.parent.resolve() / file.name]
    if not wanted:
        if file is not None:
            desk.catalog.trust(file)  # raises for what is no file of this project
        say(console, "There is nothing here that you do not trust already.")
        return
    shown = [entry for entry in desk.catalog.entries() if entry.path in wanted]
    for path in wanted:
        say(console, f"{short_path(path)} defines:")
        lines = list(_lines(entry.definition for entry in shown if entry.path == path))
        for line in lines or ["  no server; only who answers the tools of a toolkit"]:
            say(console, line)
    if not yes and not is_terminal():
        raise InputError("Nobody can be asked here.", hint="If you trust what they define: metier mcp trust --yes")
    if not yes and not typer.confirm("Trust it?" if len(wanted) == 1 else "Trust them?", default=False, err=True):
        complain("nothing is trusted that was not before.")
        raise typer.Exit(FAILED)
    for path in wanted:
        desk.catalog.trust(path)
    names = ", ".join(one_line(entry.definition.name) for entry in shown)
    then = " Next: metier mcp approve NAME" if names else ""
    say(console, f"Trusted: {names or count(len(wanted), 'file')}.{then}")


def _lines(definitions: Iterable[Definition]) -> Iterator[str]:
    """Yields how each server is reached and, by name only, what it is given."""
    for definition in definitions:
        yield f"  {one_line(definition.name)}: {how_reached(definition)}"
        reach = definition.reach
        given = reach.env if isinstance(reach, Program) else reach.headers
        if given:
            yield f"    with {', '.join(map(one_line, given))}"
        texts = (text for _, text in texts_of(reach))
        if read := dict.fromkeys(reference.name for text in texts for reference in references_in(text)):
            yield f"    gets these variables of yours: {', '.join(map(one_line, read))}"
