"""Where tools are served over HTTP, and to whom."""

import os
import sys
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from metier.errors import InputError

TOKEN = "METIER_TOKEN"

Http: TypeAlias = Annotated[
    bool, typer.Option("--http", help="Over streamable HTTP instead of standard input and output.")
]
Host: TypeAlias = Annotated[str, typer.Option(help="Where to listen with --http. Off this machine a token is needed.")]
Port: TypeAlias = Annotated[int, typer.Option(help="The port with --http; 0 takes any free one.")]
TokenFile: TypeAlias = Annotated[
    Path | None, typer.Option(help=f"A file with the token that callers must bear. Default: {TOKEN}, else none.")
]


def read_token(file: Path | None) -> str:
    """Returns the token that callers must bear, from `file` or the environment; empty for none.

    Raises InputError for a file that cannot be read or is empty.
    """
    if file is None:
        return os.environ.get(TOKEN, "").strip()
    try:
        token = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeError) as error:
        raise InputError(
            f"The token in {file} cannot be read.", hint="Write it into a text file of its own."
        ) from error
    if not token:
        raise InputError(f"There is no token in {file}.", hint="Write it into the file, on one line.")
    return token


def tell_address(address: str) -> None:
    """Says on standard error where the tools are served."""
    sys.stderr.write(f"metier: serving at {address}; stop with Ctrl-C\n")
    sys.stderr.flush()
