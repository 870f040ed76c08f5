"""What Amap's MCP server says: JSON in a text, faults in words, positions as "lon,lat" in GCJ-02. Pure."""

import re
from collections.abc import Mapping
from datetime import timedelta, timezone
from typing import Final

from metier.errors import ServerError
from metier_maps.providers.amap.gcj02 import from_gcj02, to_gcj02
from metier_maps.providers.faults import Fault, Marks, mark
from metier_maps.providers.plan import Reply
from metier_maps.providers.reading import number_of, read_json, text_of
from metier_maps.providers.records import Source
from metier_maps.routing.router import Point

AMAP: Final = Source(
    "amap", "Amap", "Source: Amap (AutoNavi), GCJ-02 converted to WGS-84", re.compile(r"[A-Za-z0-9]{1,40}")
)

STUMBLE: Final = r"Cannot read propert(?:y|ies) of (?:undefined|null)"


def codes(numbers: str) -> str:
    """Returns the pattern of these infocodes where a server or a body names one, and not in an address."""
    return rf"(?:failed:|infocode) (?:{numbers})\b"


# Infocodes and infos of Amap's web service, and the words in which its gateways say the same.
MARKS: Final = Marks(
    (
        (
            Fault.SPENT,
            mark(
                r"DAILY_QUERY_OVER_LIMIT", codes("10003|10029|10044|10045"),
                r"(?:当?日|天|配额|额度)[^,，。]{0,12}(?:超|用完|耗尽)",
                r"超[出过限][^,，。]{0,12}(?:当?日|天|配额|额度)",
            ),
        ),
        (
            Fault.HURRY,
            mark(
                r"QPS_HAS_EXCEEDED", r"ACCESS_TOO_FREQUENT", codes("10004|10014|10019|10020|10021"), r"\b429\b",
                r"too many requests", r"频繁|并发|限流|超[出过]",
            ),
        ),
        (
            Fault.KEY,
            mark(
                r"INVALID_USER_(?:KEY|IP|DOMAIN|SIGNATURE|SCODE)", r"USERKEY_PLAT_NOMATCH", r"USER_KEY_RECYCLED",
                r"INSUFFICIENT_(?:ABROAD_)?PRIVILEGES", r"IP_QUERY_OVER_LIMIT_BLOCK",
                codes("10001|10005|10006|10007|10008|10009|10012|10013"),
            ),
        ),
        (Fault.NO_WAY, mark(r"NO_ROADS_NEARBY", r"ROUTE_FAIL", codes("20801|20802"))),
        (Fault.OUTSIDE, mark(r"OUT_OF_SERVICE", r"OVER_DIRECTION_RANGE", codes("20800|20803"))),
        (Fault.ARGUMENTS, mark(r"INVALID_PARAMS", r"MISSING_REQUIRED_PARAMS", r"ILLEGAL_REQUEST", codes("2000[012]"))),
        # the server takes the first of an empty list and stumbles: that is how it says "none"
        (Fault.NOTHING, mark(STUMBLE, r"没有(?:找到|查到)|未找到|无结果")),
    ),
    timezone(timedelta(hours=8)),
)  # fmt: skip


def read_answer(reply: Reply) -> Mapping[str, object] | None:
    """Returns the object that Amap answered, or None where it says that there is nothing.

    Raises ServerError for a source that failed, is throttled or says what is no answer, ToolError for what Amap
    refuses.
    """
    if reply.is_error:
        _raise_unless_nothing(reply.text, reply)
        return None
    try:
        value = read_json(reply)
    except ValueError as error:
        raise ServerError(f"Amap answered with {error}.") from error
    if not isinstance(value, dict):
        raise ServerError("Amap answered with JSON of another shape.")
    if _is_refusal(value):
        said = f"{value.get('info') or value.get('errmsg') or ''} infocode {value.get('infocode')}"
        _raise_unless_nothing(said, reply)
        return None
    return value


def _is_refusal(value: Mapping[str, object]) -> bool:
    """Returns whether the body is one of Amap's errors, passed on by a server that did not look at it."""
    return str(value.get("status", "1")) == "0" or str(value.get("errcode", "0")) != "0"


def _raise_unless_nothing(said: str, reply: Reply) -> None:
    fault = MARKS.fault_of(said)
    if fault is not Fault.NOTHING:
        raise MARKS.error_of(AMAP.title, fault, said, reply.heard)


def write_location(point: Point) -> str:
    """Returns a WGS-84 position as Amap takes it: "lon,lat" in GCJ-02, six digits."""
    shifted = to_gcj02(point)
    return f"{shifted.lon:.6f},{shifted.lat:.6f}"


def read_location(value: object) -> Point | None:
    """Returns the WGS-84 position of Amap's "lon,lat", or None for what is none."""
    text = text_of(value) or ""
    east, _, north = text.partition(",")
    lon, lat = number_of(east), number_of(north)
    if lon is None or lat is None or abs(lat) > 85 or abs(lon) > 180:
        return None
    point = from_gcj02(Point(lat, lon))
    return point if abs(point.lat) <= 90 and abs(point.lon) <= 180 else None
