"""The fictional country written as a real OpenStreetMap file."""

import os
from pathlib import Path

import osmium
from osmium.osm import mutable

from metier.errors import StorageError
from metier.world import Chance, Country, Spot, Town, make_country
from metier.world.names import NATURE, Register, coin_name
from metier_maps.world.ground.cover import draw_cover, draw_peaks
from metier_maps.world.ground.network import plan_network, split_chains
from metier_maps.world.ground.roads import Roadworks, draw_motorway, draw_roads
from metier_maps.world.ground.sketch import Sketch
from metier_maps.world.ground.streets import TownPlan, lay_streets
from metier_maps.world.ground.terrain import Terrain
from metier_maps.world.ground.water import draw_border, draw_water
from metier_maps.world.venues.lodgings import raise_lodgings
from metier_maps.world.venues.sights import raise_sights
from metier_maps.world.venues.siting import Site

WORLD_VERSION = 1
GENERATOR = f"metier-world {WORLD_VERSION}"
WRITTEN = "2026-01-15T00:00:00Z"
PLACE_OF_RANK = {"capital": "city", "city": "city", "town": "town", "village": "village", "hamlet": "hamlet"}


def write_region(path: Path, *, seed: int) -> None:
    """Writes the country of a seed as an `.osm.pbf`: the same seed gives the same bytes.

    The header names the generator ("metier-world ..."), and the country's node says that it is fictional. Raises
    StorageError when the file cannot be written.
    """
    if not path.parent.is_dir():
        raise StorageError(f"The sample map cannot be written to {path}: no such folder.", hint="Make the folder.")
    sketch = sketch_region(make_country(seed))
    part = path.with_name(f"{path.name}.part.osm.pbf")
    try:
        part.unlink(missing_ok=True)
        _write(sketch, part)
        os.replace(part, path)
    except (OSError, RuntimeError) as error:
        raise StorageError(f"The sample map cannot be written to {path}: {error}.", hint="Check the folder.") from error


def sketch_region(country: Country) -> Sketch:
    """Returns the map of a country: ground first, then what stands on it."""
    chance = Chance(country.seed, "maps")
    sketch = Sketch(country.frame)
    draw_border(sketch, country)
    plans = _lay_towns(sketch, country, chance)
    terrain = Terrain(country.landscape, chance.stream("terrain"))
    for plan in plans.values():
        terrain.crowd(plan.town.spot, plan.reach_km + 0.8)
    network = plan_network(country, terrain)
    works = Roadworks(sketch, terrain, network, plans, chance.stream("roads"))
    roads = draw_roads(works, split_chains(network))
    draw_motorway(works, _motorway_towns(country))
    draw_water(sketch, country)
    draw_cover(sketch, terrain, plans, chance.stream("cover"))
    site = Site(sketch, country, plans, roads)
    register = Register()
    draw_peaks(sketch, country, register, chance.stream("peaks"))
    raise_lodgings(site, register, chance.stream("lodgings"))
    raise_sights(site, register, chance.stream("sights"))
    return sketch


def _lay_towns(sketch: Sketch, country: Country, chance: Chance) -> dict[str, TownPlan]:
    streets = chance.stream("street names")
    names = [coin_name(NATURE, streets) for _ in range(60)] + [person.family for person in country.people[:60]]
    plans = {}
    for town in country.towns:
        tags = {"place": PLACE_OF_RANK[town.rank], "name": town.name, "population": str(town.population)}
        tags |= {f"name:{language}": name for language, name in town.names.items() if language}
        if town.rank == "capital":
            tags["capital"] = "yes"
        plans[town.id] = lay_streets(sketch, town, names, chance.stream("streets", town.id))
        sketch.add_node(Spot(town.spot.x + 0.004, town.spot.y + 0.004), tags)
    return plans


def _motorway_towns(country: Country) -> list[Town]:
    cities = [town for town in country.towns if town.rank == "city"]
    return [country.capital, cities[0], cities[1]]


def _write(sketch: Sketch, path: Path) -> None:
    header = osmium.io.Header()
    header.set("generator", GENERATOR)
    header.set("osmosis_replication_timestamp", WRITTEN)
    header.set("sorting", "Type_then_ID")
    lats, lons = [node.lat for node in sketch.nodes], [node.lon for node in sketch.nodes]
    header.add_box(osmium.osm.Box(min(lons), min(lats), max(lons), max(lats)))
    with osmium.SimpleWriter(path, header=header) as writer:
        for node in sketch.nodes:
            place = (node.lon, node.lat)
            writer.add_node(
                mutable.Node(id=node.id, location=place, tags=dict(node.tags), version=1, timestamp=WRITTEN)
            )
        for way in sketch.ways:
            writer.add_way(mutable.Way(id=way.id, nodes=way.nodes, tags=dict(way.tags), version=1, timestamp=WRITTEN))
        for relation in sketch.relations:
            members, tags = relation.members, dict(relation.tags)
            writer.add_relation(
                mutable.Relation(id=relation.id, members=members, tags=tags, version=1, timestamp=WRITTEN)
            )
