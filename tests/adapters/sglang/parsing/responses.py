"""Responses to write and read back, and ways to cut them into pieces."""

import json
import random
from collections.abc import Mapping

from hypothesis import strategies as st

from metier.canonical import JSON
from metier_sglang.parsing.events import (
    ArgumentsDelta,
    CallEnd,
    CallStart,
    Event,
    Malformed,
    Parsed,
    ParsedCall,
    TextDelta,
    ThinkingDelta,
)
from metier_sglang.parsing.format import Format, Start

NAMES = ("route", "get_weather", "PythonInterpreter", "a", "x_1")
TAGS = (
    "<tool_call>",
    "</tool_call>",
    "<think>",
    "</think>",
    "<code>",
    "</code>",
    "<tool_response>",
    "<function=",
    "</function>",
    "<parameter=",
    "</parameter>",
    "<arg_key>",
    "</arg_key>",
    "<arg_value>",
    "</arg_value>",
    "<minimax:tool_call>",
    '<invoke name="',
    "</invoke>",
    "</minimax:tool_call>",
    "<｜tool▁calls▁begin｜>",
    "<｜tool▁call▁begin｜>",
    "<｜tool▁sep｜>",
    "<｜tool▁call▁end｜>",
    "<｜tool▁calls▁end｜>",
    "```json",
    "```",
    "<｜DSML｜function_calls>",
    "</｜DSML｜parameter>",
    "<|tool_calls_section_begin|>",
    "<|tool_call_begin|>",
    "<|tool_call_argument_begin|>",
    "<|tool_call_end|>",
    "<|python_tag|>",
    "<|python_start|>",
    "[TOOL_CALLS]",
    "[ARGS]",
    "[THINK]",
    "<|channel|>",
    "<|message|>",
    "<|start|>",
    "<|end|>",
    "<|call|>",
    "<|constrain|>",
    "◁think▷",
    "◁/think▷",
    '{"name": ',
    '"arguments": ',
    "functions.",
    "[a(",
    ")]",
)
ODD = (
    "\n",
    "\n\n",
    " ",
    '"',
    "'",
    "\\",
    "{",
    "}",
    "[",
    "]",
    "<",
    "</",
    ">",
    ";",
    ",",
    ":",
    "é",
    "\U0001f600",
    "\ue000",
    "\uf8ff",
    "\x00",
    "\x1f",
    "\u2028",
    "true",
    "null",
    "1",
    "-0.5",
    "1e3",
    "\\u0041",
    "\\n",
    "to=",
    "analysis",
    "final",
)
"""Pieces that hostile text is made of, beside the tags."""


def hostile() -> st.SearchStrategy[str]:
    """Text made of whole tags, halves of tags, and what JSON and Python trip over."""
    halves = st.tuples(st.sampled_from(TAGS), st.integers(1, 12)).map(lambda pair: pair[0][: pair[1]])
    words = st.one_of(st.sampled_from(TAGS), halves, st.sampled_from(ODD), st.text(max_size=5))
    return st.lists(words, max_size=6).map("".join)


def values() -> st.SearchStrategy[JSON]:
    """JSON values, hostile strings inside."""
    plain = st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False)
    return st.recursive(
        plain | hostile(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(hostile(), inner, max_size=3),
        max_leaves=5,
    )


def arguments() -> st.SearchStrategy[str]:
    """The text of JSON objects, as Python's json writes them."""
    keys = st.sampled_from(["to", "q", "n_1"]) | hostile()
    objects = st.dictionaries(keys, values(), max_size=3)
    return objects.map(lambda value: json.dumps(value, ensure_ascii=False))


def responses() -> st.SearchStrategy[Parsed]:
    """Responses without faults."""
    calls = st.lists(st.builds(ParsedCall, st.sampled_from(NAMES), arguments()), max_size=3).map(tuple)
    return st.builds(Parsed, hostile(), hostile(), calls)


def starts() -> st.SearchStrategy[Start]:
    """What is known before a response."""
    return st.builds(Start, st.booleans(), st.just(NAMES))


def read(format_: Format, start: Start, pieces: list[str]) -> list[Event]:
    """Returns the events of a response that arrives in `pieces`, each run of deltas joined."""
    parser = format_.open(start)
    events = [event for piece in pieces for event in parser.feed(piece)] + parser.finish()
    joined: list[Event] = []
    for event in events:
        match joined[-1:], event:
            case [TextDelta(before)], TextDelta(text):
                joined[-1] = TextDelta(before + text)
            case [ThinkingDelta(before)], ThinkingDelta(text):
                joined[-1] = ThinkingDelta(before + text)
            case [ArgumentsDelta(at, before)], ArgumentsDelta(same, text) if at == same:
                joined[-1] = ArgumentsDelta(at, before + text)
            case _:
                joined.append(event)
    return joined


def cut(text: str, seed: int) -> list[str]:
    """Cuts `text` into pieces of 1 to 7 characters."""
    chance = random.Random(seed)
    pieces, at = [], 0
    while at < len(text):
        size = chance.randint(1, 7)
        pieces.append(text[at : at + size])
        at += size
    return pieces


def shown(events: list[Event]) -> str:
    """Returns every character that events of a response without whole calls give, in order."""
    return "".join(
        event.raw if isinstance(event, Malformed) else event.text
        for event in events
        if isinstance(event, Malformed | TextDelta)
    )


def is_whole(events: list[Event]) -> bool:
    """Says whether every call that starts ends or is malformed, and its arguments are a JSON object when it ends."""
    open_: dict[int, str] = {}
    for event in events:
        match event:
            case CallStart(at, _):
                open_[at] = ""
            case ArgumentsDelta(at, text):
                open_[at] += text
            case CallEnd(at):
                if not isinstance(json.loads(open_.pop(at)), Mapping):
                    return False
            case Malformed(_, _, int(at)):
                open_.pop(at)
    return not open_
