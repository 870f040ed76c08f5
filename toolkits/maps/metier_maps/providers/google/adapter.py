"""Google Maps as a provider of the toolkit's own tools, through either of its MCP servers."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from mcp.server import MCPServer

from metier.clock import Clock, SystemClock
from metier.errors import ToolError
from metier.servers.source import ToolSource
from metier.toolkit import Settings
from metier_maps.itinerary import Itinerary
from metier_maps.providers.asking import Wish, cannot, read_wish, refuse_day, refuse_region
from metier_maps.providers.google import places, routes, weather
from metier_maps.providers.google.dialects import Dialect, dialect_of
from metier_maps.providers.google.wire import GOOGLE
from metier_maps.providers.plan import Plan
from metier_maps.providers.serving import make_adapter
from metier_maps.routing.router import Mode
from metier_maps.server.weather import hold_dates


@dataclass(frozen=True, slots=True)
class GooglePlans:
    """How Google Maps answers each tool; see Plans."""

    dialect: Dialect

    def search_places(
        self, *, query: str, category: str, region: str, near: str, radius_m: float | None, limit: int
    ) -> Plan:
        """Returns the plan that finds places by name, or of a kind near a place."""
        wish = read_wish(GOOGLE, Wish(query, category, near, radius_m, limit), region=region)
        return places.search(self.dialect, wish)

    def place_details(self, *, place_id: str, region: str, on: date | None) -> Plan:
        """Returns the plan that tells of one place of Google's."""
        refuse_region(GOOGLE, region)
        if on is not None:
            raise ToolError(
                f"Google Maps is not asked when a place is open on {on}.",
                hint="Ask without a date: the hours of a usual week come with the place.",
            )
        return places.details(self.dialect, place_id)

    def route(self, *, stops: list[str], region: str, mode: Mode, on: date | None, with_line: bool) -> Plan:
        """Returns the plan that finds the way over all stops."""
        refuse_region(GOOGLE, region)
        refuse_day(GOOGLE, on)
        return routes.route(self.dialect, stops, mode, with_line=with_line)

    def matrix(self, *, origins: list[str], destinations: list[str], region: str, mode: Mode, on: date | None) -> Plan:
        """Returns the plan that finds times and distances from all origins to all destinations."""
        refuse_region(GOOGLE, region)
        refuse_day(GOOGLE, on)
        return routes.matrix(self.dialect, origins, destinations, mode)

    def weather(self, *, trip: str, itinerary: Itinerary | None, place: str, on: list[date], region: str) -> Plan:
        """Returns the plan that finds the forecasts of a place."""
        refuse_region(GOOGLE, region)
        if trip or itinerary is not None or not place:
            raise cannot(GOOGLE, "about a whole trip")
        hold_dates(on)
        return weather.weather(self.dialect, place, on)


def make_google(settings: Settings, remote: ToolSource | None, clock: Clock | None = None) -> MCPServer[Any]:
    """Returns the server of the tools that Google Maps answers, through one of its MCP servers, `remote`.

    Raises MissingError without a remote server.
    """
    return make_adapter(GOOGLE.title, remote, lambda specs: GooglePlans(dialect_of(specs)), clock or SystemClock())
