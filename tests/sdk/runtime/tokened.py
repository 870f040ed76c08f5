"""Responses with token records, as an adapter of metier gives them."""

from collections.abc import Sequence
from typing import Any

from pydantic_ai.messages import ModelResponse, ToolCallPart
from pydantic_ai.usage import RequestUsage

from metier.tokens import Span, TokenRecord, dump_record
from tests.sdk.runtime.toy import memo_of

PROMPT = tuple(range(100, 140))
FIRST = TokenRecord("a", "", 0, PROMPT, (1, 2, 3), (-0.1, -0.2, -0.3), 0, "stop", "s", (Span("v1", 0, 3),))
SECOND = TokenRecord("b", "a", 43, (7, 8), (4, 5), (-0.1, -0.25), 43, "stop", "s", (Span("v2", 0, 2),))


def respond(parts: Sequence[Any], record: TokenRecord | None, **details: Any) -> ModelResponse:
    """Returns a response with these parts and the record of its tokens."""
    told = {**details, **({} if record is None else {"tokens": dump_record(record)})}
    usage = RequestUsage(input_tokens=record.prompt, output_tokens=len(record.sampled)) if record else RequestUsage()
    return ModelResponse(parts, usage=usage, model_name="tiny", provider_details=told)


def two_turns() -> list[ModelResponse]:
    """Returns the responses of a run that looks up Arvel and ends with the memo about it."""
    answer = memo_of("Arvel").model_dump(mode="json")
    return [
        respond([ToolCallPart("town", {"name": "Arvel"}, tool_call_id="c1")], FIRST),
        respond([ToolCallPart("give_answer", answer, tool_call_id="c2")], SECOND),
    ]
