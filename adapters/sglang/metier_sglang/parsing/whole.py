"""Parses a response that is there as a whole: everything fed at once, and the events added up. Pure."""

from dataclasses import dataclass, field

from metier_sglang.parsing.events import (
    ArgumentsDelta,
    CallStart,
    Event,
    Malformed,
    Parsed,
    ParsedCall,
    Parser,
    TextDelta,
    ThinkingDelta,
)
from metier_sglang.parsing.format import Format, Start

_QUOTED = 300  # characters of a broken call that its fault quotes


def parse(format: Format, text: str, start: Start) -> Parsed:
    """Returns what `text`, a whole response in marked text, says in `format`; what is no call is among the faults."""
    return collect(format.open(start), text)


def collect(parser: Parser, text: str) -> Parsed:
    """Returns what a fresh `parser` makes of `text`."""
    return add_up([*parser.feed(text), *parser.finish()])


def add_up(events: list[Event]) -> Parsed:
    """Returns the events of one response as one value.

    A malformed call that had a name is among the calls, with its fault; one that had none is among the faults, quoted.
    """
    sum_ = _Sum()
    for event in events:
        sum_.add(event)
    calls = (ParsedCall(call.name, "".join(call.arguments), call.fault) for call in sum_.calls)
    return Parsed("".join(sum_.thinking), "".join(sum_.text), tuple(calls), tuple(sum_.faults))


@dataclass(slots=True)
class _Call:
    name: str
    arguments: list[str] = field(default_factory=list)
    fault: str = ""


@dataclass(slots=True)
class _Sum:
    thinking: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    calls: list[_Call] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def add(self, event: Event) -> None:
        match event:
            case TextDelta(text):
                self.text.append(text)
            case ThinkingDelta(text):
                self.thinking.append(text)
            case CallStart(_, name):
                self.calls.append(_Call(name))
            case ArgumentsDelta(at, text):
                self.calls[at].arguments.append(text)
            case Malformed(reason, raw, None):
                self.faults.append(f"{reason} Written was: {_shorten(raw)}")
            case Malformed(reason, _, int(at)):
                self.calls[at].fault = reason


def _shorten(raw: str) -> str:
    return raw if len(raw) <= _QUOTED else f"{raw[:_QUOTED]}..."
