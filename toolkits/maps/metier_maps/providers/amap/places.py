"""Amap's places: one tool finds their ids, another tells of one of them, and only that one says where it is. Pure."""

import re
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from metier_maps.place import Place
from metier_maps.providers.amap.kinds import keyword_of, words_of_code, words_of_type
from metier_maps.providers.amap.wire import AMAP, read_answer, read_location, write_location
from metier_maps.providers.answers import Known, tell_details, tell_found
from metier_maps.providers.asking import PlaceDesk, Wish, find_spots, missing, read_id
from metier_maps.providers.plan import Inquiry, Outcome, Plan, Reply, inquire
from metier_maps.providers.reading import first_text, records_of, text_of
from metier_maps.providers.records import Sighting, make_place, record_sighting
from metier_maps.routing.router import Point

DETAIL: Final = "maps_search_detail"
_WIDEST_M: Final = 50_000
_EVERY_DAY: Final = re.compile(r"(?:周一至周日|周一到周日|每天|全年)[:： ]*(\d{1,2}:\d{2})[-~至](\d{1,2}:\d{2})")
_ALWAYS: Final = re.compile(r"(?:(?:周一至周日|周一到周日|每天|全年|全天)[:： ]*)?24小时(?:营业|开放)?")


@dataclass(frozen=True, slots=True)
class _Hit:
    id: str
    code: str


def search(wish: Wish, *, looked_up: int) -> Plan:
    """Returns the plan that finds places. Hits have no position, so `looked_up` of them at most are looked up."""
    centre = None
    if wish.near:
        spots, _ = yield from find_spots(DESK, [wish.near])
        centre = spots[0].point
    (reply,) = yield (_ask_for(wish, centre),)
    hits = list(_read_hits(read_answer(reply) or {}))
    chosen = hits[: min(wish.limit, looked_up)]
    known = yield from _look_up(chosen)
    left = len(hits) - len(chosen)
    note = f"Amap found {left} more; each costs a look-up." if left and len(chosen) < wish.limit else ""
    return tell_found(AMAP, known, wish, centre=centre, note=note)


def _ask_for(wish: Wish, centre: Point | None) -> Inquiry:
    keywords = wish.query or (keyword_of(wish.word) if wish.word else None)
    if centre is None:
        return inquire("maps_text_search", keywords=keywords)
    radius = str(round(wish.radius_m or _WIDEST_M))
    return inquire("maps_around_search", location=write_location(centre), keywords=keywords, radius=radius)


def _read_hits(value: Mapping[str, object]) -> Generator[_Hit, None, None]:
    for poi in records_of(value.get("pois")):
        own = text_of(poi.get("id")) or ""
        if AMAP.ids.fullmatch(own):
            yield _Hit(own, text_of(poi.get("typecode")) or "")


def _look_up(hits: Sequence[_Hit]) -> Generator[tuple[Inquiry, ...], tuple[Reply, ...], list[Known]]:
    replies = (yield tuple(_ask_place(hit.id) for hit in hits)) if hits else ()
    known = []
    for hit, reply in zip(hits, replies, strict=True):
        place = read_place(reply, hit.id, code=hit.code)
        if place is not None:
            known.append(Known(place, record_sighting(AMAP, DETAIL, place, reply.retrieved)))
    return known


def details(place_id: str) -> Plan:
    """Returns the plan that tells of one place; it raises MissingError for a place that Amap does not know."""
    own = read_id(AMAP, place_id)
    (reply,) = yield (_ask_place(own),)
    place = read_place(reply, own)
    if place is None:
        raise missing(AMAP, place_id)
    outcome: Outcome = tell_details(AMAP, Known(place, record_sighting(AMAP, DETAIL, place, reply.retrieved)))
    return outcome


def read_place(reply: Reply, own: str, *, code: str = "") -> Place | None:
    """Returns the place that a look-up told of, or None where it told of none, or not where it is."""
    poi = read_answer(reply) or {}
    at = read_location(poi.get("location"))
    if at is None or text_of(poi.get("id")) != own:
        return None
    words = words_of_type(text_of(poi.get("type")) or "") or words_of_code(code)
    tags = {"address": first_text(poi, "address"), "city": first_text(poi, "city"), "type": text_of(poi.get("type"))}
    seen = Sighting(
        id=own,
        name=text_of(poi.get("name")) or own,
        at=at,
        words=words,
        hours=read_hours(first_text(poi, "opentime2", "open_time", "opentime")),
        phone=first_text(poi, "tel"),
        website=first_text(poi, "website"),
        tags={key: value for key, value in tags.items() if value is not None},
    )
    return make_place(AMAP, seen, reply.retrieved)


def read_hours(text: str | None) -> str | None:
    """Returns opening hours as OSM writes them, where Amap's words say that they hold on every day; else None.

    "08:30-17:30" alone may be those of today: it is not taken for a rule.
    """
    if text is None:
        return None
    if _ALWAYS.fullmatch(text.strip()):
        return "24/7"
    match = _EVERY_DAY.fullmatch(text.strip())
    return None if match is None else f"{match.group(1):0>5}-{match.group(2):0>5}"


def _ask_place(own: str) -> Inquiry:
    return inquire(DETAIL, id=own)


DESK: Final = PlaceDesk(AMAP, DETAIL, _ask_place, read_place)
