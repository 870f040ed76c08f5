"""What an OpenAI-compatible server answers, read into a response's parts. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import uuid4

from pydantic_ai.messages import FinishReason, ModelResponsePart, TextPart, ThinkingPart, ToolCallPart
from pydantic_ai.usage import RequestUsage
from pydantic_core import to_json

from metier.canonical import JSON
from metier.errors import ServerError
from metier.tokens import TokenRecord

THINKING = ("<think>", "</think>")
_LARGEST = (1 << 31) - 1  # token ids and counts of them are kept in 32 bits; JSON has whole numbers of any length
_FINISHES: Mapping[str, FinishReason] = {
    "stop": "stop",
    "length": "length",
    "tool_calls": "tool_call",
    "function_call": "tool_call",
    "content_filter": "content_filter",
}


def choice_of(value: Mapping[str, JSON]) -> Mapping[str, JSON]:
    """Returns the first choice; empty where a chunk has none. Raises ServerError for what is none."""
    choices = value.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else {}
    if not isinstance(first, dict):
        raise ServerError(
            "The server's answer holds a choice that is none.", hint="Is this an OpenAI-compatible server?"
        )
    return first


def object_in(value: Mapping[str, JSON], name: str) -> Mapping[str, JSON]:
    """Returns the object under `name`, an empty one where there is none."""
    found = value.get(name)
    return found if isinstance(found, dict) else {}


def text_in(value: Mapping[str, JSON], *names: str) -> str:
    """Returns the first text under one of `names`, "" where there is none."""
    return next((text for name in names if isinstance(text := value.get(name), str) and text), "")


def parts_in(message: Mapping[str, JSON]) -> list[ModelResponsePart]:
    """Returns the parts of a whole message."""
    thinking, content = text_in(message, "reasoning_content", "reasoning"), text_in(message, "content")
    if not thinking and content.lstrip().startswith(THINKING[0]):
        thought, closed, rest = content.lstrip().removeprefix(THINKING[0]).partition(THINKING[1])
        thinking, content = (thought.strip(), rest.lstrip()) if closed else (thinking, content)
    parts: list[ModelResponsePart] = [ThinkingPart(thinking)] if thinking else []
    if content:
        parts.append(TextPart(content))
    return parts + [_call(call) for call in calls_in(message)]


def calls_in(message: Mapping[str, JSON]) -> list[Mapping[str, JSON]]:
    """Returns the tool calls of a message or of a delta."""
    calls = message.get("tool_calls")
    return [call for call in calls if isinstance(call, dict)] if isinstance(calls, list) else []


def arguments_in(function: Mapping[str, JSON]) -> str:
    """Returns the text of a call's arguments; some servers give the object itself."""
    arguments = function.get("arguments")
    return arguments if isinstance(arguments, str) else to_json(arguments).decode() if arguments is not None else ""


def finish_in(choice: Mapping[str, JSON]) -> FinishReason | None:
    """Returns why the answer ended, None where the choice does not say."""
    return _FINISHES.get(text_in(choice, "finish_reason"))


def usage_in(value: Mapping[str, JSON]) -> RequestUsage:
    """Returns the tokens of an answer as usage."""
    usage = object_in(value, "usage")
    cached = object_in(usage, "prompt_tokens_details").get("cached_tokens")
    return RequestUsage(
        input_tokens=_count(usage.get("prompt_tokens")),
        output_tokens=_count(usage.get("completion_tokens")),
        cache_read_tokens=_count(cached),
    )


@dataclass(slots=True)
class Tokens:
    """The token ids and log-probabilities of an answer, as far as the server gave them, whole or chunk by chunk."""

    prompt: tuple[int, ...] = ()
    sampled: tuple[int, ...] = ()
    logprobs: list[float] = field(default_factory=list)

    def take(self, value: Mapping[str, JSON], choice: Mapping[str, JSON]) -> None:
        """Adds what an answer or a chunk holds: SGLang's names or vLLM's."""
        extension = object_in(value, "sglext")
        outputs = extension.get("output_ids")
        first = outputs[0] if isinstance(outputs, list) and outputs else None
        self.prompt = (
            _ids(choice.get("prompt_token_ids"))
            or _ids(value.get("prompt_token_ids"))
            or _ids(extension.get("input_ids"))
            or self.prompt
        )
        self.sampled += _ids(choice.get("response_token_ids")) or _ids(choice.get("token_ids")) or _ids(first)
        self.logprobs += _logprobs(object_in(choice, "logprobs").get("content"))


class Lineage:
    """Says of a prompt which earlier response it goes on from, so that a record holds new tokens only."""

    def __init__(self, kept: int = 64) -> None:
        self._kept = kept
        self._known: dict[str, tuple[int, ...]] = {}

    def record(self, tokens: Tokens, rid: str, earlier: Sequence[str], finish: str) -> TokenRecord:
        """Returns the record of an answer. `earlier` are the ids of the responses before it, oldest first."""
        after = next((one for one in reversed(earlier) if self._is_begun_by(one, tokens.prompt)), "")
        kept = len(self._known[after]) if after else 0
        self._known[rid] = tokens.prompt + tokens.sampled
        while len(self._known) > self._kept:
            self._known.pop(next(iter(self._known)))
        return TokenRecord(
            rid=rid,
            after=after,
            kept=kept,
            added=tokens.prompt[kept:],
            sampled=tokens.sampled,
            logprobs=tuple(tokens.logprobs) if len(tokens.logprobs) == len(tokens.sampled) else (),
            finish=finish,
        )

    def name(self, rid: str, earlier: Sequence[str]) -> str:
        """Returns the id of a response: the server's, or one of our own where it gave none or gave it before."""
        return rid if rid and rid not in earlier and rid not in self._known else uuid4().hex

    def _is_begun_by(self, rid: str, prompt: tuple[int, ...]) -> bool:
        known = self._known.get(rid)
        return known is not None and prompt[: len(known)] == known


def _call(call: Mapping[str, JSON]) -> ToolCallPart:
    function = object_in(call, "function")
    part = ToolCallPart(text_in(function, "name"), arguments_in(function))
    part.tool_call_id = text_in(call, "id") or part.tool_call_id
    return part


def _count(value: JSON) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _LARGEST else 0


def _ids(value: JSON) -> tuple[int, ...]:
    if not isinstance(value, list):
        return ()
    ids = tuple(item for item in value if type(item) is int and 0 <= item <= _LARGEST)
    return ids if len(ids) == len(value) else ()


def _logprobs(value: JSON) -> list[float]:
    entries = value if isinstance(value, list) else []
    numbers = [entry.get("logprob") for entry in entries if isinstance(entry, dict)]
    return [float(number) for number in numbers if isinstance(number, int | float) and abs(number) <= _LARGEST]
