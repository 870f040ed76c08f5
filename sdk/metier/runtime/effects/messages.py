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
from metier.redaction import Redaction

_VOLATILE = frozenset(
    {"timestamp", "metadata", "run_id", "conversation_id", "usage", "provider_details", "provider_url", "tool_kind"}
)


class Projection:
    """Messages as plain JSON without secrets. A message that was there before the newest two is not looked at again.

    The same message gives the same object as long as its JSON is the same.
    """

    def __init__(self, redaction: Redaction) -> None:
        self._redaction = redaction
        self._known: dict[int, _Projected] = {}
        self._is_clean = True

    def __call__(self, messages: Sequence[ModelMessage]) -> list[JSON]:
        """Returns each message as its kind and parts."""
        settled = len(messages) - 2
        projected = [self._project(message, settled=at < settled) for at, message in enumerate(messages)]
        self._known = {id(one.message): one for one in projected}
        return [one.plain for one in projected]

    @property
    def is_clean(self) -> bool:
        """Returns whether no secret stood in the messages that were projected last, nor in any text before."""
        return self._is_clean and all(one.is_clean for one in self._known.values())

    def text(self, text: str | None) -> str | None:
        """Returns a text beside the messages without secrets."""
        masked = None if text is None else self._redaction.text(text)
        self._is_clean = self._is_clean and masked == text
        return masked

    def _project(self, message: ModelMessage, *, settled: bool) -> "_Projected":
        found = self._known.get(id(message))
        known = found if found is not None and found.message is message else None
        if settled and known is not None:
            return known
        plain = _plain_message(message)
        masked = self._redaction.json(plain)
        if known is not None and known.plain == masked:
            return known
        return _Projected(message, masked, masked == plain)


@dataclasses.dataclass(frozen=True, slots=True)
class _Projected:
    """A message as JSON, without secrets; `is_clean` says that there were none."""

    message: ModelMessage
    plain: JSON
    is_clean: bool


def model_input(
    messages: Sequence[ModelMessage], parameters: ModelRequestParameters, project: Projection
) -> dict[str, JSON]:
    """Returns what a model call depends on: instructions, messages, and the names of the tools it may use."""
    instructions = next((m.instructions for m in reversed(messages) if isinstance(m, ModelRequest)), None)
    return {
        "instructions": project.text(instructions),
        "messages": project(messages),
        "tools": [*sorted(tool.name for tool in parameters.function_tools)],
        "outcomes": [*sorted(tool.name for tool in parameters.output_tools)],
        "retry": project.text(objection_in(messages)),
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
    given = {part.tool_call_id for part in response.parts if isinstance(part, ToolCallPart)}
    seen: set[str] = set()
    parts = []
    for at, part in enumerate(response.parts):
        if isinstance(part, ToolCallPart):
            if not part.tool_call_id or part.tool_call_id in seen:
                own = f"{turn}-{at}"
                while own in given:  # the model may have taken it
                    own += "-"
                part = dataclasses.replace(part, tool_call_id=own)
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
