"""What a toolkit's tool returns arrives whole: value, text, evidence, schema."""

from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcp import Client
from mcp.server import MCPServer
from mcp.types import CallToolResult, TextContent

from metier.answer import Value
from metier.canonical import JSON
from metier.errors import InputError, ServerError
from metier.evidence import record_evidence
from metier.servers.result import EVIDENCE_KEY, read_evidence, tell_errors, tool_result

pytestmark = pytest.mark.anyio


class Town(Value):
    """A town."""

    name: str
    people: int
    parts: tuple[str, ...] = ()


def make_server() -> MCPServer[Any]:
    server: MCPServer[Any] = MCPServer("towns")

    @server.tool()
    @tell_errors
    def town(name: str) -> Annotated[CallToolResult, Town]:
        "The town of that name."
        if name == "Nowhere":
            raise InputError("No town 'Nowhere'.", hint="Try 'Ordino'.")
        found = Town(name=name, people=12, parts=("old", "new"))
        record = record_evidence(source="register 1", locator=name, value=found.model_dump(mode="json"))
        return tool_result(found, text=f"{name}: 12", evidence=[record])

    @server.tool()
    @tell_errors
    async def later(name: str) -> Annotated[CallToolResult, Town]:
        "The town of that name, later."
        raise InputError(f"No town {name!r}.")

    return server


async def test_a_result_carries_its_value_its_text_and_its_evidence() -> None:
    async with Client(make_server()) as client:
        result = await client.call_tool("town", {"name": "Ordino"})
    assert result.structured_content == {"name": "Ordino", "people": 12, "parts": ["old", "new"]}
    assert isinstance(result.content[0], TextContent)
    assert result.content[0].text == "Ordino: 12"
    evidence = read_evidence(result.meta)
    assert evidence == (record_evidence(source="register 1", locator="Ordino", value=result.structured_content),)


async def test_the_declared_model_is_published_as_output_schema() -> None:
    async with Client(make_server()) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    schema = tools["town"].output_schema
    assert schema is not None
    assert set(schema["properties"]) == {"name", "people", "parts"}


@pytest.mark.parametrize(("tool", "name"), [("town", "Nowhere"), ("later", "Nowhere")])
async def test_an_error_of_metier_is_told_with_its_hint(tool: str, name: str) -> None:
    async with Client(make_server()) as client:
        result = await client.call_tool(tool, {"name": name})
    assert result.is_error
    assert isinstance(result.content[0], TextContent)
    assert "No town 'Nowhere'." in result.content[0].text


def test_a_result_without_the_key_carries_no_evidence() -> None:
    assert read_evidence(None) is None
    assert read_evidence({"other": 1}) is None


def test_an_empty_list_of_evidence_is_not_the_same_as_none() -> None:
    assert read_evidence({EVIDENCE_KEY: []}) == ()


def test_evidence_that_was_changed_on_its_way_is_refused() -> None:
    result = tool_result(Town(name="A", people=1), "A", evidence=[record_evidence(source="s", locator="l", value=1)])
    assert result.meta is not None
    result.meta[EVIDENCE_KEY][0]["value"] = 2
    with pytest.raises(ServerError, match="digest"):
        read_evidence(result.meta)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
        max_leaves=8,
    )
)
def test_hostile_evidence_is_a_server_error_and_nothing_else(value: JSON) -> None:
    try:
        found = read_evidence({EVIDENCE_KEY: value})
    except ServerError:
        return
    assert found == ()
