"""What the commands that speak to a running server share."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeAlias, TypeVar

import typer

from metier.errors import InputError, MissingError
from metier_sglang.transport.fleet import Fleet

Result = TypeVar("Result")

Url: TypeAlias = Annotated[str, typer.Argument(metavar="URL", help="The server or router: http://HOST:30000.")]
Key: TypeAlias = Annotated[
    str, typer.Option("--key", metavar="NAME", help="The environment variable that holds the server's key.")
]
AdminKey: TypeAlias = Annotated[
    str, typer.Option("--admin-key", metavar="NAME", help="The environment variable that holds its admin key.")
]


def read_key(name: str) -> str:
    """Returns the key in the environment variable `name`, "" for no name.

    Raises MissingError when it is not set, InputError for what is no name: it may be the key itself, so it is not told.
    """
    if not name:
        return ""
    if not name.isidentifier():
        raise InputError("That is no name of an environment variable.", hint="Give the name, never the key itself.")
    key = os.environ.get(name, "").strip()
    if not key:
        raise MissingError(f"The environment variable {name} holds no key.", hint=f"Set it: export {name}=...")
    return key


def ask(url: str, what: Callable[[Fleet], Awaitable[Result]], *, key: str = "", admin_key: str = "") -> Result:
    """Returns what `what` returns of the server at `url`; `key` and `admin_key` name environment variables."""
    fleet = Fleet(url, api_key=read_key(key), admin_key=read_key(admin_key))

    async def run() -> Result:
        try:
            return await what(fleet)
        finally:
            await fleet.close()

    return asyncio.run(run())
