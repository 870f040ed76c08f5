"""A tool server for tests, run as a child process: it writes down each call, and dies when asked to.

Usage: frail_server.py LOG [PORT]. Without a port it speaks stdio.
"""

import os
import sys
from pathlib import Path

from mcp.server import MCPServer
from mcp.types import ToolAnnotations

LOG = Path(sys.argv[1])
server: MCPServer[None] = MCPServer("frail")


def note(word: str) -> int:
    """Returns how often `word` was noted before; notes it once more."""
    before = LOG.read_text().splitlines().count(word) if LOG.exists() else 0
    with LOG.open("a") as file:
        file.write(f"{word}\n")
    return before


@server.tool(annotations=ToolAnnotations(read_only_hint=True))
async def add(left: int, right: int) -> int:
    """The sum."""
    note("add")
    return left + right


@server.tool()
async def process() -> int:
    """The number of this process."""
    return os.getpid()


@server.tool(annotations=ToolAnnotations(read_only_hint=True))
async def die_once() -> str:
    """Dies in the first call ever, lives in the second."""
    if note("die_once") == 0:
        os._exit(3)
    return "alive"


@server.tool()
async def book_and_die() -> str:
    """Has a side effect, and dies before it can say so."""
    note("book_and_die")
    os._exit(3)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        server.run("streamable-http", host="127.0.0.1", port=int(sys.argv[2]))
    else:
        server.run()
