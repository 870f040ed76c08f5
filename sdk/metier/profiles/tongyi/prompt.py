"""The system message: who the model is, how it answers, what it may call, and what day it is. Pure.

Its structure is the one that the weights were trained with (persona, `# Tools` with one signature a line, how a call is
written, `Current date`); the sentences are our own. It is the same in every turn of a run, so that servers can keep it.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic_ai.messages import ModelMessage, ModelRequest, SystemPromptPart, UserPromptPart
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.tools import ToolDefinition

from metier.profiles.tongyi.json_text import write_json
from metier.profiles.tongyi.offer import ENDINGS, takes_code, takes_prose, told_tools
from metier.profiles.tongyi.tags import (
    ANSWER,
    ANSWER_END,
    CALL,
    CALL_END,
    CODE,
    CODE_END,
    RESULT,
    RESULT_END,
    THINK,
    THINK_END,
    defuse_tokens,
    escape_tags,
)

PERSONA = (
    "You are a research assistant. You find out what is the case and say how it is known, on everyday questions and on "
    "scholarly ones. Look in several places, read what you find, hold sources that do not depend on each other against "
    "each other, and go by what they show rather than by what you remember."
)
_THINKING = f"Think between {THINK}{THINK_END} tags before you act. "
ANSWERING = (
    f"{_THINKING}When you know enough, write the whole final answer between {ANSWER}{ANSWER_END} tags, and nothing "
    "after it. Answer in prose, in the language of the question. Put the id of "
    "the evidence behind every statement, in square brackets and as the results give it, like [ev-0123456789abcdef]. "
    "Leave out what no result supports, and say what you could not find."
)
ACTING = f"{_THINKING}End every turn with a function call."  # where a text is no answer
_ENDING = f"Where {{when}}, write one JSON object between the {ANSWER}{ANSWER_END} tags instead: {{shape}}"
_TOOLS = "# Tools\n\nYou may call these functions. Their signatures stand between <tools></tools> tags, one a line:"
_CALLING = (
    f"To call one, end your turn with a JSON object of its name and arguments between {CALL}{CALL_END} tags:\n"
    f'{CALL}\n{{"name": <function-name>, "arguments": <args-json-object>}}\n{CALL_END}\n'
    f"Its result comes in the next message between {RESULT}{RESULT_END} tags, which you never write yourself. Make one "
    "call a turn."
)
_NO_PARAMETERS: dict[str, Any] = {"type": "object", "properties": {}, "required": []}
_DAY = re.compile(r"^\(Today is (\d{4}-\d{2}-\d{2}), UTC\.\)$", re.MULTILINE)


def write_system(messages: Sequence[ModelMessage], parameters: ModelRequestParameters) -> str:
    """Returns the system message of a conversation with these tools.

    Its day is the one that the question tells; without one it names none. A request that offers nothing, neither tools
    nor ways to end, is a plain question: it is told its own instructions only.
    """
    told = [*_prompts(messages), *_instructions(messages, parameters)]
    day = day_in(messages)
    sections = [
        PERSONA,
        ANSWERING if takes_prose(parameters) else ACTING,
        _tell_endings(parameters.output_tools),
        *told,
        _tell_tools([*told_tools(parameters)]),
        day and f"Current date: {day}",
    ]
    if not (parameters.function_tools or parameters.output_tools):
        sections = told
    return "\n\n".join(section for section in sections if section)


def day_in(messages: Sequence[ModelMessage]) -> str:
    """Returns the day on which the run began, as YYYY-MM-DD, from the question's first line of its own that says so."""
    first = messages[0] if messages else None
    parts = first.parts if isinstance(first, ModelRequest) else ()
    said = (part.content for part in parts if isinstance(part, UserPromptPart) and isinstance(part.content, str))
    return next((found[1] for text in said if (found := _DAY.search(text))), "")


def _tell_tools(tools: Sequence[ToolDefinition]) -> str:
    if not tools:
        return ""
    lines = "\n".join(_signature(tool) for tool in tools)
    coding = [_tell_coding(tool.name) for tool in tools if takes_code(tool)]
    return "\n\n".join([f"{_TOOLS}\n<tools>\n{lines}\n</tools>", _CALLING, *coding])


def _tell_coding(name: str) -> str:
    call = write_json({"name": name, "arguments": {}})
    return (
        f"For {name} the arguments are an empty object, and the program stands below it:\n"
        f"{CALL}\n{call}\n{CODE}\n# the program\n{CODE_END}\n{CALL_END}"
    )


def _tell_endings(forms: Iterable[ToolDefinition]) -> str:
    """Returns the ways to end that prose cannot spell."""
    told = ((form.name, *ENDINGS[form.name]) for form in forms if form.name in ENDINGS)
    return "\n".join(
        _ENDING.format(when=when, shape=write_json({"name": name, "arguments": least})) for name, when, least in told
    )


def _signature(tool: ToolDefinition) -> str:
    """Returns a tool on one line. A server wrote the description: it is kept from closing the list and going on."""
    parameters = _NO_PARAMETERS if takes_code(tool) else tool.parameters_json_schema
    function = {"name": tool.name, "description": tool.description or "", "parameters": parameters}
    return defuse_tokens(escape_tags(write_json({"type": "function", "function": function})))


def _prompts(messages: Sequence[ModelMessage]) -> list[str]:
    first = messages[0] if messages else None
    parts = first.parts if isinstance(first, ModelRequest) else ()
    return [part.content for part in parts if isinstance(part, SystemPromptPart)]


def _instructions(messages: Sequence[ModelMessage], parameters: ModelRequestParameters) -> list[str]:
    if parameters.instruction_parts is not None:
        return [part.content for part in parameters.instruction_parts]
    told = (each.instructions for each in reversed(messages) if isinstance(each, ModelRequest) and each.instructions)
    return [next(told, "")]
