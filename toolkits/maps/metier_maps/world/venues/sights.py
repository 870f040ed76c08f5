"""Sights and services, named and tagged."""

import math
from collections.abc import Mapping, Sequence
from functools import partial

from metier.world import Chance, Spot, Town
from metier.world.names import FAMILY, NATURE, Register, coin_name, to_cyrillic, to_hanzi
from metier_maps.world.ground.sketch import Sketch
from metier_maps.world.ground.streets import TownPlan
from metier_maps.world.venues.catalogue import COUNTRYSIDE, RANKS, REMOTE, TOPICS, TOWN_KINDS, VIEWPOINT, Kind
from metier_maps.world.venues.siting import Site, build_lane, find_kerb, list_lanes
from metier_maps.world.venues.timetables import choose_hours

PHONE = "+999"  # a country calling code that the ITU keeps in reserve: it rings nowhere


def raise_sights(site: Site, register: Register, chance: Chance) -> None:
    """Draws every sight and service: those of towns, those of the countryside, those of the remote valleys."""
    for plan in site.plans.values():
        for number, kind in enumerate(TOWN_KINDS):
            draw = chance.stream(plan.town.id, str(number))
            for index in range(_count(kind, plan.town, draw)):
                _raise_in_town(site, register, plan, kind, draw.stream(str(index)))
    lanes = list_lanes(site, lambda spot: True)
    for number, (kind, count) in enumerate(COUNTRYSIDE):
        for index in range(count):
            _raise_in_country(site, register, kind, lanes, chance.stream("country", str(number), str(index)))
    _raise_remote(site, register, chance.stream("remote"))


def _count(kind: Kind, town: Town, draw: Chance) -> int:
    mean = kind.counts[RANKS.index(town.rank)]
    return math.floor(mean) + (1 if draw.happens(mean - math.floor(mean)) else 0)


def _raise_in_town(site: Site, register: Register, plan: TownPlan, kind: Kind, draw: Chance) -> None:
    spot, street = find_kerb(site, plan, draw, kind.area_km + 0.012 if kind.area_km else 0.016)
    tags = {**kind.tags, **_name(kind, plan.town, register, draw), **describe_visit(kind, draw)}
    if street:
        tags |= {"addr:street": street, "addr:housenumber": str(draw.whole(1, 60)), "addr:city": plan.town.name}
    place_venue(site.sketch, spot, tags, kind.area_km, draw)


def _raise_in_country(site: Site, register: Register, kind: Kind, lanes: list[int], draw: Chance) -> None:
    spot = build_lane(site, lanes, draw)
    tags = {**kind.tags, **_name(kind, None, register, draw), **describe_visit(kind, draw)}
    if kind is VIEWPOINT:
        tags["ele"] = str(round(site.country.landscape.height_at(spot)))
    place_venue(site.sketch, spot, tags, kind.area_km, draw)


def _raise_remote(site: Site, register: Register, chance: Chance) -> None:
    land = site.country.landscape
    corners = {"basin": [land.basin], "valley": list(land.valley)}
    for zone, spots in corners.items():
        homes = [plan.town.spot for plan in site.plans.values() if plan.town.zone == zone]
        lanes = list_lanes(site, partial(_is_near, [*spots, *homes]))
        for index, kind in enumerate(REMOTE):
            _raise_in_country(site, register, kind, lanes, chance.stream(zone, str(index)))


def _is_near(spots: Sequence[Spot], spot: Spot) -> bool:
    return min(spot.distance(other) for other in spots) < 5.0


def _name(kind: Kind, town: Town | None, register: Register, draw: Chance) -> dict[str, str]:
    if not kind.chinese:
        return {"name": f"{kind.word} {coin_name(FAMILY, draw)}"}
    if town is not None and register.is_free(f"{kind.word} {town.name}"):
        return _translate(kind, town.name, town.names.get("zh", to_hanzi(town.name)), register)
    if town is not None and kind.word == "Muzeon":
        for topic, word, chinese in draw.shuffled(TOPICS):
            if register.is_free(f"Muzeon {word} {town.name}"):
                register.take(f"Muzeon {word} {town.name}")
                names = {"name": f"Muzeon {word} {town.name}", "name:en": f"{town.name} {topic} Museum"}
                return names | {"name:zh": f"{town.names.get('zh', to_hanzi(town.name))}{chinese}博物馆"}
    proper = register.coin(NATURE if town is None else FAMILY, draw)
    return _translate(kind, proper, to_hanzi(proper), register)


def _translate(kind: Kind, proper: str, chinese: str, register: Register) -> dict[str, str]:
    name = register.take(f"{kind.word} {proper}")
    names = {"name": name, "name:en": f"{proper} {kind.english}", "name:zh": f"{chinese}{kind.chinese}"}
    if len(proper) % 2:
        names["name:qaa"] = f"{to_cyrillic(kind.word)} {to_cyrillic(proper)}"
    return names


def describe_visit(kind: Kind, draw: Chance) -> dict[str, str]:
    """Returns what a visitor asks: hours, fee and charge, wheelchair, telephone; any of them may be missing."""
    tags = choose_hours(kind.hours, draw)
    if kind.charge is not None and draw.happens(0.75):
        low, high = kind.charge
        tags |= {"fee": "yes", "charge": f"{draw.whole(low, high)} EUR"} if draw.happens(0.85) else {"fee": "yes"}
    elif draw.happens(0.25):
        tags["fee"] = "no"
    if draw.happens(0.3):
        tags["wheelchair"] = draw.pick(("yes", "no", "limited"))
    if kind.charge is not None and draw.happens(0.4):
        tags |= make_phone(draw)
    return tags


def make_phone(draw: Chance) -> dict[str, str]:
    """Returns the tags of a telephone number under a calling code that no country has, marked as made up."""
    number = f"{PHONE} {draw.whole(10, 99)} 555 {draw.whole(0, 9999):04d}"
    return {"phone": number, "phone:note": "fictional number"}


def place_venue(sketch: Sketch, spot: Spot, tags: Mapping[str, str], area_km: float, draw: Chance) -> None:
    """Draws a venue as a node, or as an area of that radius."""
    if not area_km:
        sketch.add_node(spot, tags)
        return
    turn, corners = draw.between(0.0, 1.5), draw.whole(5, 9)
    ring = []
    for step in range(corners):
        angle = turn + 2.0 * math.pi * step / corners
        radius = area_km * draw.between(0.75, 1.0)
        ring.append(Spot(spot.x + radius * math.cos(angle), spot.y + radius * math.sin(angle)))
    sketch.add_ring(ring, tags)
