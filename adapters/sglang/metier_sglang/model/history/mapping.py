"""pydantic-ai's messages as a dialogue, and what a model said as a response's parts. Pure.

Nothing is rewritten and nothing is announced to the model: `metier_sglang.text.masking` keeps untrusted text from
being taken for structure. Parts stay in their order. What these weights can not be shown is an InputError, never left
out in silence; the one exception is another provider's thinking, which these weights did not think.
"""

import json
from collections.abc import Iterable, Sequence

from pydantic_ai.messages import (
    CapabilityLoadDeltaPart,
    CompactionPart,
    ModelMessage,
    ModelRequest,
    ModelRequestPart,
    ModelResponse,
    ModelResponsePart,
    ModelSettingsDeltaPart,
    RetryFeedbackPart,
    SpeechPart,
    SystemPromptPart,
    TextPart,
    ThinkingPart,
    ToolAvailabilityDeltaPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.tools import ToolDefinition

from metier.errors import InputError
from metier_sglang.model.history.content import Content, Image, join_content, map_content
from metier_sglang.parsing.events import Parsed, ParsedCall
from metier_sglang.parsing.reading.output import read_object
from metier_sglang.parsing.reading.source import BrokenCall
from metier_sglang.text.dialogue import Call, Message, Tool

PROVIDER = "sglang"
_INVALID = "INVALID_JSON"  # pydantic-ai's name for arguments that are no JSON object


def system_of(messages: Sequence[ModelMessage], parameters: ModelRequestParameters, told: str = "") -> str:
    """Returns the text of the one system message: system prompts that open the history, instructions, then `told`."""
    first = messages[0] if messages else None
    prompts = [part.content for part in _leading(first)] if isinstance(first, ModelRequest) else []
    return "\n\n".join(text for text in (*prompts, *_instructions(messages, parameters), told) if text)


def map_request(request: ModelRequest, *, is_first: bool = False) -> tuple[Message, ...]:
    """Returns the messages that `request` stands for, in the order of its parts.

    The system prompts that open the first request are left to `system_of`. Later ones become user messages, since many
    templates know no system message but the first. Raises InputError for what can not be shown.
    """
    parts = list(request.parts)[len(_leading(request)) :] if is_first else request.parts
    return tuple(message for part in parts for message in _map_part(part))


def map_response(response: ModelResponse) -> Message:
    """Returns the assistant's message that `response` stands for: what it thought, what it said, what it called."""
    thinking: list[str] = []
    text: list[str] = []
    calls: list[Call] = []
    for part in response.parts:
        match part:
            case ThinkingPart():
                thinking += [part.content] if part.provider_name in (None, PROVIDER) else []
            case TextPart():
                text.append(part.content)
            case ToolCallPart():
                calls.append(Call(part.tool_name, _spell_arguments(part), part.tool_call_id))
            case SpeechPart() | CompactionPart():
                text.append(part.content or "")
            case _:
                raise InputError(
                    f"A response in the history holds what these weights can not be shown: {part.part_kind}.",
                    hint="Leave that response out of the history.",
                )
    return Message("assistant", "".join(text), "".join(thinking), tuple(calls))


def map_tools(definitions: Iterable[ToolDefinition]) -> tuple[Tool, ...]:
    """Returns the tools as a template shows them."""
    return tuple(Tool(each.name, each.description or "", each.parameters_json_schema) for each in definitions)


def parts_of(parsed: Parsed, rid: str) -> list[ModelResponsePart]:
    """Returns the parts of a response; a call's id is made of `rid` and its number.

    A malformed call keeps its name, and its arguments are what was written, so that pydantic-ai tells the model what
    is wrong; they are never a JSON object, so it can not be executed.
    """
    parts: list[ModelResponsePart] = []
    if parsed.thinking:
        parts.append(ThinkingPart(parsed.thinking, provider_name=PROVIDER))
    if parsed.text:
        parts.append(TextPart(parsed.text))
    parts += [
        ToolCallPart(call.name, arguments_of(call), tool_call_id=call_id(rid, at))
        for at, call in enumerate(parsed.calls)
    ]
    return parts


def arguments_of(call: ParsedCall) -> str:
    """Returns the arguments of a call, which are no JSON object when it is malformed: it must not be executed."""
    return call.arguments + spoil(call.arguments, call.fault) if call.fault else call.arguments


def spoil(arguments: str, fault: str) -> str:
    """Returns what to add to the arguments of a malformed call, so that they are no JSON object and say why."""
    return f" ({fault})" if is_object(arguments) else ""


def call_id(rid: str, at: int) -> str:
    """Returns the id of call number `at` of a response."""
    return f"call_{rid[:24]}_{at}"


def _leading(request: ModelRequest) -> list[SystemPromptPart]:
    leading: list[SystemPromptPart] = []
    for part in request.parts:
        if not isinstance(part, SystemPromptPart):
            break
        leading.append(part)
    return leading


def _instructions(messages: Sequence[ModelMessage], parameters: ModelRequestParameters) -> list[str]:
    if parameters.instruction_parts is not None:
        return [part.content for part in parameters.instruction_parts]
    told = (each.instructions for each in reversed(messages) if isinstance(each, ModelRequest) and each.instructions)
    return [next(told, "")]


def _map_part(part: ModelRequestPart) -> list[Message]:
    match part:
        case SystemPromptPart() | SpeechPart() | CompactionPart():
            return [Message("user", part.content or "")]
        case UserPromptPart():
            return [_user(map_content(part.content))]
        case ToolReturnPart():
            return _map_return(part)
        case RetryFeedbackPart():
            return [Message("user", part.model_response())]
        case ToolAvailabilityDeltaPart() | CapabilityLoadDeltaPart() | ModelSettingsDeltaPart():
            return []  # notes of the framework's to itself
    raise InputError(
        f"These weights can not be shown a part of the kind {part.part_kind}.", hint="Leave it out of the history."
    )


def _map_return(part: ToolReturnPart) -> list[Message]:
    """Returns what a tool said; raises InputError for an image by address, which the model's server would fetch."""
    text, files = part.model_response_str_and_user_content()
    answer = Message("tool", text, name=part.tool_name, call_id=part.tool_call_id)
    items = map_content(files)
    if any(isinstance(item, Image) and not item.url.startswith("data:") for item in items):
        raise InputError(
            f"The tool {part.tool_name} gave the address of an image.", hint="A tool gives an image as its bytes."
        )
    return [answer, _user(items)] if items else [answer]


def _user(items: Sequence[Content]) -> Message:
    text, images = join_content(items)
    return Message("user", text, images=images)


def _spell_arguments(part: ToolCallPart) -> str:
    if part.args is None or part.args == "":
        return "{}"
    if isinstance(part.args, str):
        return part.args if _is_sound(part.args) else json.dumps({_INVALID: part.args}, ensure_ascii=False)
    return json.dumps(part.args, ensure_ascii=False)


def _is_sound(arguments: str) -> bool:
    try:
        read_object(arguments)
    except BrokenCall:
        return False
    return True


def is_object(text: str) -> bool:
    """Returns whether a reader of JSON may take `text` for an object: Python's reads NaN, and keys that come twice."""
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False
