"""Messages as canonical JSON: what a model was asked, without times, run ids and other things that vary."""

import dataclasses
from collections.abc import Mapping, Sequence

from pydantic_ai.messages import (
    ModelMessage,
    ModelMessagesTypeAdapter,
    ModelRequest,
    ModelResponse,
    RetryFeedbackPart,
    ToolCallPart,
    ToolReturnPart,
)
from pydantic_ai.models import ModelRequestParameters
from pydantic_core import to_jsonable_python

from metier.canonical import JSON, canonical_json

_VOLATILE = frozenset(
    {"timestamp", "metadata", "run_id", "conversation_id", "usage", "provider_details", "provider_url", "tool_kind"}
)


class Projection:
    """Messages as plain JSON. A message that was there before the newest two is not looked at again."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[ModelMessage, JSON]] = {}

    def __call__(self, messages: Sequence[ModelMessage]) -> list[JSON]:
        """Returns each message as its kind and parts."""
        settled = len(messages) - 2
        known = {id(message): (message, self._plain(message)) for message in messages[: max(settled, 0)]}
        self._known = known
        return [known[id(m)][1] if at < settled else _plain_message(m) for at, m in enumerate(messages)]

    def _plain(self, message: ModelMessage) -> JSON:
        found = self._known.get(id(message))
        return found[1] if found is not None and found[0] is message else _plain_message(message)


def model_input(
    messages: Sequence[ModelMessage], parameters: ModelRequestParameters, project: Projection
) -> dict[str, JSON]:
    """Returns what a model call depends on: instructions, messages, and the names of the tools it may use."""
    instructions = next((m.instructions for m in reversed(messages) if isinstance(m, ModelRequest)), None)
    return {
        "instructions": instructions,
        "messages": project(messages),
        "tools": [*sorted(tool.name for tool in parameters.function_tools)],
        "outcomes": [*sorted(tool.name for tool in parameters.output_tools)],
        "retry": objection_in(messages),
    }


def objection_in(messages: Sequence[ModelMessage]) -> str:
    """Returns the text of the objection that the newest message carries; empty when it carries none."""
    newest = messages[-1] if messages else None
    if not isinstance(newest, ModelRequest):
        return ""
    return "\n".join(text for part in newest.parts if (text := retry_text(part)))


def retry_text(part: object) -> str:
    """Returns what a part objects to in the response before it; empty for a part that does not object."""
    if isinstance(part, RetryFeedbackPart) or (isinstance(part, ToolReturnPart) and part.outcome == "retried"):
        return part.content if isinstance(part.content, str) else canonical_json(_plain(part.content))
    return ""


def dump_response(response: ModelResponse) -> JSON:
    """Returns `response` whole, as JSON."""
    (whole,) = ModelMessagesTypeAdapter.dump_python([response], mode="json")
    plain: JSON = whole
    return plain


def load_response(value: JSON) -> ModelResponse:
    """Returns the response that `dump_response` wrote; raises pydantic.ValidationError for anything else."""
    (message,) = ModelMessagesTypeAdapter.validate_python([value])
    if not isinstance(message, ModelResponse):
        raise TypeError("The journal holds a request where a response should be.")
    return message


def with_own_ids(response: ModelResponse, turn: str) -> ModelResponse:
    """Returns `response` with a call id of its own for every tool call whose id is missing or occurs twice."""
    seen: set[str] = set()
    parts = []
    for at, part in enumerate(response.parts):
        if isinstance(part, ToolCallPart):
            if not part.tool_call_id or part.tool_call_id in seen:
                part = dataclasses.replace(part, tool_call_id=f"{turn}-{at}")
            seen.add(part.tool_call_id)
        parts.append(part)
    return dataclasses.replace(response, parts=parts)


def _plain_message(message: ModelMessage) -> JSON:
    return {"kind": message.kind, "parts": _plain(message.parts)}


def _plain(value: object) -> JSON:
    if dataclasses.is_dataclass(value):
        fields = ((field.name, getattr(value, field.name, None)) for field in dataclasses.fields(value))
        return {
            name: _plain(item)
            for name, item in fields
            if item is not None and name not in _VOLATILE and not name.startswith("_")
        }
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    plain: JSON = to_jsonable_python(value, fallback=str)
    return plain
