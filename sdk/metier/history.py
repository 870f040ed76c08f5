"""What a run has seen so far, as a playbook reads it. Public for toolkits."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from metier.canonical import JSON
from metier.toolkit import Call, Observation


@dataclass(frozen=True, slots=True)
class History:
    """The observations of a run, by the call that made them."""

    observations: Sequence[Observation]

    def of(self, tool: str) -> Iterator[Observation]:
        """Yields the observations of a tool, oldest first."""
        return (seen for seen in self.observations if seen.call.tool == tool)

    def last(self, tool: str) -> Observation | None:
        """Returns the newest observation of a tool, or None."""
        return next(reversed(list(self.of(tool))), None)

    def answer(self, call: Call) -> Observation | None:
        """Returns what came back from exactly this call, or None when it was not made yet."""
        wanted = dict(call.arguments)
        return next((seen for seen in self.of(call.tool) if dict(seen.call.arguments) == wanted), None)

    def open_calls(self, calls: Sequence[Call]) -> tuple[Call, ...]:
        """Returns those calls that were not made yet."""
        return tuple(call for call in calls if self.answer(call) is None)


def error_of(seen: Observation) -> str:
    """Returns what a failed call said, without the server's own words before it."""
    return re.sub(r"^Error executing tool \w+: ", "", seen.text)


def fields_of(value: JSON) -> Mapping[str, JSON]:
    """Returns a structured value's fields; none when it is no object."""
    return value if isinstance(value, dict) else {}


def rows_of(value: JSON, name: str) -> tuple[Mapping[str, JSON], ...]:
    """Returns the objects in the list `name` of a structured value."""
    rows = fields_of(value).get(name)
    return tuple(row for row in rows if isinstance(row, dict)) if isinstance(rows, list) else ()
