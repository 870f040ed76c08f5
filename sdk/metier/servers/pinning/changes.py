"""What differs between the tools approved and those listed, line by line; nothing hidden stays hidden. Pure."""

import json
from collections.abc import Iterator
from difflib import unified_diff

from metier.canonical import JSON
from metier.servers.pinning.hidden import show
from metier.servers.pinning.pin import Difference, content_of
from metier.servers.tool import ToolSpec


def describe_difference(difference: Difference) -> Iterator[str]:
    """Yields each tool that differs with what is different: lines that begin with "- " (old) or "+ " (new)."""
    for old, new in difference.changed:
        yield f"changed: {show(new.name)}"
        yield from describe_change(old, new)
    for old, new in difference.renamed:
        yield f"renamed: {show(old.name)} is now {show(new.name)}"
        yield from describe_change(old, new)
    for spec in difference.added:
        yield f"new: {show(spec.name)}"
        yield from (f"+ {line}" for line in _lines(spec))
    for spec in difference.removed:
        yield f"gone: {show(spec.name)}"


def describe_change(old: ToolSpec, new: ToolSpec) -> Iterator[str]:
    """Yields the lines in which `new` differs from `old`, first what was there and then what is; their names apart."""
    for line in list(unified_diff(list(_lines(old)), list(_lines(new)), lineterm="", n=0))[2:]:
        if not line.startswith("@@"):
            yield f"{line[0]} {line[1:]}"


def _lines(spec: ToolSpec) -> Iterator[str]:
    """Yields all of a tool but its name, each text and value on a line with its place, in an order that stays."""
    content = content_of(spec)
    del content["name"]
    waiting: list[tuple[str, JSON]] = list(reversed(content.items()))
    while waiting:
        place, value = waiting.pop()
        match value:
            case str():
                yield from (f"{show(place)}: {show(line)}" for line in value.split("\n"))
            case dict() if value:
                waiting += reversed([(f"{place}/{key}", inner) for key, inner in sorted(value.items())])
            case list() if value:
                waiting += reversed([(f"{place}/{at}", inner) for at, inner in enumerate(value)])
            case _:
                yield f"{show(place)}: {json.dumps(value)}"
