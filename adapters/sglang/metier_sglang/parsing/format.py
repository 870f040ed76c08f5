"""A format: how one family of weights writes thinking and tool calls. Pure values."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from metier_sglang.parsing.events import Parsed, Parser


@dataclass(frozen=True, slots=True)
class Start:
    """What a parser knows before the response begins.

    `in_thinking` says that the prompt already opened the thinking; `tools` are the names that may be called.
    """

    in_thinking: bool = False
    tools: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Format:
    """`open` makes a parser for one response; `write` spells a response as such weights would, the inverse of it.

    `tool_parsers` and `reasoning_parsers` are the names under which SGLang has the same format.
    """

    name: str
    tool_parsers: tuple[str, ...]
    reasoning_parsers: tuple[str, ...]
    open: Callable[[Start], Parser]
    write: Callable[[Parsed], str]
