"""A stdio tool server that keeps notes in the file it is given: one tool reads, one writes and says so.

The text of `poison.txt` beside it is added to a description when the server starts.
"""

import sys
from pathlib import Path

from mcp.server import MCPServer
from mcp.types import ToolAnnotations

server = MCPServer("notes", log_level="ERROR")
notes = Path(sys.argv[1])
poison = notes.with_name("poison.txt")
about = f"Reads all notes.{poison.read_text() if poison.exists() else ''}"


@server.tool(description=about, annotations=ToolAnnotations(read_only_hint=True))
def read_notes() -> str:
    """Reads all notes."""
    return notes.read_text() if notes.exists() else "Nothing is noted."


@server.tool(annotations=ToolAnnotations(read_only_hint=False))
def write_note(text: str) -> str:
    """Notes something down."""
    with notes.open("a") as file:
        file.write(f"{text}\n")
    return f"Noted: {text}"


if __name__ == "__main__":
    with notes.with_name("starts.txt").open("a") as starts:
        starts.write("started\n")
    server.run()
