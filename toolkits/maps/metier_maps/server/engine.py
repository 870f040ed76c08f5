"""Which routing engine the settings name."""

from pathlib import Path

from metier.errors import InputError
from metier_maps.place import Region
from metier_maps.routing.offline import open_router
from metier_maps.routing.osrm import OsrmRouter
from metier_maps.routing.router import Router
from metier_maps.routing.valhalla import ValhallaRouter


def open_engine(option: str, folder: Path, region: Region) -> Router:
    """Returns the router that `option` names for a region: "offline" (built in), "valhalla:URL" or "osrm:URL".

    Raises InputError for anything else.
    """
    name, _, address = option.partition(":")
    if name == "offline" and not address:
        return open_router(folder, region)
    if name == "valhalla" and address:
        return ValhallaRouter(address, region, folder=folder)
    if name == "osrm" and address:
        return OsrmRouter(address, region, folder=folder)
    raise InputError(f"There is no router {option[:80]!r}.", hint="Use offline, valhalla:URL or osrm:URL.")
