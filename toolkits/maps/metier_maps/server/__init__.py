"""The tools of this toolkit as an MCP server."""

from collections.abc import Callable
from typing import Any

from mcp.server import MCPServer
from mcp.types import ToolAnnotations

from metier.servers.result import tell_errors
from metier.toolkit import Settings
from metier_maps.server.atlas import Atlas
from metier_maps.server.edits import EditTools
from metier_maps.server.exports import ExportTools
from metier_maps.server.places import PlaceTools
from metier_maps.server.routes import RouteTools
from metier_maps.server.trips import TripTools
from metier_maps.server.weather import WeatherTools

INSTRUCTIONS = (
    "Plans trips on OpenStreetMap data that is on this machine. Call list_regions first. Resolve every place with "
    "search_places and use its id. plan_trip returns whole trips; times and distances come from the router only."
)


def make_server(settings: Settings) -> MCPServer[Any]:
    """Returns the server of every tool. Data is opened when a tool first needs it; nothing is read or written here."""
    atlas = Atlas(settings)
    server: MCPServer[Any] = MCPServer("maps", title="metier maps", instructions=INSTRUCTIONS, log_level="CRITICAL")
    places, routes, trips = PlaceTools(atlas), RouteTools(atlas), TripTools(atlas)
    looking: tuple[Callable[..., Any], ...] = (
        places.list_regions,
        places.search_places,
        places.place_details,
        places.search_along_route,
        routes.route,
        routes.matrix,
        routes.reachable_area,
        trips.plan_trip,
        trips.verify_trip,
        trips.explain_conflict,
        EditTools(atlas).edit_trip,
        WeatherTools(atlas).weather,
    )
    for tool in looking:
        server.tool(annotations=ToolAnnotations(read_only_hint=True, open_world_hint=False))(tell_errors(tool))
    writing = ToolAnnotations(read_only_hint=False, destructive_hint=True, idempotent_hint=True, open_world_hint=False)
    server.tool(annotations=writing)(tell_errors(ExportTools(atlas).export_trip))
    return server
