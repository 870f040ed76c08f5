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
from metier_sglang.parsing.reading.thinking import ThinkingTags
from metier_sglang.text.vocabulary import Vocabulary

_CLOSING = ThinkingTags().closing  # of every format in which a call can be forced


@dataclass(frozen=True, slots=True)
class Manner:
    """How a response is to be read: `stops` are the caller's stop strings, `one_call` keeps the first call only.

    `is_forced` says that a grammar held the answer to a call: then its letters are structure, whichever tokens spell
    them. With `thinks_first` the grammar held only what follows the token that closes the thinking.
    """

    start: Start
    stops: Sequence[str] = ()
    one_call: bool = False
    is_forced: bool = False
    thinks_first: bool = False


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
        self._is_bound = self.manner.is_forced and not self.manner.thinks_first
        self._closing = self.vocabulary.id_of(_CLOSING) if self.manner.is_forced else None

    def feed(self, ids: Iterable[int]) -> list[Event]:
        """Returns the events that `ids` complete; the tokens that end a turn say nothing."""
        kept = [one for one in ids if one not in self.vocabulary.ends]
        if self._is_bound or self._closing not in kept:
            return self._parse(self._cut.feed(self._show(self._decoder.feed(kept))))
        after = kept.index(self._closing) + 1
        thought = self._parse(self._cut.feed(self._decoder.feed(kept[:after])))
        self._is_bound = True
        return [*thought, *self.feed(kept[after:])]

    def finish(self) -> list[Event]:
        """Returns the last events."""
        rest = self._cut.feed(self._show(self._decoder.finish())) + self._cut.finish()
        return [*self._parse(rest), *self._keep(self._parser.finish())]

    def notes(self) -> dict[str, JSON]:
        """Returns what is worth knowing about the response, for its provider details."""
        notes: dict[str, JSON] = {}
        if self.faults:
            notes["faults"] = [*self.faults]
        if self.dropped:
            notes["dropped_calls"] = self.dropped
        return notes

    def _show(self, marked: str) -> str:
        return self.vocabulary.mask.unmask(marked) if self._is_bound else marked

    def _parse(self, text: str) -> list[Event]:
        return self._keep(self._parser.feed(text)) if text else []

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
        if self._is_bound or not isinstance(event, TextDelta | ThinkingDelta | ArgumentsDelta):
            return event
        return replace(event, text=self.vocabulary.mask.unmask(event.text))
