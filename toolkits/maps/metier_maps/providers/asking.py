"""What is asked of a live source, in its terms; and what it cannot be asked, said so that another may answer. Pure."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from metier.errors import MissingError, NotCoveredError
from metier.evidence import Evidence
from metier_maps.place import Place
from metier_maps.places.categories import parse_category
from metier_maps.providers.plan import Inquiry, Reply
from metier_maps.providers.records import Source, record_sighting
from metier_maps.request import PlaceRef
from metier_maps.routing.router import Point
from metier_maps.server.atlas import Spot, read_position

_FURTHEST_M = 50_000  # both sources look no further round a point


@dataclass(frozen=True, slots=True)
class Wish:
    """What places are searched for. `word` is a category of this toolkit, "" for any."""

    query: str
    word: str
    near: str
    radius_m: float | None
    limit: int


@dataclass(frozen=True, slots=True)
class PlaceDesk:
    """How a source is asked for one place: the call, and the reading of its reply (None: there is no such place)."""

    source: Source
    tool: str
    ask: Callable[[str], Inquiry]
    read: Callable[[Reply, str], Place | None]

    def record(self, place: Place, reply: Reply) -> Evidence:
        """Returns the evidence of a place that was read from a reply."""
        return record_sighting(self.source, self.tool, place, reply.retrieved)


def cannot(source: Source, what: str) -> NotCoveredError:
    """Returns the error of a source that cannot answer this: another may."""
    return NotCoveredError(f"{source.title} cannot be asked {what}.", hint="Another source may know.")


def refuse_region(source: Source, region: str) -> None:
    """Raises ServerError for the name of a region: that is a map on this machine, which no live source has."""
    if region:
        raise cannot(source, f"about the region {region[:40]!r}, which is a map on this machine")


def refuse_day(source: Source, on: date | None) -> None:
    """Raises ServerError for a day of travel: a way of today proves nothing about a road that is closed then."""
    if on is not None:
        raise cannot(source, f"for the roads of {on}")


def read_wish(source: Source, wish: Wish, *, region: str) -> Wish:
    """Returns the wish with its category in this toolkit's words.

    Raises ServerError for what the source cannot be asked, and InputError for an unknown category.
    """
    refuse_region(source, region)
    wanted = parse_category(wish.word) if wish.word else None
    if wanted is not None and (wanted.dogs or wanted.wheelchair or wanted.free):
        raise cannot(source, "which places take dogs, are accessible or free")
    query, near = wish.query.strip(), wish.near.strip()
    if not query and not near:
        raise cannot(source, "without a name or a place to look near")
    if wish.radius_m is not None and (not near or wish.radius_m > _FURTHEST_M):
        raise cannot(source, f"about more than {_FURTHEST_M // 1000} km round a place")
    return Wish(query, "" if wanted is None else wanted.category, near, wish.radius_m, wish.limit)


def read_id(source: Source, text: str) -> str:
    """Returns the source's own id in a place id such as "amap:B0FFG..."; raises ServerError for any other text."""
    prefix, _, own = text.strip().partition(":")
    if prefix != source.name or source.ids.fullmatch(own) is None:
        raise cannot(source, f"about the place {text[:60]!r}, which is not its own")
    return own


Spots: TypeAlias = tuple[tuple[Spot, ...], tuple[Evidence, ...]]


def find_spots(desk: PlaceDesk, texts: Sequence[str]) -> Generator[tuple[Inquiry, ...], tuple[Reply, ...], Spots]:
    """Returns the position of each text, ids asked for once and all together, and the evidence of the places asked.

    Raises ServerError for ids of other sources, and MissingError for a place that there is not.
    """
    at = {text: read_position(text) for text in texts}
    own = {text: read_id(desk.source, text) for text, spot in at.items() if spot is None}
    evidence = []
    if own:
        replies = yield tuple(desk.ask(place_id) for place_id in own.values())
        for (text, place_id), reply in zip(own.items(), replies, strict=True):
            place = desk.read(reply, place_id)
            if place is None:
                raise missing(desk.source, text)
            evidence.append(desk.record(place, reply))
            at[text] = Spot(PlaceRef(id=place.id, name=place.name), Point(place.lat, place.lon), place)
    return tuple(spot for text in texts if (spot := at[text]) is not None), tuple(evidence)


def missing(source: Source, text: str) -> MissingError:
    """Returns the error of a place that the source does not know."""
    return MissingError(f"{source.title} knows no place {text.strip()[:60]!r}.", hint="Search for it by name.")
