"""Places of Google Maps. Pure."""

from collections.abc import Generator, Mapping
from typing import Final

from metier_maps.facts import Tri
from metier_maps.place import Place
from metier_maps.providers.answers import Known, tell_details, tell_found
from metier_maps.providers.asking import PlaceDesk, Wish, cannot, find_spots, missing, read_id
from metier_maps.providers.google.dialects import DETAILS, SEARCH, Dialect
from metier_maps.providers.google.hours import read_hours
from metier_maps.providers.google.kinds import words_of
from metier_maps.providers.google.wire import GOOGLE, read_answer, read_location
from metier_maps.providers.plan import Plan, Reply
from metier_maps.providers.reading import first_text, record_of, records_of, text_of
from metier_maps.providers.records import Sighting, make_place, record_sighting

_NEAR_M: Final = 5_000.0  # where places are preferred, when no radius is given


def search(dialect: Dialect, wish: Wish) -> Plan:
    """Returns the plan that finds places."""
    centre = None
    if wish.near:
        spots, _ = yield from find_spots(desk_of(dialect), [wish.near])
        centre = spots[0].point
    query = wish.query or wish.word
    if not query:
        raise cannot(GOOGLE, "without a name or a kind of place")
    (reply,) = yield (dialect.search(query, centre, wish.radius_m or _NEAR_M),)
    return tell_found(GOOGLE, list(_read_hits(reply)), wish, centre=centre)


def _read_hits(reply: Reply) -> Generator[Known, None, None]:
    value = read_answer(reply)
    for item in records_of(value if isinstance(value, list) else record_of(value).get("places")):
        own = text_of(item.get("place_id")) or ""
        place = _make_place(item, own, reply.retrieved) if GOOGLE.ids.fullmatch(own) else None
        if place is not None:
            yield Known(place, record_sighting(GOOGLE, SEARCH, place, reply.retrieved))


def details(dialect: Dialect, place_id: str) -> Plan:
    """Returns the plan that tells of one place; it raises MissingError for a place that Google does not know."""
    own = read_id(GOOGLE, place_id)
    (reply,) = yield (dialect.details(own),)
    place = read_place(reply, own)
    if place is None:
        raise missing(GOOGLE, place_id)
    return tell_details(GOOGLE, Known(place, record_sighting(GOOGLE, DETAILS, place, reply.retrieved)))


def read_place(reply: Reply, own: str) -> Place | None:
    """Returns the place that a look-up told of, or None where it told of none, or not where it is."""
    return _make_place(record_of(read_answer(reply)), own, reply.retrieved)


def _make_place(item: Mapping[str, object], own: str, retrieved: str) -> Place | None:
    at = read_location(item.get("location"))
    if at is None:
        return None
    kinds, first = item.get("types"), text_of(item.get("primary_type"))
    types = [first] if first else []
    types += [each for each in kinds if isinstance(each, str)] if isinstance(kinds, list) else []
    address = first_text(item, "address", "formatted_address")
    seen = Sighting(
        id=own,
        name=text_of(item.get("name")) or own,
        at=at,
        words=words_of(types),
        hours=read_hours(item.get("opening_hours")),
        dogs=_yes(record_of(item.get("atmosphere")).get("allows_dogs")),
        phone=first_text(item, "phone", "formatted_phone_number"),
        website=first_text(item, "website"),
        tags={} if address is None else {"address": address},
    )
    return make_place(GOOGLE, seen, retrieved)


def _yes(value: object) -> Tri:
    """Returns yes for a stated yes. The servers leave out what is not: that is unknown, never no."""
    return Tri.YES if value is True else Tri.UNKNOWN


def desk_of(dialect: Dialect) -> PlaceDesk:
    """Returns how Google is asked for one place."""
    return PlaceDesk(GOOGLE, DETAILS, dialect.details, read_place)
