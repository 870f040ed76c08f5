"""A place made from a thing on the map: its names, its categories, and facts with their source and date. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from metier_maps.facts import Fact
from metier_maps.osm.cleaning import LONGEST_NAME
from metier_maps.osm.elements import Element
from metier_maps.osm.values import read_dogs, read_hours, read_link, read_phone, read_price, read_stars, read_tri
from metier_maps.place import Place
from metier_maps.places.categories import NAMELESS, classify, is_kept_nameless
from metier_maps.places.search.names import is_name_key, names_of

T = TypeVar("T")

MOST_TAGS: Final = 80
_NOISE: Final = (
    "source",
    "note",
    "fixme",
    "FIXME",
    "created_by",
    "tiger",
    "gnis",
    "import",
    "check_date",
    "survey",
    "ref",
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the facts come from ("OpenStreetMap") and the date (ISO 8601, may be empty) of what has none of its own."""

    source: str
    date: str


def is_place(tags: Mapping[str, str]) -> bool:
    """Returns whether a thing with these tags is a place: of a known kind, and named where a name matters."""
    kept = any(is_name_key(key) for key in tags) or not NAMELESS.isdisjoint(tags.items())
    return kept and (categories := classify(tags)) != () and (bool(names_of(tags)) or is_kept_nameless(categories))


def make_place(element: Element, origin: Origin) -> Place | None:
    """Returns the place, or None for what is not one: no category, no position, or no name where a name matters."""
    tags = element.tags
    categories = classify(tags)
    names = {key: text[:LONGEST_NAME].rstrip() for key, text in names_of(tags).items()}
    if element.lat is None or element.lon is None or not categories or not (names or is_kept_nameless(categories)):
        return None
    named = names.get("name") or names.get("name:en") or next(iter(names.values()), "")
    facts = _Facts(f"{origin.source} {element.kind}/{element.id}", element.date or origin.date)
    return Place(
        id=f"osm:{element.kind}/{element.id}",
        name=named or categories[0].capitalize(),
        names=names,
        lat=round(element.lat, 7),
        lon=round(element.lon, 7),
        categories=categories,
        opening_hours=facts.of(read_hours(tags.get("opening_hours"))),
        dogs=facts.of(read_dogs(tags)),
        price=facts.of(read_price(tags.get("charge"), per_head="lodging" not in categories)),
        fee=facts.of(read_tri(tags.get("fee"))),
        stars=facts.of(read_stars(tags.get("stars"))),
        phone=facts.of(_first(read_phone, tags, ("phone", "contact:phone", "contact:mobile", "mobile"))),
        website=facts.of(_first(read_link, tags, ("website", "contact:website", "url"))),
        wheelchair=facts.of(read_tri(tags.get("wheelchair"))),
        tags=_kept(tags),
    )


@dataclass(frozen=True, slots=True)
class _Facts:
    source: str
    date: str

    def of(self, value: T | None) -> Fact[T]:
        return Fact(value=value, source=self.source, date=self.date)


def _first(read: Callable[[str | None], str | None], tags: Mapping[str, str], keys: tuple[str, ...]) -> str | None:
    return next((value for key in keys if (value := read(tags.get(key))) is not None), None)


def _kept(tags: Mapping[str, str]) -> dict[str, str]:
    kept = [(key, value) for key, value in tags.items() if not is_name_key(key) and not _is_noise(key)]
    return dict(kept[:MOST_TAGS])


def _is_noise(key: str) -> bool:
    return key.split(":", 1)[0] in _NOISE
