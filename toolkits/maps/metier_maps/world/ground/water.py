"""Water, borders and the country itself on the map."""

from metier.world import Chance, Country, Lake, Spot
from metier_maps.world.ground.roads import round_corners
from metier_maps.world.ground.sketch import Sketch

FICTIONAL = "Fictional: this country is made up by the metier-world generator; it is no real place."
WATER_WORDS = (("Lagun", "Lake", "湖"), ("Rivo", "River", "河"))


def draw_water(sketch: Sketch, country: Country) -> None:
    """Draws lakes as areas, one of them with an island, and rivers as lines."""
    for number, lake in enumerate(country.landscape.lakes):
        shore = _clip(lake, country)
        tags = {"natural": "water", "water": "lake", "name": f"Lagun {lake.name}", "name:en": f"Lake {lake.name}"}
        if number == 1:
            outer = sketch.add_ring(shore, {})
            island = sketch.add_ring(_islet(shore), {"place": "islet", "name": f"Holm {lake.name}"})
            sketch.add_relation((("w", outer, "outer"), ("w", island, "inner")), {"type": "multipolygon", **tags})
        else:
            sketch.add_ring(shore, tags)
    for river in country.landscape.rivers:
        nodes = [sketch.add_node(spot) for spot in round_corners(river.line)]
        tags = {"waterway": "river", "name": f"Rivo {river.name}", "name:en": f"River {river.name}"}
        sketch.add_way(nodes, tags)


def draw_border(sketch: Sketch, country: Country) -> None:
    """Draws the country's node, marked as fictional, and its border."""
    width, height = country.landscape.width_km, country.landscape.height_km
    draw = Chance(country.seed, "border")
    names = {"name": country.name, "name:qaa": country.names["qaa"], "name:zh": country.names["zh"]}
    marks = {"note": FICTIONAL, "description": FICTIONAL, "fictional": "yes"}
    sketch.add_node(Spot(width / 2, height / 2), {"place": "country", **names, **marks})
    border = sketch.add_ring(_frontier(width, height, draw), {"boundary": "administrative", "admin_level": "2"})
    sketch.add_relation(
        (("w", border, "outer"),),
        {"type": "boundary", "boundary": "administrative", "admin_level": "2", **names, **marks},
    )


def _frontier(width: float, height: float, draw: Chance) -> list[Spot]:
    """Returns the border: a frame around everything, a little uneven, straight only where it runs through the lake."""
    steps = 24
    east = [Spot(width + draw.between(0.1, 0.7), height * k / steps) for k in range(steps)]
    north = [Spot(width * (1 - k / steps), height + draw.between(0.1, 0.7)) for k in range(steps)]
    west = [Spot(-draw.between(0.1, 0.7), height * (1 - k / steps)) for k in range(steps)]
    return [Spot(0, 0), Spot(width, 0), *east[1:], *north[1:], *west[1:]]


def _clip(lake: Lake, country: Country) -> list[Spot]:
    width = country.landscape.width_km
    return [Spot(min(width, max(0.0, spot.x)), max(0.0, spot.y)) for spot in lake.shore]


def _islet(shore: list[Spot]) -> list[Spot]:
    middle = Spot(sum(s.x for s in shore) / len(shore), sum(s.y for s in shore) / len(shore))
    return [Spot(middle.x + 0.12 * (s.x - middle.x), middle.y + 0.12 * (s.y - middle.y)) for s in shore[::4]]
