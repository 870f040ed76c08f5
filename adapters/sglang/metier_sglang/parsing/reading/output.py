"""What a parser has read so far, as events. Pure."""

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from metier.canonical import JSON
from metier_sglang.parsing.events import (
    ArgumentsDelta,
    CallEnd,
    CallStart,
    Event,
    Malformed,
    TextDelta,
    ThinkingDelta,
)
from metier_sglang.parsing.format import Start
from metier_sglang.parsing.reading.source import BrokenCall


@dataclass(slots=True)
class Output:
    """Collects the events of one response, numbers its calls and holds their arguments against JSON."""

    start: Start
    _events: list[Event] = field(default_factory=list)
    _count: int = 0
    _arguments: list[str] | None = None  # of the call that is open

    def say(self, text: str) -> None:
        """Gives more of the answer's text."""
        self._events.append(TextDelta(text))

    def think(self, text: str) -> None:
        """Gives more of what the model thinks."""
        self._events.append(ThinkingDelta(text))

    def open_call(self, name: str) -> None:
        """Begins a call; raises BrokenCall when the name is empty."""
        if not name:
            raise BrokenCall("The call has an empty name.")
        self._events.append(CallStart(self._count, name))
        self._count += 1
        self._arguments = []

    def argue(self, text: str) -> None:
        """Gives more of the arguments of the open call."""
        if self._arguments is not None:
            self._arguments.append(text)
            self._events.append(ArgumentsDelta(self._count - 1, text))

    def check_arguments(self) -> None:
        """Ends the arguments of the open call, `{}` when none came; raises BrokenCall when they are no JSON object."""
        if not self._arguments:
            self.argue("{}")
        read_object("".join(self._arguments or ()))

    def close_call(self) -> None:
        """Ends the open call."""
        self._events.append(CallEnd(self._count - 1))
        self._arguments = None

    def fail(self, reason: str, raw: str) -> None:
        """Says that `raw` is no call, and ends the call that it had begun."""
        at = None if self._arguments is None else self._count - 1
        self._events.append(Malformed(reason, raw, at))
        self._arguments = None

    def drain(self) -> list[Event]:
        """Returns the events since the last time, pieces of one thing joined."""
        events, self._events = self._events, []
        joined: list[Event] = []
        pieces: list[str] = []
        for event in events:
            last = joined[-1] if joined else None
            if _continues(last, event):
                pieces.append(event.text)  # type: ignore[union-attr]
                continue
            _settle(joined, pieces)
            joined.append(event)
        _settle(joined, pieces)
        return joined


def _continues(last: Event | None, event: Event) -> bool:
    match last, event:
        case (TextDelta(), TextDelta()) | (ThinkingDelta(), ThinkingDelta()):
            return True
        case ArgumentsDelta(at=before), ArgumentsDelta(at=after):
            return before == after
    return False


def _settle(joined: list[Event], pieces: list[str]) -> None:
    if not pieces:
        return
    match joined[-1]:
        case TextDelta(text):
            joined[-1] = TextDelta(text + "".join(pieces))
        case ThinkingDelta(text):
            joined[-1] = ThinkingDelta(text + "".join(pieces))
        case ArgumentsDelta(at, text):
            joined[-1] = ArgumentsDelta(at, text + "".join(pieces))
    pieces.clear()


def read_object(text: str) -> dict[str, JSON]:
    """Returns the JSON object that `text` spells; raises BrokenCall for all else and for a key that comes twice."""
    value = read_json(text, "The arguments")
    if not isinstance(value, dict):
        raise BrokenCall("The arguments are not a JSON object.")
    return value


def read_json(text: str, what: str) -> JSON:
    """Returns the JSON value that `text`, which is `what`, spells; raises BrokenCall as `read_object` does."""
    try:
        value: JSON = json.loads(text, object_pairs_hook=_object_of, parse_float=_read_float, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise BrokenCall(f"{what} can not be read as JSON: {error}.") from error
    return value


def _object_of(pairs: list[tuple[str, JSON]]) -> dict[str, JSON]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise BrokenCall(f"The key {_twice(key for key, _ in pairs)!r} comes twice in one object.")
    return value


def _twice(keys: Iterable[str]) -> str:
    seen: set[str] = set()
    return next(key for key in keys if key in seen or seen.add(key))  # type: ignore[func-returns-value]


def _read_float(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        raise ValueError(f"{digits[:40]} is too large a number")
    return value


def _refuse(constant: str) -> JSON:
    raise ValueError(f"{constant} is no JSON value")
