"""Arguments that a format writes one by one, put together as the JSON object they are."""

import json
from dataclasses import dataclass, field

from metier.canonical import JSON
from metier_sglang.parsing.reading.output import Output
from metier_sglang.parsing.reading.source import BrokenCall, Source, Steps, tags


@dataclass(slots=True)
class Parameters:
    """Gives the arguments of the open call to `output` as they come."""

    output: Output
    _keys: set[str] = field(default_factory=set)

    def add(self, key: str, value: str) -> None:
        """Adds the parameter `key`, `value` being JSON; raises BrokenCall for a key that was there before."""
        if key in self._keys:
            raise BrokenCall(f"The parameter {key!r} comes twice.")
        self.output.argue(f"{', ' if self._keys else '{'}{json.dumps(key, ensure_ascii=False)}: {value}")
        self._keys.add(key)

    def finish(self) -> None:
        """Ends the object and has it checked."""
        if self._keys:
            self.output.argue("}")
        self.output.check_arguments()


def read_name(source: Source, end: str, what: str) -> Steps[str]:
    """Reads a name up to and with `end`; raises BrokenCall, saying `what` it is, when a line or a tag ends first."""
    pieces: list[str] = []
    found = yield from source.until(tags(end, "<", "\n"), pieces.append)
    if found != end:
        raise BrokenCall(f"{what} must be followed by {end!r}.", back=source.position - len(found))
    return "".join(pieces)


def read_until(source: Source, end: str, others: tuple[str, ...], what: str) -> Steps[str]:
    """Reads a value up to and with `end`; raises BrokenCall when one of `others`, or no end, comes first."""
    pieces: list[str] = []
    found = yield from source.until(tags(end, *others), pieces.append)
    if found != end:
        raise BrokenCall(f"{what} is not closed with {end}.", back=source.position - len(found))
    return "".join(pieces)


def trim_breaks(text: str) -> str:
    """Returns `text` without one line break at either side, which belong to the tags around it."""
    return text.removeprefix("\n").removesuffix("\n")


def spell(value: JSON) -> str:
    """Returns a value as these formats write it: strings as they are, all else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
