"""Amap's MCP server (@amap/amap-maps-mcp-server 0.0.8), replayed: its schemas, shapes and habits over made-up ground.

As there: every number is a text, what is missing is `[]`, hits have no position, the province is spelled "provice",
an argument that is missing is searched for as "undefined", and a place that there is not makes it stumble.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from metier.clock import Clock, SystemClock
from metier_maps.providers.amap.kinds import keyword_of
from metier_maps.providers.amap.wire import read_location, write_location
from metier_maps.providers.replay.ground import Ground, Landmark, travel
from metier_maps.providers.replay.mischief import Script
from metier_maps.providers.replay.server import Answer, ReplayServer, StumbleError
from metier_maps.routing.router import Mode, Point

KEY: Final = "amap-canary-0123456789abcdef"
_PAGE: Final = 20
_TYPES: Final[Mapping[str, tuple[str, str]]] = {
    "museum": ("140100", "科教文化服务;博物馆;博物馆"),
    "gallery": ("140400", "科教文化服务;美术馆;美术馆"),
    "hotel": ("100100", "住宿服务;宾馆酒店;宾馆酒店"),
    "restaurant": ("050100", "餐饮服务;中餐厅;中餐厅"),
    "cafe": ("050500", "餐饮服务;咖啡厅;咖啡厅"),
    "park": ("110101", "风景名胜;公园广场;公园"),
    "castle": ("110200", "风景名胜;风景名胜;风景名胜"),
}
_OTHER: Final = ("190000", "地名地址信息;地名地址信息;地名地址信息")
_SCRIPT: Final = Script(
    address=f"https://restapi.example/v3/place/text?key={KEY}&keywords=x&source=ts_mcp",
    rate="Text Search failed: CUQPS_HAS_EXCEEDED_THE_LIMIT",
    quota="Text Search failed: USER_DAILY_QUERY_OVER_LIMIT",
    bad_key="Text Search failed: INVALID_USER_KEY",
    error_body='{"status": "0", "info": "CUQPS_HAS_EXCEEDED_THE_LIMIT", "infocode": "10021"}',
    foreign="请求过于频繁，请稍后再试",
)


def make_amap_replay(ground: Ground, *, clock: Clock | None = None) -> ReplayServer:
    """Returns the server. `clock` tells which day is the first of its forecasts."""
    return ReplayServer("mcp-server/amap-maps", "amap", _Amap(ground, clock or SystemClock()).answers(), _SCRIPT)


def amap_id(landmark: Landmark) -> str:
    """Returns the id by which the replay knows a place."""
    return f"B0SYN{landmark.number:05d}"


@dataclass(frozen=True, slots=True)
class _Amap:
    ground: Ground
    clock: Clock

    def answers(self) -> dict[str, Answer]:
        return {
            "maps_text_search": self.text_search,
            "maps_around_search": self.around_search,
            "maps_search_detail": self.search_detail,
            "maps_regeocode": self.regeocode,
            "maps_geo": self.geo,
            "maps_weather": self.weather,
            "maps_distance": self.distance,
            "maps_direction_driving": lambda given: self.direct(given, "car"),
            "maps_direction_walking": lambda given: self.direct(given, "foot"),
            "maps_bicycling": self.ride,
        }

    def text_search(self, given: Mapping[str, Any]) -> object:
        found = self._matching(str(given.get("keywords", "undefined")), list(self.ground.landmarks))
        return {"suggestion": {"keywords": [], "ciytes": []}, "pois": [_hit(one) for one in found[:_PAGE]]}

    def around_search(self, given: Mapping[str, Any]) -> object:
        centre = _point(given.get("location"))
        near = self.ground.around(centre, float(given.get("radius", "1000")))
        return {"pois": [_hit(one) for one in self._matching(str(given.get("keywords", "")), near)[:_PAGE]]}

    def _matching(self, keywords: str, among: list[Landmark]) -> list[Landmark]:
        named = set(self.ground.named(keywords))
        return [one for one in among if one in named or keywords == keyword_of(one.word)]

    def search_detail(self, given: Mapping[str, Any]) -> object:
        one = next((one for one in self.ground.landmarks if amap_id(one) == given.get("id")), None)
        if one is None:
            raise StumbleError("Error: Cannot read properties of undefined (reading 'id')")
        return {
            "id": amap_id(one),
            "name": one.name,
            "location": write_location(one.at),
            "address": one.address or [],
            "business_area": [],
            "city": one.town or [],
            "type": _TYPES.get(one.word, _OTHER)[1],
            "alias": [],
            "rating": [],
            "cost": [],
            "opentime2": "周一至周日 09:00-17:00" if one.word == "museum" else [],
        }

    def regeocode(self, given: Mapping[str, Any]) -> object:
        one = self.ground.nearest(_point(given.get("location")))
        return {"provice": one.town, "city": [], "district": one.district or []}

    def geo(self, given: Mapping[str, Any]) -> object:
        address = str(given.get("address", "undefined"))
        found = next((one for one in self.ground.landmarks if address == f"{one.town}{one.district}"), None)
        if found is None:
            return {"return": []}
        named = {"country": "中国", "province": found.town, "city": [], "citycode": "000", "district": found.district}
        adcode = f"{100000 + self._areas().index(address)}"
        placed = {"street": [], "number": [], "adcode": adcode, "location": write_location(found.at), "level": "区县"}
        return {"return": [{**named, **placed}]}

    def _areas(self) -> list[str]:
        return sorted({f"{one.town}{one.district}" for one in self.ground.landmarks})

    def weather(self, given: Mapping[str, Any]) -> object:
        areas = {f"{100000 + i}": area for i, area in enumerate(self._areas())}
        city = str(given.get("city", "undefined"))
        if city not in areas and city not in areas.values():
            raise StumbleError("Error: Cannot read properties of undefined (reading 'city')")
        first = self.clock.now().date()
        days = [first + timedelta(days=ahead) for ahead in range(4)]
        return {"city": areas.get(city, city), "forecasts": [_cast(f"{day}", ahead) for ahead, day in enumerate(days)]}

    def direct(self, given: Mapping[str, Any], mode: Mode) -> object:
        seconds, metres = travel(_point(given.get("origin")), _point(given.get("destination")), mode)
        path = {"path": [], "distance": str(metres), "duration": str(seconds), "steps": []}
        return {"route": {"origin": given["origin"], "destination": given["destination"], "paths": [path]}}

    def ride(self, given: Mapping[str, Any]) -> object:
        seconds, metres = travel(_point(given.get("origin")), _point(given.get("destination")), "bicycle")
        paths = [{"distance": metres, "duration": seconds, "steps": []}]  # numbers, here alone
        return {"data": {"origin": given["origin"], "destination": given["destination"], "paths": paths}}

    def distance(self, given: Mapping[str, Any]) -> object:
        to, mode = _point(given.get("destination")), _mode(str(given.get("type", "1")))
        results = []
        for number, text in enumerate(str(given["origins"]).split("|"), start=1):
            seconds, metres = travel(_point(text), to, mode)
            results.append(
                {"origin_id": str(number), "dest_id": "1", "distance": str(metres), "duration": str(seconds)}
            )
        return {"results": results[::-1]}  # in no promised order


def _hit(one: Landmark) -> dict[str, object]:
    code = _TYPES.get(one.word, _OTHER)[0]
    return {"id": amap_id(one), "name": one.name, "address": one.address or [], "typecode": code}


def _cast(day: str, ahead: int) -> dict[str, str]:
    warm = {"daytemp": str(20 + ahead), "nighttemp": str(11 + ahead), "dayweather": "多云", "nightweather": "小雨"}
    return {
        "date": day,
        "week": "1",
        **warm,
        "daywind": "北",
        "nightwind": "北",
        "daypower": "1-3",
        "nightpower": "1-3",
    }


def _mode(kind: str) -> Mode:
    return "foot" if kind == "3" else "car"


def _point(text: object) -> Point:
    point = read_location(text)
    if point is None:
        raise StumbleError("Direction failed: INVALID_PARAMS")
    return point
