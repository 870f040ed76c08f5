"""Remembers what was made of messages, by their identity, so that a turn costs its new messages only. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter, is_
from typing import Generic, TypeVar

from pydantic_ai.messages import ModelMessage

Made = TypeVar("Made")

_KEPT = 4096  # messages of all runs
_TRAILS = 64  # histories that are remembered as a whole
_parts_of = attrgetter("parts")


@dataclass(slots=True)
class _Trail(Generic[Made]):
    """A history as it was last read."""

    messages: list[ModelMessage]
    parts: list[tuple[object, ...]]
    made: list[Made]


class Memo(Generic[Made]):
    """Makes something of each message once. A message whose parts were exchanged is made anew.

    A history that begins with the one read before is compared with it, and only its end is looked at.
    """

    def __init__(self, make: Callable[[ModelMessage, bool], Made], *, kept: int = _KEPT, trails: int = _TRAILS) -> None:
        self._make = make
        self._kept, self._most = kept, trails
        self._known: dict[tuple[int, bool], tuple[ModelMessage, tuple[object, ...], Made]] = {}
        self._trails: dict[int, _Trail[Made]] = {}

    def read(self, messages: Sequence[ModelMessage]) -> list[Made]:
        """Returns what is made of each message; `make` is told whether a message is the first."""
        if not messages:
            return []
        trail = self._trails.pop(id(messages[0]), None)
        if trail is None or not _goes_on(trail, messages):
            trail = _Trail([], [], [])
        for at in range(len(trail.messages), len(messages)):
            message = messages[at]
            trail.made.append(self._read(message, at == 0))
            trail.messages.append(message)
            trail.parts.append(tuple(message.parts))
        self._trails[id(messages[0])] = trail
        while len(self._trails) > self._most:
            self._trails.pop(next(iter(self._trails)))
        return trail.made[:]

    def _read(self, message: ModelMessage, is_first: bool) -> Made:
        key = (id(message), is_first)
        known = self._known.get(key)
        if known is not None and known[0] is message and known[1] == tuple(message.parts):
            return known[2]
        made = self._make(message, is_first)
        self._known.pop(key, None)
        self._known[key] = (message, tuple(message.parts), made)
        while len(self._known) > self._kept:
            self._known.pop(next(iter(self._known)))
        return made


def _goes_on(trail: _Trail[Made], messages: Sequence[ModelMessage]) -> bool:
    return (
        len(trail.messages) <= len(messages)
        and all(map(is_, trail.messages, messages))
        and list(map(tuple, map(_parts_of, trail.messages))) == trail.parts
    )
