"""A format: how one family of weights writes thinking and tool calls. Pure values."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from metier.canonical import JSON
from metier_sglang.parsing.events import Parsed, Parser


@dataclass(frozen=True, slots=True)
class Start:
    """What a parser knows before the response begins.

    `in_thinking` says that the prompt already opened the thinking; `tools` are the names that may be called: where a
    format has no tag before a call, only these names make one. `schemas` are the tools' parameters by name, as JSON
    schemas: formats that write values without their types take the types from there.
    """

    in_thinking: bool = False
    tools: Collection[str] = ()
    schemas: Mapping[str, Mapping[str, JSON]] = field(default_factory=dict)


class Write(Protocol):
    """Spells a response as such weights would: what `Format.open(start)` reads back as `parsed`."""

    def __call__(self, parsed: Parsed, start: Start = ...) -> str:
        """Returns the text; raises InputError for a response that this format cannot carry."""
        ...


@dataclass(frozen=True, slots=True)
class Format:
    """`open` makes a parser for one response; `write` spells a response as such weights would, the inverse of it.

    `tool_parsers` and `reasoning_parsers` are the names under which SGLang has the same format; a chat template that
    holds one of `signs` is written for it.
    """

    name: str
    tool_parsers: tuple[str, ...]
    reasoning_parsers: tuple[str, ...]
    open: Callable[[Start], Parser]
    write: Write
    signs: tuple[str, ...] = ()
