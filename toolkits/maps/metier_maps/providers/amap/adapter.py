"""Amap as a provider of the toolkit's own tools."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from mcp.server import MCPServer

from metier.clock import Clock, SystemClock
from metier.errors import InputError, ToolError
from metier.servers.source import ToolSource
from metier.toolkit import Settings
from metier_maps.itinerary import Itinerary
from metier_maps.providers.amap import places, routes, weather
from metier_maps.providers.amap.wire import AMAP
from metier_maps.providers.asking import Wish, cannot, read_wish, refuse_day, refuse_region
from metier_maps.providers.plan import Plan
from metier_maps.providers.serving import make_adapter
from metier_maps.routing.router import Mode
from metier_maps.server.weather import hold_dates

LOOKED_UP = 5  # of the hits of a search: each costs a look-up of a small quota
_MOST_LOOKED_UP = 25


@dataclass(frozen=True, slots=True)
class AmapPlans:
    """How Amap answers each tool; see Plans."""

    looked_up: int = LOOKED_UP

    def search_places(
        self, *, query: str, category: str, region: str, near: str, radius_m: float | None, limit: int
    ) -> Plan:
        """Returns the plan that finds places by name, or of a kind near a place."""
        wish = read_wish(AMAP, Wish(query, category, near, radius_m, limit), region=region)
        return places.search(wish, looked_up=self.looked_up)

    def place_details(self, *, place_id: str, region: str, on: date | None) -> Plan:
        """Returns the plan that tells of one place of Amap's."""
        refuse_region(AMAP, region)
        if on is not None:
            raise ToolError(f"Amap does not say when a place is open on {on}.", hint="Ask without a date.")
        return places.details(place_id)

    def route(self, *, stops: list[str], region: str, mode: Mode, on: date | None, with_line: bool) -> Plan:
        """Returns the plan that finds the way over all stops."""
        refuse_region(AMAP, region)
        refuse_day(AMAP, on)
        if with_line:
            raise cannot(AMAP, "for the line of a way")
        return routes.route(stops, mode)

    def matrix(self, *, origins: list[str], destinations: list[str], region: str, mode: Mode, on: date | None) -> Plan:
        """Returns the plan that finds times and distances from all origins to all destinations."""
        refuse_region(AMAP, region)
        refuse_day(AMAP, on)
        return routes.matrix(origins, destinations, mode)

    def weather(self, *, trip: str, itinerary: Itinerary | None, place: str, on: list[date], region: str) -> Plan:
        """Returns the plan that finds the forecasts of a place."""
        refuse_region(AMAP, region)
        if trip or itinerary is not None or not place:
            raise cannot(AMAP, "about a whole trip")
        hold_dates(on)
        return weather.weather(place, on)


def make_amap(settings: Settings, remote: ToolSource | None, clock: Clock | None = None) -> MCPServer[Any]:
    """Returns the server of the tools that Amap answers, through Amap's MCP server `remote`.

    The option `amap_details` says how many hits of a search are looked up (5). Raises InputError for one that is no
    number from 1 to 25, MissingError without a remote server.
    """
    text = settings.options.get("amap_details", str(LOOKED_UP))
    if not (text.isascii() and text.isdigit() and len(text) < 3 and 1 <= int(text) <= _MOST_LOOKED_UP):
        raise InputError(f"amap_details is {text[:40]!r}.", hint=f"Give a number from 1 to {_MOST_LOOKED_UP}.")
    plans = AmapPlans(int(text))
    return make_adapter(AMAP.title, remote, lambda specs: plans, clock or SystemClock())
