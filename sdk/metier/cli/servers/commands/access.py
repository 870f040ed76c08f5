"""`metier mcp secret`, `login` and `logout`."""

import sys
from typing import Annotated

import typer

from metier.cli.context import count, is_terminal, open_console
from metier.cli.servers.desk import end_login, open_desk, reach, visit
from metier.cli.servers.keeping import ask_secret
from metier.cli.servers.report import say
from metier.errors import InputError, MissingError
from metier.servers.catalog.secrecy.entries import forget_secret, has_keyring, set_secret
from metier.servers.definition import Definition
from metier.servers.oauth import logged_in

app = typer.Typer(add_completion=False)

Server = Annotated[str, typer.Argument(help="The server.")]


@app.command()
def secret(
    name: Annotated[str, typer.Argument(help="The name of the secret, as ${keyring:NAME} has it.")],
    drop: Annotated[bool, typer.Option("--forget", help="Delete it.")] = False,
) -> None:
    """Keep a secret in the system's keyring. It is asked for and not shown, or read from standard input."""
    console = open_console()
    if drop:
        if not forget_secret(name):
            raise MissingError(f"The keyring has no secret {name!r}.")
        say(console, f"Deleted from the keyring: {name}.")
        return
    if not has_keyring():
        raise MissingError(
            "There is no keyring here to keep secrets in.",
            hint=f"Install one (pip install 'metier[keyring]'), or use the environment: export {name}=...",
        )
    value = ask_secret(f"{name} (not shown)") if is_terminal() else sys.stdin.readline().strip()
    set_secret(name, value)
    say(console, f"In the keyring: {name}. A server uses it as ${{keyring:{name}}}.")


@app.command()
def login(name: Server) -> None:
    """Log in to a server over HTTP: a page opens in the browser."""
    desk = open_desk()
    definition = desk.find(name).definition
    _check_login(definition)
    seen = visit(reach(desk, definition, login=True))
    if not logged_in(name, desk.tokens):
        say(open_console(), f"{name} let metier in without a login ({count(len(seen.specs), 'tool')}).")
        return
    say(open_console(), f"Logged in to {name} ({count(len(seen.specs), 'tool')}).")


@app.command()
def logout(name: Server) -> None:
    """End the login to a server: its tokens are revoked and deleted."""
    desk = open_desk()
    definition = desk.find(name).definition
    _check_login(definition)
    if not logged_in(name, desk.tokens):
        raise MissingError(f"You are not logged in to {name!r}.")
    revoked = end_login(desk, definition)
    say(open_console(), f"Logged out of {name}." if revoked else f"Logged out of {name} here; it revoked nothing.")


def _check_login(definition: Definition) -> None:
    if getattr(definition.reach, "login", None) is None:
        raise InputError(
            f"The server {definition.name!r} has no login.", hint="One that needs it is added with --login browser."
        )
