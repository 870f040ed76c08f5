"""What tests of metier and of toolkits need: a scripted model, servers in process, a frozen clock, no network.

All of it is real: a ScriptedModel is a model, a served tool goes through MCP, and the network is refused by Python's
own audit events.
"""

import ipaddress
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self, TypeAlias

from mcp.server import MCPServer
from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponse,
    RetryFeedbackPart,
    TextPart,
    ToolCallPart,
    ToolReturnPart,
)
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.settings import ModelSettings
from pydantic_ai.usage import RequestUsage

from metier.answer import Adopted, Answer, Questions, Refusal
from metier.canonical import JSON
from metier.evidence import Evidence
from metier.toolkit import Call, Calls, Finish

_FINISHING: tuple[tuple[type, str], ...] = (
    (Adopted, "adopt_answer"),
    (Refusal, "refuse_task"),
    (Questions, "ask_user"),
    (Answer, "give_answer"),
)


class ScriptError(AssertionError):
    """A scripted model was asked more, or less, than its script foresees."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a scripted model has been shown: the messages, the evidence in them, and the objections, newest last."""

    messages: tuple[ModelMessage, ...]
    evidence: tuple[Evidence, ...]
    objections: tuple[str, ...]


Line: TypeAlias = Calls | Finish | str | ModelResponse
Step: TypeAlias = Line | Callable[[Seen], Line]


class OfflineModel(Model):
    """A model of a test or a benchmark: it has a name and reads what is stored; a subclass answers `request`."""

    def __init__(self, name: str = "scripted") -> None:
        super().__init__()
        self._name = name

    @property
    def model_name(self) -> str:
        """Returns the name of the model."""
        return self._name

    @property
    def system(self) -> str:
        """Returns the provider."""
        return "testing"

    def prepare_messages(
        self, messages: list[ModelMessage], model_request_parameters: ModelRequestParameters | None = None
    ) -> list[ModelMessage]:
        """Returns `messages` unchanged: what is stored is what is answered."""
        return messages


class ScriptedModel(OfflineModel):
    """A model that says what its script says, step by step.

    A step is Calls (tool calls), Finish (the outcome), a text, a whole ModelResponse, or a function of what was Seen
    that gives one of these. Being asked for more than the script raises ScriptError; so does leaving the `with` block
    of the model before its script is used up.
    """

    def __init__(self, steps: Sequence[Step], *, tokens: tuple[int, int] = (10, 5), name: str = "scripted") -> None:
        super().__init__(name)
        self._steps = tuple(steps)
        self._tokens = tokens
        self.requests: list[list[ModelMessage]] = []

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        """Returns the next step of the script; raises ScriptError when there is none."""
        at = len(self.requests)
        self.requests.append(list(messages))
        if at >= len(self._steps):
            raise ScriptError(f"The model was asked {at + 1} times; its script has {len(self._steps)} steps.")
        step = self._steps[at]
        line = step(_seen(messages)) if callable(step) else step
        if isinstance(line, ModelResponse):
            return line
        usage = RequestUsage(input_tokens=self._tokens[0], output_tokens=self._tokens[1])
        outcomes = [tool.name for tool in model_request_parameters.output_tools]
        return ModelResponse(_parts(line, at, outcomes), usage=usage, model_name=self._name)

    def check_used(self) -> None:
        """Raises ScriptError when steps of the script are left."""
        if left := len(self._steps) - len(self.requests):
            raise ScriptError(f"{left} of {len(self._steps)} steps of the script were never asked for.")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.check_used()


def call(tool: str, **arguments: JSON) -> Calls:
    """Returns the step that calls one tool."""
    return Calls((Call(tool, arguments),))


def serve_tools(name: str, *tools: Callable[..., Any]) -> MCPServer[Any]:
    """Returns an MCP server in this process whose tools are these functions."""
    server: MCPServer[Any] = MCPServer(name, log_level="WARNING")
    for tool in tools:
        server.tool()(tool)
    return server


@dataclass(slots=True)
class FrozenClock:
    """A clock that stands still until `advance` moves it, or moves by `step_s` each time it is asked for seconds."""

    moment: datetime = field(default_factory=lambda: datetime(2026, 12, 1, 9, 0, tzinfo=UTC))
    step_s: float = 0.0
    passed_s: float = 0.0

    def now(self) -> datetime:
        """Returns the time of day."""
        return self.moment + timedelta(seconds=self.passed_s)

    def seconds(self) -> float:
        """Returns the seconds that have passed."""
        self.passed_s += self.step_s
        return self.passed_s

    def advance(self, seconds: float) -> None:
        """Moves the clock on."""
        self.passed_s += seconds


class NetworkRefusedError(OSError):
    """Something tried to reach beyond this machine."""


@contextmanager
def refuse_network() -> Iterator[None]:
    """Refuses connections and look-ups beyond loopback inside the block, in every thread: NetworkRefusedError."""
    global _refusing, _hooked
    if not _hooked:
        sys.addaudithook(_refuse)
        _hooked = True
    _refusing += 1
    try:
        yield
    finally:
        _refusing -= 1


_refusing = 0
_hooked = False


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if not _refusing:
        return
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if host is not None and not _is_loopback(host):
        raise NetworkRefusedError(f"The network is refused: {host}.")


def _is_loopback(host: str | bytes) -> bool:
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if name in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _seen(messages: Sequence[ModelMessage]) -> Seen:
    parts = [part for message in messages if isinstance(message, ModelRequest) for part in message.parts]
    evidence: dict[str, Evidence] = {}
    objections: list[str] = []
    for part in parts:
        if isinstance(part, RetryFeedbackPart) or (isinstance(part, ToolReturnPart) and part.outcome == "retried"):
            objections.append(str(part.content))
        elif isinstance(part, ToolReturnPart) and isinstance(part.metadata, dict):
            evidence.update((item.id, item) for item in part.metadata.get("evidence", ()))
    return Seen(tuple(messages), tuple(evidence.values()), tuple(objections))


def _parts(line: Calls | Finish | str, at: int, outcomes: Sequence[str]) -> list[TextPart | ToolCallPart]:
    if isinstance(line, str):
        return [TextPart(line)]
    said: list[TextPart | ToolCallPart] = [TextPart(line.thought)] if line.thought else []
    if isinstance(line, Calls):
        calls = enumerate(line.calls)
        return [*said, *(ToolCallPart(c.tool, dict(c.arguments), tool_call_id=f"script-{at}-{i}") for i, c in calls)]
    prefix = next(name for kind, name in _FINISHING if isinstance(line.outcome, kind))
    name = next((outcome for outcome in outcomes if outcome.startswith(prefix)), prefix)
    return [*said, ToolCallPart(name, line.outcome.model_dump(mode="json"), tool_call_id=f"script-{at}-end")]
