"""What the MCP servers of Google Maps say: JSON in a text, faults in words of several languages. Pure."""

import re
from typing import Any, Final
from zoneinfo import ZoneInfo

from metier.errors import ServerError
from metier_maps.providers.faults import Fault, Marks, mark
from metier_maps.providers.plan import Reply
from metier_maps.providers.reading import number_of, read_json, record_of
from metier_maps.providers.records import Source
from metier_maps.routing.router import Point

GOOGLE: Final = Source(
    "google",
    "Google Maps",
    "Source: Google Maps; may not be stored, except place ids",
    re.compile(r"[A-Za-z0-9_-]{1,300}"),
)

MARKS: Final = Marks(
    (
        (Fault.SPENT, mark(r"OVER_DAILY_LIMIT",
                           r"(?:quota|queries|requests)[^.]{0,60}\bper day\b", r"daily (?:quota|limit)")),
        (
            Fault.HURRY,
            mark(
                r"OVER_QUERY_LIMIT", r"RESOURCE_EXHAUSTED", r"quota exceeded", r"exceeded[^.]{0,60}quota", r"\b429\b",
                r"too many requests", r"rate limit", r"zu viele Anfragen",
                r"Kontingent[^.]{0,40}(?:überschritten|erschöpft)",
                r"trop de requêtes", r"quota dépassé", r"demasiadas solicitudes", r"cuota (?:excedida|superada)",
                r"配额|请求过多|频繁",
            ),
        ),
        (
            Fault.KEY,
            mark(
                r"REQUEST[ _]DENIED", r"API[ -]key", r"PERMISSION_DENIED", r"UNAUTHENTICATED", r"not authorized",
                r"API-Schlüssel",
                r"clé API", r"clave de API", r"billing",
            ),
        ),
        (Fault.NO_WAY, mark(r"No route found", r"MAX_ROUTE_LENGTH_EXCEEDED")),
        (Fault.OUTSIDE, mark(r"not available for this location", r"not supported for this location")),
        (
            Fault.NOTHING,
            mark(
                r"ZERO_RESULTS", r"\bNOT_FOUND\b", r"No results found", r"No location found", r"no longer valid",
                r"Cannot read propert(?:y|ies) of (?:undefined|null)",
            ),
        ),
        (Fault.ARGUMENTS, mark(r"INVALID_REQUEST", r"INVALID_ARGUMENT",
                               r"MAX_(?:ELEMENTS|DIMENSIONS|WAYPOINTS)_EXCEEDED")),
    ),
    ZoneInfo("America/Los_Angeles"),
)  # fmt: skip


def read_answer(reply: Reply) -> Any:
    """Returns the JSON that Google answered, or None where it says that there is nothing.

    Raises ServerError for a source that failed, is throttled or says what is no answer, ToolError for what it refuses.
    """
    if reply.is_error:
        _raise_unless_nothing(reply.text, reply)
        return None
    try:
        value = read_json(reply)
    except ValueError as error:
        raise ServerError(f"Google Maps answered with {error}.") from error
    said = _refusal_in(value)
    if said:
        _raise_unless_nothing(said, reply)
        return None
    return value


def _refusal_in(value: object) -> str:
    """Returns the words of an error body, passed on by a server that did not look at it; "" for an answer."""
    body = record_of(value)
    status, error = body.get("status"), body.get("error")
    if isinstance(status, str) and status != "OK":
        return f"{status} {body.get('error_message') or ''}"
    if body.get("success") is False or error:
        inner = record_of(error)
        return f"{inner.get('status') or ''} {inner.get('message') or ''}" if inner else str(error or "no success")
    return ""


def _raise_unless_nothing(said: str, reply: Reply) -> None:
    fault = MARKS.fault_of(said)
    if fault is not Fault.NOTHING:
        raise MARKS.error_of(GOOGLE.title, fault, said, reply.heard)


def read_location(value: object) -> Point | None:
    """Returns the position of {"lat", "lng"}; None for what is none, and for 0, 0, which stands for "not told"."""
    place = record_of(value)
    lat, lon = number_of(place.get("lat")), number_of(place.get("lng"))
    if lat is None or lon is None or abs(lat) > 90 or abs(lon) > 180 or (lat, lon) == (0.0, 0.0):
        return None
    return Point(lat, lon)
