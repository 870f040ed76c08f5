"""Where tools come from: the one protocol of a connection, of what stands in front of one, and of the envelope."""

from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Protocol, Self, TypeAlias

from metier.canonical import JSON
from metier.servers.tool import ToolResult, ToolSpec
from metier.trace import CallRecord


@dataclass(frozen=True, slots=True)
class Progress:
    """What a server says of a call that goes on: `done` of `total` (None: unknown), and a line of text. It is data."""

    server: str
    tool: str
    done: float
    total: float | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What a server asks the user in the middle of a call (elicitation): a form by JSON Schema, or a page to visit.

    `message` and `schema` are the server's words: data, shown to a person and never followed.
    """

    server: str
    message: str
    schema: Mapping[str, JSON]
    url: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the user said to a Question; `content` is only read for "accept"."""

    action: Literal["accept", "decline", "cancel"]
    content: Mapping[str, JSON] | None = None


Ask: TypeAlias = Callable[[Question], Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class CallContext:
    """What a call brings along besides its arguments: the run it belongs to, and who wants to hear of it.

    `on_progress` hears what the server says while the call goes on; `on_record` what the envelope did, when it is over.
    """

    run: str = ""
    on_progress: Callable[[Progress], None] | None = None
    on_record: Callable[[CallRecord], None] | None = None


PLAIN = CallContext()
CALLING: ContextVar[CallContext] = ContextVar("metier_calling", default=PLAIN)
"""The context of the call that a toolset is asked to make: pydantic-ai's own call has no place for it."""


class ToolSource(Protocol):
    """Something that has tools. An async context manager that may be entered more than once.

    `name` is the server's. `tools` and `call` raise ServerError for a server that is dead, silent or out of protocol,
    and ToolError for a tool that is not there or refuses its arguments; a tool's own failure is a result with
    `is_error`.
    """

    @property
    def name(self) -> str:
        """Returns the name of the server."""
        ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    async def tools(self) -> tuple[ToolSpec, ...]:
        """Returns the tools, as listed when the session began."""
        ...

    async def call(self, tool: str, arguments: Mapping[str, JSON], context: CallContext = PLAIN) -> ToolResult:
        """Returns what `tool` gave for `arguments`."""
        ...
