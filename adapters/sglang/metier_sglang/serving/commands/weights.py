"""`metier sglang weights`."""

from typing import Annotated

import typer

from metier.cli.context import open_console
from metier_sglang.serving.commands.server import AdminKey, Key, Url, ask
from metier_sglang.transport.weights import update_weights

app = typer.Typer(help="The weights of a running server.", no_args_is_help=True, add_completion=False)


@app.command()
def update(
    url: Url,
    folder: Annotated[str, typer.Argument(metavar="FOLDER", help="The weights, a folder on the server's machine.")],
    version: Annotated[str, typer.Option(help="The version that turns are recorded with from now on.")],
    abort: Annotated[bool, typer.Option(help="End running requests instead of waiting for them.")] = False,
    key: Key = "",
    admin_key: AdminKey = "",
) -> None:
    """Load other weights of the same architecture into a server, or into every worker of a router."""
    done = ask(
        url,
        lambda fleet: update_weights(fleet, folder, version=version, abort=abort),
        key=key,
        admin_key=admin_key,
    )
    open_console().print(f"Version {version} is on {', '.join(done)}.", soft_wrap=True)


@app.callback()
def _weights() -> None:
    """The weights of a running server."""
