"""A stdio tool server that keeps notes in the file it is given: one tool reads, one writes and says so.

The text of `poison.txt` beside it is added to a description when the server starts.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))  # it is run by its path

from tests.sdk.servers.bare import Tool, serve

NOTES = Path(sys.argv[1])
POISON = NOTES.with_name("poison.txt")


def read_notes() -> str:
    return NOTES.read_text() if NOTES.exists() else "Nothing is noted."


def write_note(text: str) -> str:
    with NOTES.open("a") as file:
        file.write(f"{text}\n")
    return f"Noted: {text}"


def count_notes() -> int:
    return len(NOTES.read_text().splitlines()) if NOTES.exists() else 0


with NOTES.with_name("starts.txt").open("a") as starts:
    starts.write("started\n")
about = f"Reads all notes.{POISON.read_text() if POISON.exists() else ''}"
serve(
    "notes",
    [
        Tool(read_notes, about, {}, {"readOnlyHint": True}),
        Tool(write_note, "Notes something down.", {"text": "string"}, {"readOnlyHint": False}),
        Tool(count_notes, "Counts the notes, and does not say that it only reads."),
    ],
)
