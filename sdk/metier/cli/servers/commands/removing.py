"""`metier mcp remove`."""

from collections.abc import Iterator
from typing import Annotated

import typer

from metier.cli.boundary import FAILED, complain
from metier.cli.context import is_terminal, one_line, open_console
from metier.cli.servers.desk import Desk, end_login, open_desk
from metier.cli.servers.report import how_reached, say
from metier.errors import InputError, MetierError
from metier.servers.catalog.secrecy.entries import forget_secret
from metier.servers.catalog.secrecy.references import references_in
from metier.servers.catalog.secrecy.spots import texts_of
from metier.servers.definition import Definition
from metier.servers.oauth import logged_in

app = typer.Typer(add_completion=False)


@app.command()
def remove(
    name: Annotated[str, typer.Argument(help="The server.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Remove a server: its entry, its login, what was approved, and the secrets that no other server uses."""
    desk, console = open_desk(), open_console()
    entry = next((one for one in desk.catalog.entries() if one.definition.name == name), None) or desk.find(name)
    definition = entry.definition
    if not yes and not is_terminal():
        raise InputError("Nobody can be asked here.", hint=f"To remove it: metier mcp remove {name} --yes")
    if not yes and not typer.confirm(f"Remove {name} ({how_reached(definition)})?", default=False, err=True):
        complain("nothing was removed.")
        raise typer.Exit(FAILED)
    desk.catalog.remove(name)
    left = open_desk()
    say(console, f"Removed {name}.")
    _forget_login(desk, left, definition)
    if not any(one.reach == definition.reach for one in _all(left)):
        desk.pins.forget(definition)
    for secret in sorted(set(_entries_of(definition)) - {used for one in _all(left) for used in _entries_of(one)}):
        _forget_secret(secret)


def _all(desk: Desk) -> list[Definition]:
    return [entry.definition for entry in desk.catalog.entries()]


def _forget_login(desk: Desk, left: Desk, definition: Definition) -> None:
    """Ends the login, unless another server of that name took the place of this one."""
    name = definition.name
    if any(one.name == name for one in _all(left)) or not logged_in(name, desk.tokens):
        return
    revoked = end_login(desk, definition)
    say(
        open_console(), "Its login was ended." if revoked else "Its login was deleted here; the server revoked nothing."
    )


def _forget_secret(entry: str) -> None:
    try:
        if forget_secret(entry):
            say(open_console(), f"Deleted from the keyring: {one_line(entry)}.")
    except MetierError as error:
        complain(f"{entry} stays in the keyring: {error}")


def _entries_of(definition: Definition) -> Iterator[str]:
    """Yields the entries of the keyring that a server uses."""
    for _, text in texts_of(definition.reach):
        yield from (reference.name for reference in references_in(text) if reference.source == "keyring")
