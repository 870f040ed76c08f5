"""Which tools may be called, and grammars that make the model call one. Pure.

What is guaranteed. `required`, a list of tools, or an output type that leaves no text asks for a call. In the formats
of `FORCED`, which write a call's arguments as JSON between tags that a grammar can spell, SGLang's structural tags hold
the answer to exactly one call, of a tool that may be called, with arguments of its schema. With thinking on, that
begins after the thinking. In other formats a call can not be forced: an explicit demand for one is an InputError, and
an output type is left to pydantic-ai's retries. A sample that reaches `max_tokens` is no call, forced or not.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.settings import ToolOrOutput

from metier.canonical import JSON
from metier.errors import InputError
from metier_sglang.parsing.events import Parsed, ParsedCall
from metier_sglang.parsing.format import Format
from metier_sglang.text.dialogue import Tool

FORCED = ("qwen", "hermes")
_TOLD = {
    "json_schema": "JSON of this schema",
    "regex": "a text that matches this regular expression",
    "ebnf": "a text of this EBNF grammar",
}
_NAME = "metier_name_here"
_ARGUMENTS = '{"metier_arguments_here": 0}'


@dataclass(frozen=True, slots=True)
class Choice:
    """The tools that may be called; whether one must be, and whether the caller said so himself."""

    names: frozenset[str]
    must_call: bool
    is_explicit: bool = False


def choose(chosen: Any, parameters: ModelRequestParameters) -> Choice:
    """Returns what `chosen`, the setting `tool_choice`, asks for; raises InputError for tools that are not there.

    The tools stay in the prompt whatever is chosen, so that the server's prefix cache holds.
    """
    functions = frozenset(tool.name for tool in parameters.declared_function_tools)
    outputs = frozenset(tool.name for tool in parameters.output_tools)
    free = parameters.allow_text_output or parameters.allow_image_output
    match chosen:
        case None | "auto":
            return Choice(functions | outputs, not free)
        case "none" | []:
            return Choice(outputs, not free)
        case "required":
            return _explicit(functions, functions)
        case ToolOrOutput():
            return Choice((frozenset(chosen.function_tools) & functions) | outputs, not free)
        case list():
            return _explicit(frozenset(map(str, chosen)), functions | outputs)
    raise InputError(f"tool_choice is {chosen!r}.", hint="Use auto, none, required, or a list of tools.")


def force(format: Format, tools: Sequence[Tool], names: Collection[str]) -> dict[str, JSON] | None:
    """Returns the grammar of exactly one call of a tool of `names`; None where the format allows no such grammar."""
    frame = frame_of(format)
    if frame is None:
        return None
    opening, middle, closing = frame
    tags: list[JSON] = [
        {
            "type": "tag",
            "begin": f"{opening}{tool.name}{middle}",
            "content": {"type": "json_schema", "json_schema": dict(tool.parameters)},
            "end": closing,
        }
        for tool in tools
        if tool.name in names
    ]
    shape: dict[str, JSON] = {
        "type": "triggered_tags",
        "triggers": [opening],
        "tags": tags,
        "at_least_one": True,
        "stop_after_first": True,
    }
    return {"structural_tag": {"type": "structural_tag", "format": shape}}


def frame_of(format: Format) -> tuple[str, str, str] | None:
    """Returns what a format writes before a call's name, between name and arguments, and after; None if it is not so.

    `Format.write` is asked, so that the grammar and the parser can not come to differ.
    """
    if format.name not in FORCED:
        return None
    opening, _, rest = format.write(Parsed("", "", (ParsedCall(_NAME, _ARGUMENTS),))).partition(_NAME)
    middle, _, closing = rest.partition(_ARGUMENTS)
    return opening, middle, closing


def closing_marker(format: Format, markers: Sequence[str]) -> str:
    """Returns the added token that ends a call, "" where none does: a sample that stops there has one call."""
    try:
        written = format.write(Parsed("", "", (ParsedCall(_NAME, "{}"),))).rstrip()
    except InputError:
        return ""  # a format that ties names to the tools at hand
    return next((marker for marker in markers if written.endswith(marker)), "")


def _explicit(names: frozenset[str], known: frozenset[str]) -> Choice:
    if not names & known:
        said = ", ".join(sorted(names)) or "none"
        raise InputError(f"tool_choice asks for a call of a tool that is not there ({said}).", hint="Name one that is.")
    return Choice(names & known, must_call=True, is_explicit=True)


def tell(grammar: Mapping[str, JSON]) -> str:
    """Returns what the model is told of a caller's grammar, "" without one: a grammar alone bends its words."""
    for name, rule in grammar.items():
        spelled = rule if isinstance(rule, str) else json.dumps(rule, ensure_ascii=False)
        return f"Answer with {_TOLD[name]}, and with nothing else:\n{spelled}"
    return ""


def is_forced(choice: Choice, *, force_calls: bool | None) -> bool:
    """Returns whether a grammar is to make the model call a tool; by default only an explicit demand is forced."""
    return choice.must_call and (choice.is_explicit if force_calls is None else force_calls)


def choose_grammar(
    own: Mapping[str, JSON], forced: Mapping[str, JSON], parameters: ModelRequestParameters
) -> Mapping[str, JSON]:
    """Returns the one grammar; native output has none beside function tools, since it would forbid their calls.

    The model is told the schema all the same, and pydantic-ai holds the answer against it. Raises InputError where
    more than one is asked for.
    """
    native: Mapping[str, JSON] = {}
    if parameters.output_mode == "native" and parameters.output_object and not parameters.function_tools:
        native = {"json_schema": parameters.output_object.json_schema}
    wanted = [grammar for grammar in (own, forced, native) if grammar]
    if len(wanted) > 1:
        raise InputError(
            "An answer can follow one grammar: the settings, a forced call and native output ask for more than one.",
            hint="Leave all but one.",
        )
    return wanted[0] if wanted else {}


def grammar_for(
    choice: Choice, format: Format, tools: Sequence[Tool], *, force_calls: bool | None
) -> Mapping[str, JSON]:
    """Returns the grammar that makes the model call a tool; empty where none is asked for or none can be.

    Raises InputError where that is not possible in this format.
    """
    if not is_forced(choice, force_calls=force_calls):
        return {}
    grammar = force(format, tools, choice.names)
    if grammar is None and (choice.is_explicit or force_calls):
        raise InputError(
            f"A call can not be forced in the format {format.name}.", hint="Leave tool_choice and sglang_force_calls."
        )
    return grammar or {}
