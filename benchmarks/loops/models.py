"""The loops over pydantic-ai's model interface: its OpenAI model and ours, alone, in its agent, and in metier."""

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mcp.server import MCPServer
from mcp.types import ToolAnnotations
from openai import AsyncOpenAI
from pydantic_ai import Agent
from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    SystemPromptPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.tools import ToolDefinition
from pydantic_ai.usage import UsageLimits

from benchmarks.loops.plain import ASKED, DESCRIPTION, SCHEMA, TOLD, TOOL, Marks, see
from metier import Answer, Citation, Claim, Copilot, Limits, Toolkit
from metier.check import CITED
from metier.toolkit import Settings
from metier_sglang import CompatibleModel, SglangModel


class SkippingModel(OpenAIChatModel):
    """pydantic-ai's OpenAI model with messages and tools handed over in `extra_body`, which the client leaves alone."""

    async def _completions_create(self, *args: Any, **options: Any) -> Any:
        client = self.client.chat.completions
        create = client.create

        async def skip(*, messages: Any, tools: Any, extra_body: Any = None, **rest: Any) -> Any:
            return await create(
                messages=[], extra_body={**(extra_body or {}), "messages": messages, "tools": tools}, **rest
            )

        client.create = skip  # type: ignore[method-assign, assignment]
        try:
            return await super()._completions_create(*args, **options)
        finally:
            del client.create


def openai_model(url: str) -> Model:
    """Returns pydantic-ai's model for the server."""
    return OpenAIChatModel(
        "fake", provider=OpenAIProvider(openai_client=AsyncOpenAI(base_url=f"{url}/v1", api_key="n"))
    )


def skipping_model(url: str) -> Model:
    """Returns the same without the client's walk through the request."""
    return SkippingModel("fake", provider=OpenAIProvider(openai_client=AsyncOpenAI(base_url=f"{url}/v1", api_key="n")))


def native_model(url: str, folder: Path) -> Model:
    """Returns our model over the native route."""
    return SglangModel(url, tokenizer=folder)


def compatible_model(url: str) -> Model:
    """Returns our model over the OpenAI-compatible route."""
    return CompatibleModel(f"{url}/v1", "fake")


async def loop_model(model: Model, steps: int, marks: Marks) -> None:
    """Runs the loop over `Model.request` alone."""
    parameters = ModelRequestParameters(
        function_tools=[ToolDefinition(name=TOOL, description=DESCRIPTION, parameters_json_schema=SCHEMA)]
    )
    messages: list[ModelMessage] = [ModelRequest([SystemPromptPart(TOLD), UserPromptPart(ASKED)])]
    for _ in range(steps + 1):
        said = await model.request(messages, None, parameters)
        marks.add()
        calls = [part for part in said.parts if isinstance(part, ToolCallPart)]
        if not calls:
            break
        returns = [ToolReturnPart(call.tool_name, see(call.args_as_dict()["at"]), call.tool_call_id) for call in calls]
        messages += [said, ModelRequest(returns)]


async def loop_agent(model: Model, steps: int, marks: Marks) -> None:
    """Runs the loop in pydantic-ai's agent."""

    async def look(at: int) -> str:
        """Returns what is to be seen at a place."""
        marks.add()
        return see(at)

    agent = Agent(model, instructions=TOLD, tools=[look])
    await agent.run(ASKED, usage_limits=UsageLimits(request_limit=None))
    marks.add()


class Done(Answer):
    """The answer of the measured toolkit."""

    said: str
    citations: tuple[Citation, ...] = ()

    def claims(self) -> Iterable[Claim]:
        """Returns nothing to cite: the measure is of the loop."""
        return ()


async def loop_metier(model: Model, steps: int, marks: Marks) -> None:
    """Runs the loop as a run of metier: the tool over MCP, each step journaled on disk, an answer under a check."""

    def serve(settings: Settings) -> MCPServer[Any]:
        server: MCPServer[Any] = MCPServer("looking", log_level="WARNING")

        @server.tool(annotations=ToolAnnotations(read_only_hint=True))
        def look(at: int) -> str:
            """Returns what is to be seen at a place."""
            marks.add()
            return see(at)

        return server

    toolkit = Toolkit(
        name="looking",
        summary="Looks.",
        instructions=TOLD,
        server=serve,
        answer=Done,
        checks=(CITED,),
    )
    with TemporaryDirectory() as home:
        limits = Limits(model_calls=None, tool_calls=None, wall_s=None)
        result = await Copilot([toolkit], model=model, limits=limits, home=Path(home)).run(ASKED)
        marks.add()
        if result.answer is None:
            raise SystemExit(f"The measured run gave no answer: {result.trace.error or result.trace.reason}")
