"""The command that runs a routing engine."""

import signal
from threading import Event
from typing import Annotated

import typer

from metier.cli.context import open_console, toolkit_settings
from metier.errors import InputError
from metier_maps.commands.data import NAME
from metier_maps.places.regions import find_region
from metier_maps.routing.programs import Engine, start_server

ENGINES: tuple[Engine, ...] = ("valhalla", "osrm")


def start(
    engine: Annotated[str, typer.Argument(help="valhalla or osrm.")],
    region: Annotated[str, typer.Argument(help="The region, as `metier maps list` names it.")],
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Default: a free one.")] = None,
) -> None:
    """Run a routing engine for a region on this machine only, until Ctrl-C. The program is fetched once, from PyPI."""
    chosen = next((each for each in ENGINES if each == engine), None)
    if chosen is None:
        raise InputError(f"There is no routing engine {engine[:40]!r}.", hint=f"Use {' or '.join(ENGINES)}.")
    settings = toolkit_settings(NAME)
    folder = find_region(settings, region).folder
    console = open_console(error=True)
    stopped = Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda number, frame: stopped.set())
    with start_server(chosen, folder, home=settings.data, port=port, say=console.print) as server:
        answer = f"{chosen} answers at {server.base_url}. Use it: --set router={chosen}:{server.base_url}"
        open_console().print(answer, soft_wrap=True)
        stopped.wait()
    console.print("Stopped.")


app = typer.Typer(help="Routing engines that run on this machine.", no_args_is_help=True)
app.command("start")(start)


@app.callback()
def _router() -> None:
    """Routing engines that run on this machine."""
