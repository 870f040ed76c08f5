"""What a model is told of what it did wrong, as parts of the next request."""

from collections.abc import Iterable
from typing import Any

from pydantic_ai.messages import RetryFeedbackPart, RetryInfo, ToolCallPart, ToolReturnPart

NO_OUTPUT = "Call a tool, or end with one of the tools that end."
UNSUPPORTED = (
    "Nothing of this answer is supported by evidence of this run. Name behind each statement the evidence that it "
    "rests on, by its id in square brackets, or look for it with the tools."
)
UNUSED = "This was not used: the conversation had ended already."
NOT_RUN = "This call was not made: the conversation had ended already."


def send_back(call: ToolCallPart, content: Any, cause: Any, at: tuple[int, int]) -> ToolReturnPart:
    """Returns the answer to a call that has to be made again; `at` is this attempt and how many there may be."""
    attempt, most = at
    return ToolReturnPart(
        tool_name=call.tool_name,
        content=content,
        tool_call_id=call.tool_call_id,
        outcome="retried",
        retry=RetryInfo(cause=cause, attempt=attempt, max_retries=most),
    )


def send_back_unknown(call: ToolCallPart, known: Iterable[str], at: tuple[int, int]) -> ToolReturnPart:
    """Returns the answer to a call of a tool that there is not."""
    names = ", ".join(sorted(known))
    return send_back(call, f"There is no tool {call.tool_name!r}. Tools: {names}.", "unknown_tool", at)


def answer_plainly(call: ToolCallPart, text: str) -> ToolReturnPart:
    """Returns a text as the answer to a call."""
    return ToolReturnPart(tool_name=call.tool_name, content=text, tool_call_id=call.tool_call_id)


def object_to(text: str, at: tuple[int, int], *, cause: Any = "model_retry") -> RetryFeedbackPart:
    """Returns an objection to a response as a whole."""
    attempt, most = at
    return RetryFeedbackPart(content=text, retry=RetryInfo(cause=cause, attempt=attempt, max_retries=most))
