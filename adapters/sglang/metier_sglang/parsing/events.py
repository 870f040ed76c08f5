"""What a model's text turns into, piece by piece, and the parser's contract. Pure.

Text is *marked*: where a tokenizer's added token (such as `<tool_call>`) was sampled as that token, its spelling stands
in the text; where the model merely wrote the same letters, they are masked (see `metier_sglang.text.masking`) and no
parser takes them for structure. Parsers give texts back as they found them, masked; the caller unmasks.
"""

from dataclasses import dataclass
from typing import Protocol, TypeAlias


@dataclass(frozen=True, slots=True)
class TextDelta:
    """More of the answer's text."""

    text: str


@dataclass(frozen=True, slots=True)
class ThinkingDelta:
    """More of what the model thinks."""

    text: str


@dataclass(frozen=True, slots=True)
class CallStart:
    """Call number `at` of this response (from 0) begins."""

    at: int
    name: str


@dataclass(frozen=True, slots=True)
class ArgumentsDelta:
    """More of the arguments of call `at`: pieces of the text of one JSON object."""

    at: int
    text: str


@dataclass(frozen=True, slots=True)
class CallEnd:
    """Call `at` is complete, and its arguments together are a JSON object."""

    at: int


@dataclass(frozen=True, slots=True)
class Malformed:
    """Something began as a tool call and is none. `at` is the call it had begun, None when it had no name yet.

    `raw` is what was written, from the opening tag on.
    """

    reason: str
    raw: str
    at: int | None = None


Event: TypeAlias = TextDelta | ThinkingDelta | CallStart | ArgumentsDelta | CallEnd | Malformed


class Parser(Protocol):
    """Reads one response, in pieces of any size: the same events, joined, whatever the pieces."""

    def feed(self, text: str) -> list[Event]:
        """Returns the events that `text` completes."""
        ...

    def finish(self) -> list[Event]:
        """Returns the last events, at the end of the response."""
        ...


@dataclass(frozen=True, slots=True)
class ParsedCall:
    """A whole call; `arguments` is the text of a JSON object, or what was written when `fault` says what is wrong."""

    name: str
    arguments: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A whole response."""

    thinking: str
    text: str
    calls: tuple[ParsedCall, ...]
    faults: tuple[str, ...] = ()
