"""The commands about map data."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import JustifyMethod
from rich.table import Table
from rich.text import Text

from metier.cli.bar import show_bar
from metier.cli.context import one_line, open_console, toolkit_settings
from metier.toolkit import Settings
from metier_maps.place import Region
from metier_maps.places.gazetteer import Hit
from metier_maps.places.regions import add_region, find_region, list_regions, remove_region
from metier_maps.places.store import open_gazetteer
from metier_maps.world.sample import install_sample

NAME = "maps"
NO_DATA = "There is no map data yet. Add some: metier maps add FILE.osm.pbf, or metier maps sample."


def add(
    file: Annotated[Path, typer.Argument(readable=False, help="An OpenStreetMap extract, NAME.osm.pbf.")],
    name: Annotated[str, typer.Option(help="What to call the region. Default: the name of the file.")] = "",
) -> None:
    """Import a map: its places and roads. Interrupted, nothing of it stays; a map that is there is not read again."""
    with show_bar() as tell:
        region = add_region(_settings(), file, name=name, progress=tell)
    _tell_region(region)


def sample() -> None:
    """Install the fictional sample region: no file and no network needed."""
    with show_bar() as tell:
        region = install_sample(_settings(), progress=tell)
    _tell_region(region)


def show_regions() -> None:
    """List the regions whose maps are on this machine."""
    regions = [installed.region for installed in list_regions(_settings())]
    console = open_console()
    if not regions:
        console.print(NO_DATA, soft_wrap=True)
        return
    table = Table(box=None, pad_edge=False)
    for title in ("name", "places", "lodgings", "roads", "data of", "id"):
        side: JustifyMethod = "right" if title in ("places", "lodgings", "roads") else "left"
        table.add_column(title, justify=side, no_wrap=title in ("name", "id"), overflow="fold")
    for region in regions:
        counts = (region.places, region.lodgings, region.road_arcs)
        table.add_row(region.name, *map(str, counts), region.osm_date, region.id)
    console.print(table)
    for credit in dict.fromkeys(map(_credit, regions)):
        console.print(Text(credit), soft_wrap=True)


def remove(name: Annotated[str, typer.Argument(help="The region, as `metier maps list` names it.")]) -> None:
    """Remove a region's map: every version of the name, or the one of an id."""
    for region in remove_region(_settings(), name):
        open_console().print(f"Removed {region.id}.")


def search(
    text: Annotated[str, typer.Argument(help="A name, in any language; typos are tolerated.")] = "",
    region: Annotated[str, typer.Option(help="The region. Default: the only one.")] = "",
    category: Annotated[str, typer.Option(help='Such as "museum" or "pet-friendly hotel".')] = "",
    limit: Annotated[int, typer.Option(min=1, max=100)] = 10,
) -> None:
    """Search the places of a map."""
    installed = find_region(_settings(), region)
    hits = open_gazetteer(installed).search(text, category=category, limit=limit)
    console = open_console()
    if not hits:
        console.print("Nothing was found.")
        raise typer.Exit(1)
    table = Table(box=None, pad_edge=False)
    for title in ("name", "kind", "open", "dogs", "position", "id"):
        table.add_column(title, no_wrap=title == "id", overflow="fold")
    for hit in hits:
        table.add_row(*_row(hit))
    console.print(table)
    console.print(Text(_credit(installed.region)))


def _row(hit: Hit) -> tuple[Text, ...]:
    place = hit.place
    kind = place.categories[0] if place.categories else "place"
    hours = place.opening_hours.value or "unknown"
    cells = (place.name, kind, hours, str(place.dogs.value), f"{place.lat:.5f}, {place.lon:.5f}", place.id)
    return tuple(Text(one_line(cell)) for cell in cells)


def _settings() -> Settings:
    return toolkit_settings(NAME)


def _credit(region: Region) -> str:
    return f"{region.attribution}, {region.licence}"


def _tell_region(region: Region) -> None:
    console = open_console()
    counts = f"{region.places} places, {region.lodgings} of them lodgings, {region.road_arcs} stretches of road"
    console.print(Text(f"{region.id}: {counts}, data of {region.osm_date or 'unknown date'}."), soft_wrap=True)
    console.print(Text(_credit(region)), soft_wrap=True)


app = typer.Typer()
for _name, _command in (
    ("add", add),
    ("list", show_regions),
    ("remove", remove),
    ("sample", sample),
    ("search", search),
):
    app.command(_name)(_command)
