"""Asks the map and the router about everything an itinerary names, so that a file can be judged without trusting it."""

from collections.abc import Iterable, Iterator, Mapping

from metier.errors import InputError, MissingError, ToolError
from metier.evidence import Citation, Evidence
from metier_maps.checks.rules.provenance import is_name_of
from metier_maps.itinerary import Day, Itinerary, Leg
from metier_maps.place import Place
from metier_maps.places.gazetteer import Gazetteer
from metier_maps.records import Way, record_leg, record_place, record_region
from metier_maps.request import PlaceRef
from metier_maps.routing.router import Point, Router


def gather_evidence(itinerary: Itinerary, gazetteer: Gazetteer, router: Router) -> dict[str, Evidence]:
    """Returns fresh evidence, by id, of the region and of every place and leg that the itinerary names.

    A place that does not exist and a leg that no road allows yield none, so that what claims them is found without
    support. Nothing is taken from the itinerary but ids, modes and dates. Raises ServerError where the engine is dead.
    """
    found = [record_region(gazetteer.region)]
    places: dict[str, Place] = {}
    for place_id in dict.fromkeys(_ids_of(itinerary)):
        try:
            places[place_id] = gazetteer.get(place_id)
        except (MissingError, InputError):
            continue
        found.append(record_place(gazetteer.region, places[place_id]))
    for day in itinerary.days:
        found += [item for leg in day.legs if (item := _ask(router, places, day, leg)) is not None]
    return {item.id: item for item in found}


def _ids_of(itinerary: Itinerary) -> Iterator[str]:
    for day in itinerary.days:
        yield from (day.start.id, day.end.id)
        for leg in day.legs:
            yield from (leg.origin.id, leg.destination.id)
        yield from (stop.place.id for stop in day.stops)
        if day.night is not None:
            yield day.night.place.id
    request = itinerary.request
    yield from _refs((request.start, request.end, *request.must_see))


def _refs(places: Iterable[PlaceRef]) -> Iterator[str]:
    return (place.id for place in places)


def _ask(router: Router, places: dict[str, Place], day: Day, leg: Leg) -> Evidence | None:
    origin, destination = places.get(leg.origin.id), places.get(leg.destination.id)
    if origin is None or destination is None:
        return None
    ends = (Point(origin.lat, origin.lon), Point(destination.lat, destination.lon))
    try:
        route = router.route(*ends, mode=leg.mode, on=day.date)
    except (InputError, ToolError):
        return None
    refs = (_ref(leg.origin, origin), _ref(leg.destination, destination))
    return record_leg(router, Way(*refs, leg.mode, day.date), route)


def _ref(named: PlaceRef, place: Place) -> PlaceRef:
    """Returns the place by the name it is called, so that equal legs have equal ids, if the map has that name."""
    return named if is_name_of(named.name, place) else PlaceRef(id=place.id, name=place.name)


def cite_afresh(itinerary: Itinerary, evidence: Mapping[str, Evidence]) -> Itinerary:
    """Returns the itinerary with each leg, sight and night citing the gathered evidence of what it names.

    So a file written by hand, which cites nothing, can be judged by its facts. Forecasts and alternatives, which
    neither map nor router can confirm, are left out.
    """
    ids = {_key_of(item): item.id for item in evidence.values()}
    days = tuple(_cite_day(day, ids) for day in itinerary.days)
    return itinerary.model_copy(update={"days": days, "alternatives": ()})


def _key_of(item: Evidence) -> str:
    value = item.value
    if isinstance(value, dict) and item.source.startswith("router:"):
        return "/".join(str(value.get(name)) for name in ("origin", "destination", "mode", "on"))
    return item.locator


def _cite_day(day: Day, ids: Mapping[str, str]) -> Day:
    def cite(key: str) -> tuple[Citation, ...]:
        return (Citation(ids[key]),) if key in ids else ()

    legs = tuple(
        leg.model_copy(update={"citations": cite(f"{leg.origin.id}/{leg.destination.id}/{leg.mode}/{day.date}")})
        for leg in day.legs
    )
    stops = tuple(stop.model_copy(update={"citations": cite(stop.place.id)}) for stop in day.stops)
    night = day.night and day.night.model_copy(update={"citations": cite(day.night.place.id)})
    return day.model_copy(update={"legs": legs, "stops": stops, "night": night, "weather": None})
