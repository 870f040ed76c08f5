"""`metier maps`: map data, and trips that are already written."""

import typer

from metier_maps.commands.data import add, remove, sample, search, show_regions
from metier_maps.commands.engines import start
from metier_maps.commands.trips import edit, export, verify

__all__ = ["commands"]

commands = typer.Typer(help="Map data and trips.", no_args_is_help=True, add_completion=False)
commands.command("add")(add)
commands.command("list")(show_regions)
commands.command("remove")(remove)
commands.command("sample")(sample)
commands.command("search")(search)
commands.command("verify")(verify)
commands.command("edit")(edit)
commands.command("export")(export)

_router = typer.Typer(help="Routing engines that run on this machine.", no_args_is_help=True)
_router.command("start")(start)
commands.add_typer(_router, name="router")


@_router.callback()
def _router_group() -> None:
    """Routing engines that run on this machine."""
