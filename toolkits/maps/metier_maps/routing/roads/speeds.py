"""How fast each mode goes on a way: read from OSM tags, in km/h. Pure.

The numbers were set so that durations between hotels, villages and sights of Andorra and Heidelberg agree with
Valhalla 3.9.1 in the median; `benchmarks/routing_engines.py` prints how well they do.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from metier_maps.routing.router import Mode

_CAR: Final[Mapping[str, float]] = {
    "motorway": 105,
    "motorway_link": 60,
    "trunk": 85,
    "trunk_link": 50,
    "primary": 65,
    "primary_link": 45,
    "secondary": 55,
    "secondary_link": 40,
    "tertiary": 45,
    "tertiary_link": 35,
    "unclassified": 35,
    "residential": 28,
    "living_street": 10,
    "service": 15,
    "road": 25,
    "pedestrian": 8,
    "track": 15,
}
_CAR_OTHER: Final = 10.0
_BICYCLE: Final[Mapping[str, float]] = {
    "primary": 17.3,
    "secondary": 17.3,
    "tertiary": 17.3,
    "cycleway": 17.3,
    "track": 12,
    "path": 11,
    "footway": 8,
    "pedestrian": 8,
    "steps": 2,
    "service": 14,
    "living_street": 14,
}
_BICYCLE_OTHER: Final = 16.3
_FOOT: Final = 5.0
_FOOT_STEPS: Final = 3.0
FERRY_KMH: Final = 20.0
FASTEST_KMH: Final[Mapping[Mode, float]] = {"car": 140.0, "bicycle": 25.0, "foot": 6.0}

# A car does not drive at the limit all the way: bends, crossings and traffic are in this factor.
_OF_LIMIT: Final = 0.9
_SOFT: Final = frozenset(
    ("unpaved", "compacted", "gravel", "fine_gravel", "dirt", "earth", "ground", "grass", "mud", "sand")
)
_ROUGH: Final = _SOFT | {"rock", "pebblestone", "cobblestone", "sett"}
_ROUGH_CAR_KMH: Final = 30.0
_ROUGH_BICYCLE: Final = 0.8
_LANE_CAR: Final = 0.8
_BY_PLACE: Final[Mapping[str, float]] = {"urban": 50, "rural": 90, "trunk": 110, "motorway": 120, "living_street": 10}
_LIMIT: Final = re.compile(r"\s*(\d{1,4}(?:\.\d{1,3})?)\s*(mph|km/h|kmh|kph|knots)?\s*", re.ASCII)
_CLOCK: Final = re.compile(r"\s*(\d{1,3}):([0-5]\d)(?::([0-5]\d))?\s*", re.ASCII)
_ISO: Final = re.compile(r"\s*PT(?:(\d{1,3})H)?(?:(\d{1,4})M)?(?:(\d{1,6})S)?\s*", re.ASCII | re.IGNORECASE)
_KMH: Final[Mapping[str, float]] = {"mph": 1.609344, "knots": 1.852}


@dataclass(frozen=True, slots=True)
class Speeds:
    """Speed along the way and against it, km/h."""

    forward: float
    backward: float


def read_speeds(tags: Mapping[str, str], mode: Mode) -> Speeds:
    """Returns the speeds of a mode on a way; always positive, and never above what the mode can do."""
    if mode == "foot":
        speed = _FOOT_STEPS if tags.get("highway") == "steps" else _FOOT
        return Speeds(speed, speed)
    if mode == "bicycle":
        speed = _BICYCLE.get(tags.get("highway", "").removesuffix("_link"), _BICYCLE_OTHER)
        speed *= _ROUGH_BICYCLE if tags.get("surface") in _ROUGH else 1.0
        return Speeds(speed, speed)
    return Speeds(_car_speed(tags, "maxspeed:forward"), _car_speed(tags, "maxspeed:backward"))


def read_limit(text: str) -> float | None:
    """Returns a maxspeed value in km/h; None for one that is absurd or cannot be read."""
    word = text.strip().lower()
    if word == "walk":
        return 6.0
    by_place = _BY_PLACE.get(word.partition(":")[2])
    if by_place is not None:
        return by_place
    match = _LIMIT.fullmatch(word)
    if match is None:
        return None
    limit = float(match[1]) * _KMH.get(match[2] or "", 1.0)
    return limit if 3 <= limit <= 200 else None


def read_duration(text: str) -> int | None:
    """Returns a ferry's duration ("01:30", "PT1H30M", "45" minutes) in seconds; None for what cannot be read."""
    word = text.strip()
    clock = _CLOCK.fullmatch(word)
    if clock is not None:
        seconds = int(clock[1]) * 3600 + int(clock[2]) * 60 + int(clock[3] or 0)
    else:
        iso = _ISO.fullmatch(word)
        if iso is not None:
            seconds = int(iso[1] or 0) * 3600 + int(iso[2] or 0) * 60 + int(iso[3] or 0)
        else:
            seconds = int(word) * 60 if re.fullmatch(r"[0-9]{1,4}", word) else 0
    return seconds if 0 < seconds <= 7 * 24 * 3600 else None


def _car_speed(tags: Mapping[str, str], direction_key: str) -> float:
    highway = tags.get("highway", "")
    usual = _CAR.get(highway, _CAR_OTHER)
    limit = read_limit(tags.get(direction_key, "")) or read_limit(tags.get("maxspeed", ""))
    speed = usual if limit is None else _limited(usual, limit * _OF_LIMIT, highway)
    if tags.get("surface") in _ROUGH and highway not in ("living_street", "pedestrian"):
        speed = min(speed, _ROUGH_CAR_KMH)
    if tags.get("lanes") == "1" and tags.get("oneway", "no") == "no":
        speed *= _LANE_CAR
    return max(3.0, min(speed, FASTEST_KMH["car"]))


def _limited(usual: float, limit: float, highway: str) -> float:
    """Returns the speed under a limit: lanes without through traffic stay slow however high their limit is."""
    if highway in ("service", "living_street", "pedestrian", "track", "residential", "unclassified", "road"):
        return min(usual, limit)
    return limit
