"""A response as it is read: token ids in, events out, whole or in pieces alike. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from metier.canonical import JSON
from metier_sglang.model.turns.stopping import StopCut
from metier_sglang.parsing.events import (
    ArgumentsDelta,
    CallEnd,
    CallStart,
    Event,
    Malformed,
    TextDelta,
    ThinkingDelta,
)
from metier_sglang.parsing.format import Format, Start
from metier_sglang.text.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Manner:
    """How a response is to be read: `stops` are the caller's stop strings, `one_call` keeps the first call only.

    `is_forced` says that a grammar held the answer to a call: then its letters are structure, whichever tokens spell
    them.
    """

    start: Start
    stops: Sequence[str] = ()
    one_call: bool = False
    is_forced: bool = False


@dataclass
class Reading:
    """Reads one response. Texts in its events are unmasked; a call without a name is text, as it was written."""

    vocabulary: Vocabulary
    format: Format
    manner: Manner
    faults: list[str] = field(default_factory=list)
    dropped: int = 0

    def __post_init__(self) -> None:
        mask = self.vocabulary.mask
        self._decoder = self.vocabulary.decoder()
        self._cut = StopCut([spelling for stop in self.manner.stops for spelling in (stop, mask.mask(stop))])
        self._parser = self.format.open(self.manner.start)

    def feed(self, ids: Iterable[int]) -> list[Event]:
        """Returns the events that `ids` complete; the tokens that end a turn say nothing."""
        text = self._decoder.feed([one for one in ids if one not in self.vocabulary.ends])
        return self._parse(self._cut.feed(text))

    def finish(self) -> list[Event]:
        """Returns the last events."""
        rest = self._cut.feed(self._decoder.finish()) + self._cut.finish()
        return [*self._parse(rest), *self._keep(self._parser.finish())]

    def notes(self) -> dict[str, JSON]:
        """Returns what is worth knowing about the response, for its provider details."""
        notes: dict[str, JSON] = {}
        if self.faults:
            notes["faults"] = [*self.faults]
        if self.dropped:
            notes["dropped_calls"] = self.dropped
        return notes

    def _parse(self, text: str) -> list[Event]:
        if not text:
            return []
        return self._keep(self._parser.feed(self.vocabulary.mask.unmask(text) if self.manner.is_forced else text))

    def _keep(self, events: Iterable[Event]) -> list[Event]:
        return [self._unmask(kept) for event in events if (kept := self._judge(event)) is not None]

    def _judge(self, event: Event) -> Event | None:
        at = event.at if isinstance(event, CallStart | ArgumentsDelta | CallEnd | Malformed) else None
        if self.manner.one_call and at:
            self.dropped += isinstance(event, CallStart)
            return None
        if isinstance(event, Malformed):
            self.faults.append(event.reason)
            return event if event.at is not None else TextDelta(event.raw)
        return event

    def _unmask(self, event: Event) -> Event:
        if self.manner.is_forced or not isinstance(event, TextDelta | ThinkingDelta | ArgumentsDelta):
            return event
        return replace(event, text=self.vocabulary.mask.unmask(event.text))
