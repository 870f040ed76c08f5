"""What logs in to an HTTP server, made from a registered server's `Login`."""

from collections.abc import Callable
from pathlib import Path

import httpx2

from metier.errors import InputError
from metier.servers.definition import Login
from metier.servers.oauth.person import LOGIN_S, Person
from metier.servers.oauth.program import Program
from metier.servers.oauth.safety import is_safe
from metier.servers.oauth.store import TokenStore


def make_auth(
    name: str,
    url: str,
    login: Login,
    *,
    folder: Path,
    open_browser: Callable[[str], None] | None = None,
    login_s: float = LOGIN_S,
) -> httpx2.Auth:
    """Returns what logs in to the server `name` at `url`, and keeps the tokens in `folder` for their owner alone.

    `login` has its references resolved. `open_browser` is given the page where a person logs in within `login_s`;
    without it nobody is asked, and a server that wants a login goes on refusing with status 401. A `client_id` that is
    an https address with a path is that of a client metadata document.

    Raises InputError for a name that could lead elsewhere, for an address that a token would travel to in clear text,
    and for a program's login without its credentials.
    """
    if not is_safe(url):
        raise InputError(
            f"One cannot log in to {name!r} at this address: a token would travel in clear text.",
            hint="Use its https address.",
        )
    store = TokenStore(name, url, folder=folder)
    if login.grant == "client_credentials":
        return Program(name, store, login)
    return Person(name, store, login, open_browser=open_browser, login_s=login_s)
