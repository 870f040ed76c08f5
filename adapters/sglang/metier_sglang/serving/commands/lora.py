"""`metier sglang lora`."""

from typing import Annotated

import typer

from metier.cli.context import open_console
from metier_sglang.serving.commands.server import AdminKey, Key, Url, ask
from metier_sglang.transport.weights import load_lora, unload_lora

Name = Annotated[str, typer.Argument(metavar="NAME", help="The adapter's name.")]

app = typer.Typer(help="LoRA adapters of a running server.", no_args_is_help=True, add_completion=False)


@app.command()
def load(
    url: Url,
    name: Name,
    folder: Annotated[str, typer.Argument(metavar="FOLDER", help="The adapter, a folder on the server's machine.")],
    key: Key = "",
    admin_key: AdminKey = "",
) -> None:
    """Load an adapter into a server that was started with --lora, or into every worker of a router."""
    done = ask(url, lambda fleet: load_lora(fleet, name, folder), key=key, admin_key=admin_key)
    open_console().print(f"{name} is on {', '.join(done)}.", soft_wrap=True)


@app.command()
def unload(url: Url, name: Name, key: Key = "", admin_key: AdminKey = "") -> None:
    """Unload an adapter."""
    done = ask(url, lambda fleet: unload_lora(fleet, name), key=key, admin_key=admin_key)
    open_console().print(f"{name} is gone from {', '.join(done)}.", soft_wrap=True)
