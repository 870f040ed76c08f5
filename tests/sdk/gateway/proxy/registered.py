"""Registered and approved servers below a home of the test, for a gateway that is a program of its own."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from metier.servers.catalog import Catalog
from metier.servers.definition import Definition, Program
from metier.servers.opening import open_server
from metier.servers.pinning.store import PinStore

TINY = Path(__file__).parents[2] / "cli" / "servers" / "tiny_server.py"
FORECAST = {
    "name": "forecast",
    "description": "The weather of a city.",
    "inputSchema": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    "annotations": {"readOnlyHint": True},
}
TELL_KEY = {
    "name": "tell_key",
    "description": "Fails and tells its key.",
    "inputSchema": {"type": "object"},
    "annotations": {"readOnlyHint": True},
}
BOOK = {
    "name": "book",
    "description": "Books a table.",
    "inputSchema": {"type": "object"},
    "annotations": {"readOnlyHint": False},
}
LISTED: Sequence[dict[str, Any]] = (FORECAST, TELL_KEY, BOOK)


def tiny(name: str, folder: Path, listed: Sequence[dict[str, Any]] = LISTED, **more: Any) -> Definition:
    """Returns the definition of a tiny server that lists `listed`."""
    file = folder / f"{name}.json"
    file.write_text(json.dumps(list(listed)))
    env = {"KEY": "${TINY_KEY:-none}"}
    return Definition(name, Program(sys.executable, (str(TINY), str(file)), env), secrets=("KEY",), **more)


async def register(definition: Definition, home: Path, *, approve: bool = True) -> None:
    """Registers a server, and approves of its tools as they are now."""
    Catalog.open(home, home).add(definition, replace=True)
    if approve:
        opened = open_server(definition, home=home, environ={})
        async with opened.source as source:
            PinStore(home).approve(definition, await source.tools())
