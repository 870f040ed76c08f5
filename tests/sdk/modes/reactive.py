"""A model that decides from what it is shown, and a trade with as many facts as a run of many rounds needs."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, TypeAlias

from mcp.server import MCPServer
from mcp.types import CallToolResult, ToolAnnotations
from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponse,
    TextPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.settings import ModelSettings
from pydantic_ai.usage import RequestUsage

from metier.answer import Answer, Claim, Value
from metier.canonical import JSON
from metier.evidence import Citation, Evidence, record_evidence
from metier.runtime.copilot import Copilot
from metier.servers.result import tell_errors, tool_result
from metier.testing import FrozenClock, OfflineModel
from metier.toolkit import Settings, Toolkit


@dataclass(frozen=True, slots=True)
class Shown:
    """One request as the model got it."""

    messages: tuple[ModelMessage, ...]
    settings: ModelSettings
    parameters: ModelRequestParameters

    @property
    def text(self) -> str:
        """Returns everything that it reads, as one text."""
        return "\n".join(_text(part) for message in self.messages for part in message.parts)

    @property
    def prompt(self) -> str:
        """Returns the first user text."""
        parts = [part for message in self.messages for part in message.parts if isinstance(part, UserPromptPart)]
        return str(parts[0].content)

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Returns the evidence in the tool results that it sees."""
        backs = [part for message in self.messages for part in message.parts if isinstance(part, ToolReturnPart)]
        found = [
            item for back in backs if isinstance(back.metadata, dict) for item in back.metadata.get("evidence", ())
        ]
        return tuple({item.id: item for item in found}.values())

    @property
    def tools(self) -> list[str]:
        """Returns the tools that it may call, in their order."""
        return [tool.name for tool in self.parameters.function_tools]

    @property
    def endings(self) -> list[str]:
        """Returns the ways to end, or the forms to fill in."""
        return [tool.name for tool in self.parameters.output_tools]

    @property
    def asked_before(self) -> int:
        """Returns how many responses of its own it sees."""
        return sum(isinstance(message, ModelResponse) for message in self.messages)


Said: TypeAlias = ModelResponse | Awaitable[ModelResponse]


class Reactive(OfflineModel):
    """A model that gives what `decide` makes of each request, and keeps what it was shown."""

    def __init__(self, decide: Callable[[Shown], Said], *, name: str = "reactive") -> None:
        super().__init__(name)
        self._decide = decide
        self.shown: list[Shown] = []

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        shown = Shown(tuple(messages), model_settings or ModelSettings(), model_request_parameters)
        self.shown.append(shown)
        said = self._decide(shown)
        return said if isinstance(said, ModelResponse) else await said


def say(text: str, *calls: tuple[str, dict[str, Any]], tokens: tuple[int, int] = (10, 5)) -> ModelResponse:
    """Returns a response that says a text and makes calls."""
    said = [TextPart(text)] if text else []
    made = [ToolCallPart(name, arguments, tool_call_id=f"call-{at}") for at, (name, arguments) in enumerate(calls)]
    usage = RequestUsage(input_tokens=tokens[0], output_tokens=tokens[1])
    return ModelResponse([*said, *made], usage=usage, model_name="reactive")


async def never() -> ModelResponse:
    """Never comes back."""
    await asyncio.Event().wait()
    raise AssertionError


class Findings(Answer):
    """What was found: sentences, each with the evidence it rests on."""

    sentences: tuple[str, ...]
    evidence: tuple[str, ...]

    def claims(self) -> Iterable[Claim]:
        for at, (text, name) in enumerate(zip(self.sentences, self.evidence, strict=True)):
            yield Claim(subject=f"/sentences/{at}", text=text, citations=(Citation(name),))

    def without(self, subjects: Any) -> "Findings | None":
        kept = [at for at in range(len(self.sentences)) if f"/sentences/{at}" not in subjects]
        if not kept:
            return None
        return Findings(
            sentences=tuple(self.sentences[at] for at in kept), evidence=tuple(self.evidence[at] for at in kept)
        )


class Fact(Value):
    number: int
    text: str


def record_fact(number: int, size: int = 40) -> Evidence:
    """Returns the evidence of a fact: `size` characters about its number."""
    text = f"Fact {number} is that {number} times {number} is {number * number}."
    return record_evidence(source="facts 1", locator=str(number), text=text.ljust(size, "."))


def make_facts(size: int = 40, made: list[str] | None = None) -> Callable[[Settings], MCPServer[Any]]:
    """Returns what makes a server that knows a fact of `size` characters about every number.

    The calls that reach it are noted in `made`.
    """
    noted = [] if made is None else made

    def make(settings: Settings) -> MCPServer[Any]:
        server: MCPServer[Any] = MCPServer("facts", log_level="WARNING")

        @server.tool(annotations=ToolAnnotations(read_only_hint=True))
        @tell_errors
        def look_up(number: int) -> Annotated[CallToolResult, Fact]:
            """The fact about a number."""
            noted.append(f"look_up {number}")
            found = record_fact(number, size)
            return tool_result(Fact(number=number, text=found.text), text=found.text, evidence=[found])

        @server.tool(annotations=ToolAnnotations(read_only_hint=True))
        @tell_errors
        def search(query: str) -> Annotated[CallToolResult, Fact]:
            """The fact whose number stands in the query, else that about 0."""
            number = next((int(word) for word in query.split() if word.isdigit()), 0)
            noted.append(f"search {query}")
            found = record_fact(number, size)
            return tool_result(Fact(number=number, text=query), text=f"{query}: {found.text}", evidence=[found])

        return server

    return make


def facts_toolkit(size: int = 40, made: list[str] | None = None) -> Toolkit:
    """Returns the trade of facts; the calls that reach its server are noted in `made`."""
    return Toolkit(
        name="facts",
        summary="Facts about numbers.",
        instructions="Answer with facts.",
        server=make_facts(size, made),
        answer=Findings,
        checks=(),
    )


FACTS = facts_toolkit()


def copilot(home: Path, model: Model, *, toolkit: Toolkit = FACTS, **more: Any) -> Copilot:
    """Returns a copilot of the trade of facts with a clock that stands still."""
    made = Copilot([toolkit], home=home, clock=FrozenClock(), model=model)
    return replace(made, **more)


def give(*evidence: Evidence, text: str = "") -> ModelResponse:
    """Returns the response that ends with these pieces of evidence, each as a sentence."""
    arguments: dict[str, JSON] = {
        "sentences": [item.text.rstrip(".") + "." for item in evidence],
        "evidence": [item.id for item in evidence],
    }
    return say(text, ("give_answer", arguments))


def requests_of(shown: Shown) -> list[ModelRequest]:
    """Returns the requests among the messages."""
    return [message for message in shown.messages if isinstance(message, ModelRequest)]


def _text(part: object) -> str:
    if isinstance(part, ToolCallPart):
        return f"{part.tool_name} {part.args}"
    content = getattr(part, "content", "")
    return content if isinstance(content, str) else str(content)
