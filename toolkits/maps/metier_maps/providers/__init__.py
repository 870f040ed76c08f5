"""Live sources that answer the toolkit's own tools: Amap and Google Maps, each through an MCP server of its maker's.

What each is asked, and how it is treated, stands here; the code that asks is loaded when it is first needed. Quotas
are those of an individual's key; an enterprise sets its own in the settings of the server.
"""

from collections.abc import Mapping
from typing import Final

from metier.canonical import JSON
from metier.late import late
from metier.toolkit import Provider

TOOLS: Final = ("search_places", "place_details", "route", "matrix", "weather")
_MINUTE_S, _HOUR_S, _DAY_S = 60.0, 3_600.0, 86_400.0

# The remote server behind it is where calls are retried, counted and rested; here each is asked once.
_ONCE: Final[Mapping[str, JSON]] = {"attempts": 1, "breaker_failures": 1_000_000, "timeout_s": 180.0, "total_s": 180.0}


def _once(name: str, **more: JSON) -> dict[str, Mapping[str, JSON]]:
    """Returns the settings of each tool, so that a pause that one of them hears of holds back no other."""
    return {tool: {**_ONCE, "limit_key": f"{name}/{tool}", **more} for tool in TOOLS}


# Amap's table of December 2022 for individuals: 5,000 calls a day for geocoding, ways and distances, but 100 for the
# search of places, whose look-ups are counted with it here. The rate is what the console gives a new key: 3 a second.
_AMAP_CALL: Final[Mapping[str, JSON]] = {
    "rate_per_s": 3.0, "limit_key": "amap", "quota_per_day": 5_000, "ttl_s": 10 * _MINUTE_S, "cacheable": True,
}  # fmt: skip
_AMAP_POI: Final[Mapping[str, JSON]] = {
    **_AMAP_CALL, "limit_key": "amap/poi", "quota_per_day": 100, "rate_per_s": 3.0, "ttl_s": _DAY_S,
}  # fmt: skip

# Google's terms: place ids may be kept, other content may not. Routes: 3,000 a minute; matrices: 3,000 elements a
# minute, at most 625 in one, so that five a minute are always allowed.
_GOOGLE_CALL: Final[Mapping[str, JSON]] = {
    "store": False,
    "cacheable": True,
    "ttl_s": 5 * _MINUTE_S,
    "rate_per_s": 50.0,
}

PROVIDERS: Final = (
    Provider(
        name="amap",
        summary="Places, ways, distances and four days of weather in China, by Amap's MCP server. Needs your key.",
        tools=TOOLS,
        make=late("metier_maps.providers.amap.adapter", "make_amap"),
        remote=(
            "maps_text_search",
            "maps_around_search",
            "maps_search_detail",
            "maps_geo",
            "maps_regeocode",
            "maps_weather",
            "maps_distance",
            "maps_direction_driving",
            "maps_direction_walking",
            "maps_bicycling",
        ),
        policy=_once("amap"),
        remote_policy={
            "*": _AMAP_CALL,
            "maps_text_search": _AMAP_POI,
            "maps_around_search": _AMAP_POI,
            "maps_search_detail": _AMAP_POI,
            "maps_weather": {**_AMAP_CALL, "ttl_s": _HOUR_S},
        },
        secrets=("AMAP_MAPS_API_KEY",),
        terms="Amap's terms of service; show Amap as the source; keep its answers for a short time only.",
    ),
    Provider(
        name="google",
        summary="Places, ways, distances and, by its newer MCP server, ten days of weather. Needs a key of yours.",
        tools=TOOLS,
        make=late("metier_maps.providers.google.adapter", "make_google"),
        remote=("maps_search_places", "maps_place_details", "maps_directions", "maps_distance_matrix"),
        policy=_once("google", store=False),
        remote_policy={
            "*": _GOOGLE_CALL,
            "maps_distance_matrix": {**_GOOGLE_CALL, "limit_key": "google/matrix", "rate_per_s": 5 / _MINUTE_S},
        },
        secrets=("GOOGLE_MAPS_API_KEY",),
        terms="Google Maps Platform terms: show Google Maps as the source; store nothing but place ids.",
    ),
)
