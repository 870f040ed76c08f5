"""The names under which a model calls the tools of several servers. Pure."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from metier.servers.tool import ToolSpec

_FORBIDDEN = re.compile(r"[^A-Za-z0-9_-]")


def name_tools(listed: Mapping[str, Sequence[ToolSpec]]) -> dict[str, tuple[str, ToolSpec]]:
    """Returns the tools of all servers by a name that a model may call: letters, digits, - and _, at most 64.

    A tool keeps its own name; where two servers have the same, each bears its server's name before it.
    """
    count = Counter(_spell(spec.name) for specs in listed.values() for spec in specs)
    named: dict[str, tuple[str, ToolSpec]] = {}
    for server, specs in listed.items():
        for spec in specs:
            own = _spell(spec.name)
            name = own if count[own] == 1 else _spell(f"{server}_{spec.name}")
            named[_free(name, named)] = (server, spec)
    return named


def _spell(name: str) -> str:
    return _FORBIDDEN.sub("_", name)[:64] or "_"


def _free(name: str, taken: Mapping[str, object]) -> str:
    number, free = 2, name
    while free in taken:
        free = f"{name[:60]}_{number}"
        number += 1
    return free
