"""The server's own parsers as a second opinion on a response. Ours wins; where the two differ, it is recorded."""

import json
import logging
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol, runtime_checkable

from pydantic_ai.messages import ModelResponse, ThinkingPart, ToolCallPart

from metier.canonical import JSON
from metier.errors import InputError, MetierError
from metier_sglang.model.history.mapping import PROVIDER, is_object
from metier_sglang.model.turns.turn import Turn
from metier_sglang.protocol.generation import Generation

_log = logging.getLogger(__name__)


class Parsing(Protocol):
    """A server that parses texts."""

    async def ask(self, path: str, body: Mapping[str, JSON] | None = None) -> dict[str, JSON]:
        """Returns the JSON object that a route answers."""
        ...


@runtime_checkable
class Checkable(Protocol):
    """A transport whose servers can be asked to parse."""

    def workers(self) -> AbstractAsyncContextManager[Sequence[Parsing]]:
        """Gives the servers that hold weights."""
        ...


async def cross_check(transport: object, turn: Turn, sample: Generation, response: ModelResponse) -> None:
    """Holds `response` against the server's parsers and notes the outcome in its provider details.

    Raises InputError for a transport whose servers can not be asked. A server that fails at it is noted, no more.
    """
    if not isinstance(transport, Checkable):
        raise InputError("This transport has no server to check against.", hint="Leave sglang_cross_check.")
    try:
        async with transport.workers() as workers:
            differs = await _compare(workers[0], turn, sample, response) if workers else ["no server"]
    except MetierError as error:
        differs = [f"not checked: {error.message}"]
    if differs:
        _log.warning("The server reads response %s otherwise: %s.", turn.request.rid, ", ".join(differs))
    if response.provider_details:
        response.provider_details[PROVIDER]["cross_check"] = differs


async def _compare(server: Parsing, turn: Turn, sample: Generation, response: ModelResponse) -> list[str]:
    vocabulary, info = turn.opened.weights.renderer.vocabulary, turn.opened.info
    text = vocabulary.mask.unmask(vocabulary.decode([one for one in sample.ids if one not in vocabulary.ends]))
    differs: list[str] = []
    if info.reasoning_parser:
        asked: dict[str, JSON] = {"text": text, "reasoning_parser": info.reasoning_parser}
        said = await server.ask("/separate_reasoning", asked)
        thinking = "".join(part.content for part in response.parts if isinstance(part, ThinkingPart))
        differs += ["thinking"] if str(said.get("reasoning_text") or "").strip() != thinking.strip() else []
        text = str(said.get("text") or "")
    if info.tool_parser and turn.tools:
        tools: list[JSON] = [
            {"type": "function", "function": {"name": tool.name, "parameters": dict(tool.parameters)}}
            for tool in turn.tools
        ]
        said = await server.ask(
            "/parse_function_call", {"text": text, "tools": tools, "tool_call_parser": info.tool_parser}
        )
        differs += ["calls"] if _theirs(said) != _ours(response) else []
    return differs


def _theirs(said: Mapping[str, JSON]) -> list[tuple[str, JSON]]:
    calls = said.get("calls")
    found = [call for call in calls if isinstance(call, dict)] if isinstance(calls, list) else []
    return [(str(call.get("name")), _read(str(call.get("parameters")))) for call in found]


def _ours(response: ModelResponse) -> list[tuple[str, JSON]]:
    calls = [part for part in response.parts if isinstance(part, ToolCallPart)]
    return [(call.tool_name, _read(call.args)) for call in calls if isinstance(call.args, str) and is_object(call.args)]


def _read(arguments: str) -> JSON:
    if not is_object(arguments):
        return arguments
    read: JSON = json.loads(arguments)
    return read
