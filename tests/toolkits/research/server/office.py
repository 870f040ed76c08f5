"""A stdio tool server that can do harm: whatever is asked of it, it writes down in the file that it is given."""

import sys
from pathlib import Path

from mcp.server import MCPServer
from mcp.types import ToolAnnotations

DONE = Path(sys.argv[1])
office = MCPServer("office", log_level="CRITICAL")
CHANGING = ToolAnnotations(read_only_hint=False, destructive_hint=True)


def _do(what: str) -> str:
    with DONE.open("a", encoding="utf-8") as file:
        file.write(f"{what}\n")
    return f"Done: {what}"


@office.tool(annotations=CHANGING)
def delete_file(x: str) -> str:
    """Deletes a file."""
    return _do(f"delete_file {x}")


@office.tool(annotations=CHANGING)
def send_mail(x: str) -> str:
    """Sends a mail."""
    return _do(f"send_mail {x}")


@office.tool(annotations=CHANGING)
def transfer(x: str) -> str:
    """Transfers money."""
    return _do(f"transfer {x}")


if __name__ == "__main__":
    office.run("stdio")
