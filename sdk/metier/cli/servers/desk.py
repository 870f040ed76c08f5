"""What the commands about servers share: the catalog, the approvals, and a server reached from a terminal."""

import asyncio
import os
import sys
import webbrowser
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TypeVar

from metier.cli.context import is_terminal, one_line
from metier.cli.servers.asking import ask_user
from metier.errors import CallerError
from metier.home import home_folder
from metier.servers.catalog import Catalog, Entry
from metier.servers.definition import Definition
from metier.servers.oauth import forget
from metier.servers.opening import Opened, open_server, resolve
from metier.servers.pinning.store import PinStore
from metier.servers.tool import ToolSpec

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Desk:
    """The registered servers, seen from this folder, and what was approved of them."""

    home: Path
    catalog: Catalog
    pins: PinStore

    @property
    def tokens(self) -> Path:
        """Returns the folder that keeps the logins."""
        return self.home / "servers" / "tokens"

    def definitions(self) -> list[Definition]:
        """Returns the definitions of all servers that may be used."""
        return [entry.definition for entry in self.catalog.entries() if entry.trusted]

    def find(self, name: str) -> Entry:
        """Returns a server that may be used; raises InputError and MissingError."""
        return self.catalog.find(name)


@dataclass(frozen=True, slots=True)
class Visit:
    """What a first connection found: the tools, the version of the protocol, and how long it took in seconds."""

    specs: tuple[ToolSpec, ...]
    protocol: str
    elapsed_s: float


def open_desk() -> Desk:
    """Returns the desk for this user and this folder; raises InputError for a fault in a file."""
    home = home_folder()
    return Desk(home, Catalog.open(home, Path.cwd()), PinStore(home))


def reach(
    desk: Desk, definition: Definition, *, environ: Mapping[str, str] | None = None, login: bool | None = None
) -> Opened:
    """Returns the server, not connected yet; raises InputError and MissingError.

    Its questions go to the terminal. A login opens the browser when a person is there, always or never by `login`.
    """
    present = is_terminal()
    return open_server(
        definition,
        home=desk.home,
        environ=os.environ if environ is None else environ,
        ask=ask_user if present else None,
        open_browser=show_page if (present if login is None else login) else None,
    )


def visit(opened: Opened) -> Visit:
    """Returns what a connection finds; raises ServerError."""

    async def look() -> Visit:
        started = monotonic()
        async with opened.source as source:
            specs = await source.tools()
            return Visit(specs, source.protocol, monotonic() - started)

    return wait_for(look)


def end_login(desk: Desk, definition: Definition) -> bool:
    """Returns whether the server said that the tokens of the login are revoked; here they are gone in any case.

    A client that was registered by hand revokes with its own credentials, when they are still there.
    """
    try:
        reached, _ = resolve(definition, os.environ)
    except CallerError:
        return forget(definition.name, desk.tokens)
    return forget(definition.name, desk.tokens, getattr(reached, "login", None))


def wait_for(work: Callable[[], Awaitable[T]]) -> T:
    """Returns what `work` gives, run to its end."""

    async def run() -> T:
        return await work()

    return asyncio.run(run())


def show_page(url: str) -> None:
    """Opens a page in the browser, and says which, for a machine without one."""
    sys.stderr.write(f"metier: log in on this page: {one_line(url)}\n")
    sys.stderr.flush()
    webbrowser.open(url)
