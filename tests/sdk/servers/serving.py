"""Serves a small tool server, as a child process of a test: `serving.py stdio` or `serving.py http [TOKEN]`."""

import sys
from typing import Any

from mcp.server import MCPServer

from metier.servers.serve import serve_http, serve_stdio

server: MCPServer[Any] = MCPServer("words")


@server.tool()
def loud(word: str) -> str:
    """The word in capitals. Writes to standard output, which it should not."""
    sys.stdout.write("noise\n")
    sys.stdout.flush()
    return word.upper()


def tell(address: str) -> None:
    sys.stdout.write(address + "\n")
    sys.stdout.flush()


if sys.argv[1] == "stdio":
    serve_stdio(server)
else:
    serve_http(server, tell=tell, token="".join(sys.argv[2:3]))
