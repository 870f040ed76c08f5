"""A stdio tool server that notes its calls and kills the process that started it at the call named by DIE_AT."""

import os
import signal
import sys
from pathlib import Path

from mcp.server import MCPServer
from mcp.types import ToolAnnotations

server = MCPServer("lethal", log_level="ERROR")


@server.tool(annotations=ToolAnnotations(read_only_hint=True))
def count(number: int) -> str:
    """Counts."""
    return act(number)


@server.tool()
def book(number: int) -> str:
    """Books a seat: it says nothing of whether booking it twice does harm."""
    return act(number)


def act(number: int) -> str:
    """Notes the call and, at the one to die at, kills the process that started this one."""
    with Path(sys.argv[1]).open("a") as log:
        log.write(f"{number}\n")
    if os.environ.get("DIE_AT") == str(number):
        os.kill(int(os.environ["RUN"]), signal.SIGKILL)  # the parent of a server is its watcher
    return f"counted {number}"


if __name__ == "__main__":
    server.run()
