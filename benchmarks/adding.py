"""The tool server behind the benchmarks of calls: it adds two numbers, so that a call costs as little as it can."""

from mcp.server import MCPServer
from mcp.types import ToolAnnotations
from pydantic import BaseModel


class Sum(BaseModel):
    """What the tool returns."""

    total: int


def adding() -> MCPServer[None]:
    """Returns a server with one tool, which only reads."""
    server: MCPServer[None] = MCPServer("adding", log_level="WARNING")

    @server.tool(annotations=ToolAnnotations(read_only_hint=True))
    async def add(left: int, right: int) -> Sum:
        """Adds two numbers."""
        return Sum(total=left + right)

    return server
