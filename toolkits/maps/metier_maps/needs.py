"""What this toolkit can use from outside, and whether it is there."""

from importlib.util import find_spec

from metier.toolkit import Need, Settings
from metier_maps.places.regions import list_regions


def list_needs(settings: Settings) -> tuple[Need, ...]:
    """Returns map data, which is required, and what is optional: forecasts, another router, the prover."""
    regions = tuple(installed.region.name for installed in list_regions(settings))
    router = settings.options.get("router", "offline")
    return (
        Need(
            name=f"map data ({', '.join(regions)})" if regions else "map data",
            kind="data",
            present=bool(regions),
            required=True,
            fix="metier maps add FILE.osm.pbf, or metier maps sample",
        ),
        Need(
            name="forecasts by Open-Meteo",
            kind="key",
            present=settings.options.get("weather") == "open-meteo",
            required=False,
            fix="--set weather=open-meteo; it needs the network and no key",
        ),
        Need(
            name="a routing engine (Valhalla or OSRM)",
            kind="program",
            present=router != "offline",
            required=False,
            fix="metier maps router start valhalla REGION; without it the offline estimate is used",
        ),
        Need(
            name="ortools",
            kind="package",
            present=find_spec("ortools") is not None,
            required=False,
            fix="pip install 'metier-maps[prove]' to prove conflicts",
        ),
    )
