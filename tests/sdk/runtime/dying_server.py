"""A stdio tool server that dies at its first call."""

import os

from mcp.server import MCPServer

server = MCPServer("dying", log_level="ERROR")


@server.tool()
def count(number: int) -> str:
    """Counts."""
    os._exit(3)


if __name__ == "__main__":
    server.run()
