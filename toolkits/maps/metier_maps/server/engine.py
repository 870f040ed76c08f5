"""Which routing engine a setting names."""

from pathlib import Path

from metier.errors import InputError
from metier_maps.places.place import Region
from metier_maps.routing.offline import open_router
from metier_maps.routing.router import Router


def open_engine(option: str, folder: Path, region: Region) -> Router:
    """Returns the router that `option` names for a region.

    "offline" is the built-in one. Raises InputError for anything else that is no engine.
    """
    if option == "offline":
        return open_router(folder, region)
    raise InputError(f"There is no router {option[:80]!r}.", hint="Use offline, valhalla:URL or osrm:URL.")
