"""Who may use a way, in which direction: read from OSM tags. Pure, and lenient: a value it does not know is no ban."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from metier_maps.routing.router import Mode

MODES: Final[tuple[Mode, ...]] = ("car", "bicycle", "foot")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


CAR_CLASSES: Final = _words(
    "motorway motorway_link trunk trunk_link primary primary_link secondary secondary_link tertiary tertiary_link"
    " unclassified residential living_street service road"
)
_CYCLE_ONLY: Final = frozenset(("cycleway", "track", "path"))
_WALK_ONLY: Final = _words("footway pedestrian steps path track bridleway corridor cycleway platform")
_NO_BICYCLE: Final = frozenset(("motorway", "motorway_link", "trunk", "trunk_link"))
_NO_FOOT: Final = frozenset(("motorway", "motorway_link", "trunk", "trunk_link"))
CLASSES: Final = CAR_CLASSES | _CYCLE_ONLY | _WALK_ONLY

_KEYS: Final[Mapping[Mode, tuple[str, ...]]] = {
    "car": ("motorcar", "motor_vehicle", "vehicle", "access"),
    "bicycle": ("bicycle", "vehicle", "access"),
    "foot": ("foot", "access"),
}
_BANS: Final = frozenset(
    ("no", "private", "agricultural", "forestry", "agricultural;forestry", "use_sidepath", "military")
)
_GRANTS: Final = frozenset(
    ("yes", "designated", "permissive", "official", "destination", "customers", "delivery", "permit")
)
_FORWARD: Final = frozenset(("yes", "true", "1"))
_BACKWARD: Final = frozenset(("-1", "reverse"))
_BLOCKED: Final[Mapping[Mode, frozenset[str]]] = {
    "car": _words(
        "bollard block cycle_barrier kissing_gate stile turnstile full-height_turnstile jersey_barrier chain debris log"
        " horse_stile motorcycle_barrier bus_trap sump_buster planter fence wall hedge"
    ),
    "bicycle": _words("kissing_gate stile turnstile full-height_turnstile fence wall hedge"),
    "foot": frozenset(),
}


@dataclass(frozen=True, slots=True)
class Directions:
    """Whether a way may be used along its line and against it."""

    forward: bool
    backward: bool


_NEITHER: Final = Directions(forward=False, backward=False)


def read_directions(tags: Mapping[str, str], mode: Mode) -> Directions:
    """Returns in which directions the mode may use the way."""
    if not _may_use(tags, mode):
        return _NEITHER
    oneway = _read_oneway(tags, mode)
    if oneway in ("reversible", "blocked"):
        return _NEITHER
    return Directions(forward=oneway not in _BACKWARD, backward=oneway not in _FORWARD)


def is_blocked(tags: Mapping[str, str], mode: Mode) -> bool:
    """Returns whether the node with these tags (a bollard, a closed gate) stops the mode."""
    stated = _stated_access(tags, mode)
    if stated is not None:
        return not stated
    return tags.get("barrier", "") in _BLOCKED[mode]


def _may_use(tags: Mapping[str, str], mode: Mode) -> bool:
    highway = tags.get("highway", "")
    if not highway:
        return tags.get("route") == "ferry" and _stated_access(tags, mode) is not False
    if highway not in CLASSES:
        return False
    stated = _stated_access(tags, mode)
    if mode == "car" and highway not in CAR_CLASSES:
        # Only a word about cars themselves opens a path or a track to them; "access=yes" does not.
        return any(tags.get(key) in _GRANTS for key in ("motorcar", "motor_vehicle"))
    if stated is not None:
        return stated
    return _by_class(highway, mode, tags)


def _by_class(highway: str, mode: Mode, tags: Mapping[str, str]) -> bool:
    if mode == "car":
        return tags.get("service") != "emergency_access"
    if mode == "bicycle":
        return highway not in _NO_BICYCLE and (highway in CAR_CLASSES or highway in _CYCLE_ONLY)
    return highway not in _NO_FOOT and (highway != "cycleway" or tags.get("segregated") == "yes")


def _stated_access(tags: Mapping[str, str], mode: Mode) -> bool | None:
    """Returns what the most particular access tag says, None where no tag says anything."""
    for key in _KEYS[mode]:
        value = tags.get(key)
        if value in _BANS:
            return False
        if value in _GRANTS:
            return True
    return None


def _read_oneway(tags: Mapping[str, str], mode: Mode) -> str:
    if mode == "foot":
        return tags.get("oneway:foot", "no")
    if mode == "bicycle":
        own = tags.get("oneway:bicycle")
        if own is not None:
            return own
        if any(tags.get(key, "").startswith("opposite") for key in ("cycleway", "cycleway:left", "cycleway:right")):
            return "no"
    stated = tags.get("oneway")
    if stated is not None:
        return stated
    implied = tags.get("junction") in ("roundabout", "circular") or tags.get("highway") == "motorway"
    return "yes" if implied else "no"
