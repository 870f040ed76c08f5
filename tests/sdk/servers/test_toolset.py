"""The tools of servers, in the hands of an agent: evidence beside the text, failures told, dead servers not hidden."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Self

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcp import StdioServerParameters
from mcp.server import MCPServer
from mcp.types import CallToolResult
from pydantic_ai import Agent
from pydantic_ai.messages import ModelMessage, ModelRequest, ModelResponse, TextPart, ToolCallPart, ToolReturnPart
from pydantic_ai.models.function import AgentInfo, FunctionModel

from metier.answer import Value
from metier.canonical import JSON
from metier.errors import InputError, ServerError, ToolError
from metier.evidence import record_evidence
from metier.servers.connection import Connection
from metier.servers.naming import name_tools
from metier.servers.result import tell_errors, tool_result
from metier.servers.source import PLAIN, CallContext
from metier.servers.tool import ToolResult, ToolSpec
from metier.servers.toolset import ConnectionToolset

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(60)]

FRAIL = Path(__file__).with_name("frail_server.py")
TOWN = record_evidence(source="register", locator="towns/1", value={"name": "Ordino"})


class Town(Value):
    """A town."""

    name: str


def make_server() -> MCPServer[Any]:
    server: MCPServer[Any] = MCPServer("towns")

    @server.tool()
    @tell_errors
    async def town(name: str) -> Annotated[CallToolResult, Town]:
        "The town of that name."
        if name != "Ordino":
            raise InputError(f"No town {name!r}.", hint="Try 'Ordino'.")
        return tool_result(Town(name=name), text="Ordino, a town.", evidence=[TOWN])

    return server


def caller(*calls: ToolCallPart) -> FunctionModel:
    """A model that makes one call per turn and then says what it read."""

    async def answer(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        done = returns(messages)
        if len(done) < len(calls):
            return ModelResponse(parts=[calls[len(done)]])
        return ModelResponse(parts=[TextPart(" | ".join(str(part.content) for part in done))])

    return FunctionModel(answer)


def returns(messages: Sequence[ModelMessage]) -> list[ToolReturnPart]:
    return [
        part
        for message in messages
        if isinstance(message, ModelRequest)
        for part in message.parts
        if isinstance(part, ToolReturnPart)
    ]


def spec(name: str) -> ToolSpec:
    return ToolSpec(name, "", {"type": "object"}, None, repeatable=False, read_only=False)


async def test_the_model_reads_the_text_and_the_run_keeps_evidence_and_value() -> None:
    agent = Agent(caller(ToolCallPart("town", {"name": "Ordino"})))
    result = await agent.run("go", toolsets=[ConnectionToolset([Connection("towns", make_server())])])
    (part,) = returns(result.all_messages())
    assert result.output == "Ordino, a town."
    assert part.metadata["evidence"] == [TOWN]
    assert part.metadata["value"] == {"name": "Ordino"}
    assert part.metadata["server"] == "towns"


async def test_a_tools_failure_is_told_to_the_model_which_goes_on_as_often_as_it_likes() -> None:
    calls = [ToolCallPart("town", {"name": f"Nowhere {n}"}) for n in range(8)]
    result = await Agent(caller(*calls)).run("go", toolsets=[ConnectionToolset([Connection("towns", make_server())])])
    assert result.output.count("No town 'Nowhere") == 8
    assert {part.outcome for part in returns(result.all_messages())} == {"failed"}


async def test_a_dead_server_ends_the_run_as_what_it_is(tmp_path: Path) -> None:
    target = StdioServerParameters(command=sys.executable, args=[str(FRAIL), str(tmp_path / "log")])
    toolset = ConnectionToolset([Connection("frail", target, delays_s=(0.0,))])
    with pytest.raises(ServerError, match="frail"):
        await Agent(caller(ToolCallPart("book_and_die", {}))).run("go", toolsets=[toolset])


async def test_the_schema_of_a_tool_reaches_the_model() -> None:
    async with ConnectionToolset([Connection("towns", make_server())]) as toolset:
        tools = await toolset.tools()
    server, found = tools["town"]
    assert server == "towns"
    assert found.input_schema["required"] == ["name"]


async def test_tools_of_the_same_name_on_two_servers_both_can_be_called() -> None:
    connections = [Connection("north", make_server()), Connection("south", make_server())]
    async with ConnectionToolset(connections) as toolset:
        assert set(await toolset.tools()) == {"north_town", "south_town"}
        assert (await toolset.call("south_town", {"name": "Ordino"})).text == "Ordino, a town."


class Listed:
    """A source that lists what a test tells it to, answers every call by the name of the tool, and counts listings."""

    def __init__(self, name: str, *tools: str) -> None:
        self.name = name
        self.tools_now: tuple[ToolSpec, ...] | None = tuple(spec(tool) for tool in tools)
        self.listings = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *details: object) -> None:
        return None

    async def tools(self) -> tuple[ToolSpec, ...]:
        self.listings += 1
        if self.tools_now is None:
            raise ServerError(f"{self.name} is dead.")
        return self.tools_now

    async def call(self, tool: str, arguments: Mapping[str, JSON], context: CallContext = PLAIN) -> ToolResult:
        return ToolResult(f"{self.name}/{tool}", None, (), is_error=False)


async def test_tools_are_named_anew_only_when_a_server_lists_others() -> None:
    north, south = Listed("north", "town"), Listed("south", "river")
    toolset = ConnectionToolset([north, south])
    named = await toolset.tools()
    assert await toolset.tools() is named
    south.tools_now = (spec("town"),)
    assert set(await toolset.tools()) == {"north_town", "south_town"}


async def test_a_call_asks_no_other_server_what_it_has() -> None:
    north, south = Listed("north", "town"), Listed("south", "river")
    toolset = ConnectionToolset([north, south])
    await toolset.tools()
    south.tools_now = None
    assert (await toolset.call("town", {})).text == "north/town"
    assert south.listings == 1


async def test_a_tool_that_is_called_before_it_was_listed_is_looked_for() -> None:
    toolset = ConnectionToolset([Listed("north", "town")])
    assert (await toolset.call("town", {})).text == "north/town"
    with pytest.raises(ToolError, match="no tool 'river'"):
        await toolset.call("river", {})


def test_two_servers_of_the_same_name_are_refused() -> None:
    with pytest.raises(InputError, match="same name"):
        ConnectionToolset([Connection("a", make_server()), Connection("a", make_server())])


@given(st.dictionaries(st.text(max_size=70), st.lists(st.text(max_size=70), unique=True, max_size=4), max_size=4))
def test_every_tool_has_a_name_of_its_own_that_a_model_may_call(names: dict[str, list[str]]) -> None:
    named = name_tools({server: [spec(name) for name in tools] for server, tools in names.items()})
    assert sorted((server, found.name) for server, found in named.values()) == sorted(
        (server, name) for server, tools in names.items() for name in tools
    )
    assert all(1 <= len(name) <= 64 and name.isascii() for name in named)


def test_a_name_is_left_alone_where_it_is_the_only_one() -> None:
    assert list(name_tools({"a": [spec("x")], "b": [spec("y")]})) == ["x", "y"]
