"""Places, ways and forecasts of a live source as this trade writes them down, each with its evidence. Pure.

The evidence names the source and its tool, such as "amap/maps_direction_driving", and when that was heard. It is never
taken for that of a map on this machine ("map:...") or of its router ("router:..."), so no check mixes them up.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from metier.evidence import Evidence, record_evidence
from metier_maps.facts import Fact, Tri
from metier_maps.osm.values import read_link, read_phone
from metier_maps.place import Place
from metier_maps.places.categories import CATEGORIES, ancestors_of
from metier_maps.records import Way
from metier_maps.routing.router import Point

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Source:
    """A live source: its name as a provider and as people know it, the line its users must show, how its ids look."""

    name: str
    title: str
    attribution: str
    ids: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Sighting:
    """A place as a source tells of it; None is what it does not tell. `words` are categories of this toolkit."""

    id: str
    name: str
    at: Point
    words: tuple[str, ...] = ()
    hours: str | None = None
    dogs: Tri = Tri.UNKNOWN
    phone: str | None = None
    website: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Distance:
    """What a source gave for a way: whole seconds and metres, its label, and the line where it draws one."""

    duration_s: int
    distance_m: int
    label: str
    line: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class Sky:
    """The weather of a day as a source foretells it; None is what it does not tell."""

    text: str
    min_c: float | None = None
    max_c: float | None = None
    rain_mm: float | None = None


def make_place(source: Source, seen: Sighting, retrieved: str) -> Place:
    """Returns the place. Price, fee, stars and access stay unknown: no source tells them so that one may rely on it."""
    facts = _Facts(source.title, retrieved)
    words = dict.fromkeys(word for each in seen.words if each in CATEGORIES for word in (each, *ancestors_of(each)))
    return Place(
        id=f"{source.name}:{seen.id}",
        name=seen.name,
        names={"name": seen.name},
        lat=round(seen.at.lat, 7),
        lon=round(seen.at.lon, 7),
        categories=tuple(words),
        opening_hours=facts.of(seen.hours),
        dogs=facts.of(seen.dogs),
        price=facts.of(None),
        fee=facts.of(Tri.UNKNOWN),
        stars=facts.of(None),
        phone=facts.of(read_phone(seen.phone)),
        website=facts.of(read_link(seen.website)),
        wheelchair=facts.of(Tri.UNKNOWN),
        tags=seen.tags,
    )


@dataclass(frozen=True, slots=True)
class _Facts:
    source: str
    date: str

    def of(self, value: T | None) -> Fact[T]:
        return Fact(value=value, source=self.source, date=self.date)


def record_sighting(source: Source, tool: str, place: Place, retrieved: str) -> Evidence:
    """Returns the evidence of a place: its value is the whole Place."""
    where = f"{place.name} ({', '.join(place.categories) or 'place'}) at {place.lat:.5f}, {place.lon:.5f}"
    return record_evidence(
        source=f"{source.name}/{tool}",
        locator=place.id,
        text=f"{where}. {source.attribution}",
        value=place.model_dump(mode="json"),
        recorded=retrieved,
    )


def record_way(source: Source, tool: str, way: Way, found: Distance, retrieved: str) -> Evidence:
    """Returns the evidence of a way: its value names both ends, mode, seconds, metres and whose numbers they are."""
    told = f"{found.duration_s} s, {found.distance_m} m (by {found.label})"
    return record_evidence(
        source=f"{source.name}/{tool}",
        locator=f"route/{way.mode}/{way.origin.id}/{way.destination.id}",
        text=f"{way.origin.name} to {way.destination.name} by {way.mode}: {told}. {source.attribution}",
        value={
            "origin": way.origin.id,
            "destination": way.destination.id,
            "mode": way.mode,
            "on": None,
            "duration_s": found.duration_s,
            "distance_m": found.distance_m,
            "router": found.label,
        },
        recorded=retrieved,
    )


def record_sky(source: Source, tool: str, day: tuple[Point, date], sky: Sky, retrieved: str) -> Evidence:
    """Returns the evidence of a forecast for a day at a position."""
    at, on = day
    return record_evidence(
        source=f"{source.name}/{tool}",
        locator=f"forecast/{at.lat:.2f},{at.lon:.2f}/{on}",
        text=f"{sky.text}. {source.attribution}",
        value={"on": on.isoformat(), "min_c": sky.min_c, "max_c": sky.max_c, "rain_mm": sky.rain_mm, "text": sky.text},
        recorded=retrieved,
    )
