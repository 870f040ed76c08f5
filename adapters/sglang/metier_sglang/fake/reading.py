"""The server's own parsers, for its chat route: metier's formats under SGLang's names. Pure.

SGLang leaves the line breaks round `<think>` in the texts on both sides of it, where metier's parsers take them for a
part of the tag. The fake does as SGLang does.
"""

import uuid
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from metier_sglang.fake.flags import Flags
from metier_sglang.parsing.events import (
    ArgumentsDelta,
    CallStart,
    Event,
    Malformed,
    Parsed,
    Parser,
    TextDelta,
    ThinkingDelta,
)
from metier_sglang.parsing.format import Format, Start
from metier_sglang.parsing.registry import find_format
from metier_sglang.text.masking import Mask

OPEN, CLOSE = "<think>", "</think>"


def format_of(flags: Flags) -> Format:
    """Returns the format of the flags' parsers; raises InputError for parsers that metier does not have."""
    return find_format(tool_parser=flags.tool_parser, reasoning_parser=flags.reasoning_parser)


def call_id() -> str:
    """Returns an id as SGLang gives to calls."""
    return f"call_{uuid.uuid4().hex[:24]}"


class Splitter:
    """Splits the thinking off a text that comes in pieces, and leaves every line break where it is."""

    def __init__(self, *, inside: bool) -> None:
        self._held = ""
        self._place = "inside" if inside else "before"

    def feed(self, text: str) -> tuple[str, str]:
        """Returns more of the thinking and more of the rest."""
        self._held += text
        if self._place == "before":
            if len(self._held) < len(OPEN) and OPEN.startswith(self._held):
                return "", ""
            self._place = "inside" if self._held.startswith(OPEN) else "after"
            self._held = self._held.removeprefix(OPEN)
        if self._place == "inside":
            return self._leave()
        return "", self.finish()

    def finish(self) -> str:
        """Returns what was held back."""
        held, self._held = self._held, ""
        return held

    def _leave(self) -> tuple[str, str]:
        thinking, closed, rest = self._held.partition(CLOSE)
        if closed:
            self._place, self._held = "after", ""
            return thinking, rest
        kept = next((n for n in range(len(CLOSE) - 1, 0, -1) if thinking.endswith(CLOSE[:n])), 0)
        self._held = thinking[len(thinking) - kept :]
        return thinking[: len(thinking) - kept], ""


class Deltas:
    """Turns pieces of marked text into the `delta` objects of a streamed answer."""

    def __init__(self, flags: Flags, mask: Mask, start: Start) -> None:
        format_ = format_of(flags)
        tagged = bool(flags.reasoning_parser) and OPEN in format_.write(Parsed("?", "", ()))
        self._splitter = Splitter(inside=start.in_thinking) if tagged else None
        self._parser: Parser = format_.open(replace(start, in_thinking=start.in_thinking and not tagged))
        self._mask = mask
        self._has_text = False
        self.has_calls = False

    def feed(self, marked: str) -> list[dict[str, Any]]:
        """Returns the deltas that a piece completes."""
        if self._splitter is None:
            return self._write(self._parser.feed(marked))
        thinking, rest = self._splitter.feed(marked)
        told = [{"reasoning_content": self._mask.unmask(thinking)}] if thinking else []
        return told + self._feed_rest(rest)

    def finish(self) -> list[dict[str, Any]]:
        """Returns the last deltas."""
        held = self._splitter.finish() if self._splitter else ""
        return self._feed_rest(held) + self._write(self._parser.finish())

    def _feed_rest(self, rest: str) -> list[dict[str, Any]]:
        blank = "" if self._has_text else rest[: len(rest) - len(rest.lstrip())]
        self._has_text = self._has_text or len(blank) < len(rest)
        told = [{"content": blank}] if blank else []
        return told + self._write(self._parser.feed(rest[len(blank) :]))

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
    content = content.strip() if calls else content
    message: dict[str, Any] = {"role": "assistant", "content": content, "reasoning_content": reasoning or None}
    return {**message, "tool_calls": list(calls.values())} if calls else message
