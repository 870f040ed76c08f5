"""The file that keeps one server's login: tokens, the registered client, and who gave them. For its owner alone.

A token is only handed out for the address that it was given for. Processes that share the file renew it in turns: a
refresh token is often good for one use, and a second process that uses it again ends the login for both.
"""

import asyncio
import re
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import Any

from mcp.shared.auth import OAuthClientInformationFull, OAuthMetadata, OAuthToken, ProtectedResourceMetadata
from pydantic import BaseModel, ConfigDict, ValidationError

from metier.errors import InputError, StorageError
from metier.home import storage_error, write_atomically

TURN_S = 60.0  # a renewal is one request; whoever holds the turn for longer is stuck
PAUSE_S = 0.05
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class Saved(BaseModel):
    """What the file holds. `expires_at` is in seconds since 1970; `issuer` is the authorization server as named."""

    model_config = ConfigDict(frozen=True)

    url: str = ""
    issuer: str = ""
    tokens: OAuthToken | None = None
    expires_at: float | None = None
    client: OAuthClientInformationFull | None = None
    server: OAuthMetadata | None = None
    resource: ProtectedResourceMetadata | None = None


class TokenStore:
    """The login of one server, in `folder`/NAME.json. What the SDK's providers ask of a storage, and turns to renew."""

    def __init__(self, name: str, url: str, *, folder: Path) -> None:
        self.path = token_file(name, folder)
        self.url = url

    def read(self) -> Saved:
        """Returns what is kept for this address: nothing when the file is for another, or is damaged."""
        saved = read_file(self.path)
        return saved if saved.url == self.url else Saved(url=self.url)

    def update(self, **changes: Any) -> None:
        """Writes the file with `changes`; raises StorageError when that cannot be done."""
        write_file(self.path, self.read().model_copy(update=changes))

    def stamp(self) -> tuple[int, int]:
        """Returns what tells one writing of the file from the next."""
        try:
            found = self.path.stat()
        except OSError:
            return (0, 0)
        return (found.st_ino, found.st_mtime_ns)

    async def get_tokens(self) -> OAuthToken | None:
        """Returns the tokens."""
        return self.read().tokens

    async def set_tokens(self, tokens: OAuthToken) -> None:
        """Keeps `tokens`, and when they expire."""
        expires_at = None if tokens.expires_in is None else time.time() + tokens.expires_in
        self.update(tokens=tokens, expires_at=expires_at)

    async def get_client_info(self) -> OAuthClientInformationFull | None:
        """Returns the client that was registered."""
        return self.read().client

    async def set_client_info(self, client_info: OAuthClientInformationFull) -> None:
        """Keeps the client that was registered."""
        self.update(client=client_info)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Waits until no other process renews this login; raises StorageError when that takes too long."""
        end = time.monotonic() + TURN_S
        while (held := take_turn(self.path)) is None:
            if time.monotonic() > end:
                raise _stuck(self.path)
            await asyncio.sleep(PAUSE_S)
        with closing(held):
            yield


def logged_in(name: str, folder: Path) -> bool:
    """Returns whether tokens are kept for the server `name`; raises InputError for a name that could lead elsewhere."""
    return read_file(token_file(name, folder)).tokens is not None


def token_file(name: str, folder: Path) -> Path:
    """Returns the file of the server `name`; raises InputError for a name that could lead elsewhere."""
    if not _NAME.fullmatch(name):
        raise InputError(f"{name!r} is no name of a server.", hint="Names are letters, digits, '.', '_' and '-'.")
    return folder / f"{name}.json"


def read_file(path: Path) -> Saved:
    """Returns what `path` holds: nothing when it is missing, or damaged (one logs in again)."""
    try:
        return Saved.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return Saved()
    except ValidationError:
        return Saved()
    except OSError as error:
        raise StorageError(f"Cannot read {path}: {error.strerror}.", hint="Fix its permissions.") from error


def write_file(path: Path, saved: Saved) -> None:
    """Writes `saved` so that readers see the old file or the whole new one, and nobody else sees either."""
    try:
        _own_folder(path.parent)
    except OSError as error:
        raise storage_error(path.parent, error) from error
    write_atomically(path, saved.model_dump_json(exclude_none=True, indent=1).encode(), mode=0o600)


def take_turn(path: Path) -> sqlite3.Connection | None:
    """Returns a hold on the login of `path`, which ends with its process; None while another has it."""
    try:
        _own_folder(path.parent)
        held = sqlite3.connect(path.with_suffix(".lock"), isolation_level=None, timeout=0)
    except OSError as error:
        raise storage_error(path.parent, error) from error
    except sqlite3.OperationalError as error:
        raise StorageError(f"Cannot use {path.parent}: {error}.", hint="Fix its permissions.") from error
    try:
        held.execute("begin exclusive")
    except sqlite3.OperationalError as error:
        held.close()
        if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            return None
        raise StorageError(f"Cannot use {path.parent}: {error}.", hint="Fix its permissions.") from error
    return held


@contextmanager
def blocking_turn(path: Path) -> Iterator[None]:
    """Waits, without an event loop, until no process renews the login of `path`; raises StorageError."""
    end = time.monotonic() + TURN_S
    while (held := take_turn(path)) is None:
        if time.monotonic() > end:
            raise _stuck(path)
        time.sleep(PAUSE_S)
    with closing(held):
        yield


def _stuck(path: Path) -> StorageError:
    return StorageError(
        f"Another process has been renewing the login in {path} for {TURN_S:g} s.", hint="End it, then try again."
    )


def _own_folder(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_mode & 0o077:
        folder.chmod(0o700)
