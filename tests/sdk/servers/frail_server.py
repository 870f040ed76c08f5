"""A tool server over stdio that writes down each call, and dies when asked to. Usage: frail_server.py LOG"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))  # it is run by its path

from tests.sdk.servers.bare import Tool, serve

LOG = Path(sys.argv[1])
READS = {"readOnlyHint": True}


def note(word: str) -> int:
    """Returns how often `word` was noted before; notes it once more."""
    before = LOG.read_text().splitlines().count(word) if LOG.exists() else 0
    with LOG.open("a") as file:
        file.write(f"{word}\n")
    return before


def add(left: int, right: int) -> int:
    note("add")
    return left + right


def process() -> int:
    return os.getpid()


def die_once() -> str:
    if note("die_once") == 0:
        os._exit(3)
    return "alive"


def book_and_die() -> None:
    note("book_and_die")
    os._exit(3)


serve(
    "frail",
    [
        Tool(add, "The sum.", {"left": "integer", "right": "integer"}, READS),
        Tool(process, "The number of this process."),
        Tool(die_once, "Dies in the first call ever, lives in the second.", {}, READS),
        Tool(book_and_die, "Has a side effect, and dies before it can say so."),
    ],
)
