"""The server's own parsers, for its chat route: metier's formats under SGLang's names. Pure."""

import uuid
from collections.abc import Collection
from typing import Any

from metier_sglang.fake.flags import Flags
from metier_sglang.parsing.events import ArgumentsDelta, CallStart, Event, Malformed, Parser, TextDelta, ThinkingDelta
from metier_sglang.parsing.format import Format, Start
from metier_sglang.parsing.registry import find_format
from metier_sglang.text.masking import Mask


def format_of(flags: Flags) -> Format:
    """Returns the format of the flags' parsers; raises InputError for parsers that metier does not have."""
    return find_format(tool_parser=flags.tool_parser, reasoning_parser=flags.reasoning_parser)


def call_id() -> str:
    """Returns an id as SGLang gives to calls."""
    return f"call_{uuid.uuid4().hex[:24]}"


class Deltas:
    """Turns pieces of marked text into the `delta` objects of a streamed answer."""

    def __init__(self, flags: Flags, mask: Mask, start: Start) -> None:
        self._parser: Parser = format_of(flags).open(start)
        self._mask = mask
        self.has_calls = False

    def feed(self, marked: str) -> list[dict[str, Any]]:
        """Returns the deltas that a piece completes."""
        return self._write(self._parser.feed(marked))

    def finish(self) -> list[dict[str, Any]]:
        """Returns the last deltas."""
        return self._write(self._parser.finish())

    def _write(self, events: Collection[Event]) -> list[dict[str, Any]]:
        return [delta for event in events if (delta := self._delta(event))]

    def _delta(self, event: Event) -> dict[str, Any]:
        match event:
            case TextDelta(text):
                return {"content": self._mask.unmask(text)}
            case ThinkingDelta(text):
                return {"reasoning_content": self._mask.unmask(text)}
            case CallStart(at, name):
                self.has_calls = True
                function = {"name": name, "arguments": ""}
                return {"tool_calls": [{"id": call_id(), "index": at, "type": "function", "function": function}]}
            case ArgumentsDelta(at, text):
                more = {"name": None, "arguments": self._mask.unmask(text)}
                return {"tool_calls": [{"id": None, "index": at, "type": "function", "function": more}]}
            case Malformed(raw=raw, at=None):
                return {"content": self._mask.unmask(raw)}
            case _:
                return {}


def join_deltas(deltas: Collection[dict[str, Any]]) -> dict[str, Any]:
    """Returns the whole message that streamed deltas amount to."""
    calls: dict[int, dict[str, Any]] = {}
    content, reasoning = "", ""
    for delta in deltas:
        content += delta.get("content") or ""
        reasoning += delta.get("reasoning_content") or ""
        for piece in delta.get("tool_calls") or []:
            call = calls.setdefault(piece["index"], {**piece, "function": {**piece["function"], "arguments": ""}})
            call["function"]["arguments"] += piece["function"]["arguments"]
    message: dict[str, Any] = {"role": "assistant", "content": content, "reasoning_content": reasoning or None}
    return {**message, "tool_calls": list(calls.values())} if calls else message
