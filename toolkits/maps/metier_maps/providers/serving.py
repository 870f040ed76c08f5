"""The toolkit's own tools, answered by a remote server: same names, same arguments, same shapes."""

import inspect
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import date
from typing import Any, Final, Protocol

from mcp.server import MCPServer
from mcp.types import CallToolResult, ToolAnnotations

from metier.clock import Clock
from metier.errors import MetierError, MissingError
from metier.servers.result import failed_result, tool_result
from metier.servers.source import CallContext, ToolSource
from metier.trace import CallRecord
from metier_maps.itinerary import Itinerary
from metier_maps.providers.plan import Plan, Specs, carry_out
from metier_maps.routing.router import Mode
from metier_maps.server.places import PlaceTools
from metier_maps.server.routes import RouteTools
from metier_maps.server.weather import WeatherTools

_LOCAL: Final[Mapping[str, Callable[..., Any]]] = {
    tool.__name__: tool
    for tool in (
        PlaceTools.search_places,
        PlaceTools.place_details,
        RouteTools.route,
        RouteTools.matrix,
        WeatherTools.weather,
    )
}


class Plans(Protocol):
    """How a source answers each tool. The arguments are those of the toolkit's own tool, already validated."""

    def search_places(
        self, *, query: str, category: str, region: str, near: str, radius_m: float | None, limit: int
    ) -> Plan:
        """Returns the plan that finds places."""
        ...

    def place_details(self, *, place_id: str, region: str, on: date | None) -> Plan:
        """Returns the plan that tells of one place."""
        ...

    def route(self, *, stops: list[str], region: str, mode: Mode, on: date | None, with_line: bool) -> Plan:
        """Returns the plan that finds the way over all stops."""
        ...

    def matrix(self, *, origins: list[str], destinations: list[str], region: str, mode: Mode, on: date | None) -> Plan:
        """Returns the plan that finds times and distances from all origins to all destinations."""
        ...

    def weather(self, *, trip: str, itinerary: Itinerary | None, place: str, on: list[date], region: str) -> Plan:
        """Returns the plan that finds forecasts."""
        ...


def make_adapter(
    title: str, remote: ToolSource | None, make_plans: Callable[[Specs], Plans], clock: Clock
) -> MCPServer[Any]:
    """Returns a server with the toolkit's tools, answered through `remote`, which is held open while it runs.

    Raises MissingError where there is no remote server.
    """
    if remote is None:
        raise MissingError(
            f"{title} is asked through an MCP server, and none is registered.",
            hint="Register it: metier mcp add NAME, and see the page on registering servers.",
        )
    held = remote

    @asynccontextmanager
    async def hold(server: MCPServer[Any]) -> AsyncIterator[None]:
        async with held:
            yield

    server: MCPServer[Any] = MCPServer(title, title=title, lifespan=hold, log_level="CRITICAL")
    for name, local in _LOCAL.items():
        tool = _stand_in(name, local, held, make_plans, clock)
        server.tool(annotations=ToolAnnotations(read_only_hint=True, open_world_hint=True))(tool)
    return server


def _stand_in(
    name: str, local: Callable[..., Any], remote: ToolSource, make_plans: Callable[[Specs], Plans], clock: Clock
) -> Callable[..., Any]:
    """Returns a tool with the name, arguments, words and shape of the local one, so that they cannot come apart."""

    async def answer(**arguments: Any) -> CallToolResult:
        made: list[CallRecord] = []
        context = CallContext(on_record=made.append)
        try:
            outcome = await carry_out(
                lambda specs: getattr(make_plans(specs), name)(**arguments), remote, clock, context
            )
        except MetierError as error:
            return failed_result(error, parts=made)
        return tool_result(outcome.value, outcome.text, evidence=outcome.evidence, parts=made)

    signature = inspect.signature(local)
    parameters = [each for each in signature.parameters.values() if each.name != "self"]
    answer.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    answer.__name__, answer.__doc__ = name, local.__doc__
    return answer
