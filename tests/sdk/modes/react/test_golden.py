"""React: the exact messages of a run, and that a tool is found by its whole name."""

from pathlib import Path
from typing import Annotated, Any

import pytest
from mcp.server import MCPServer
from mcp.types import CallToolResult, ToolAnnotations
from pydantic_ai.messages import ModelMessage, ModelResponse

from metier.canonical import canonical_json
from metier.evidence import record_evidence
from metier.runtime.copilot import Copilot
from metier.servers.result import tool_result
from metier.testing import FrozenClock
from metier.toolkit import Settings, Toolkit
from metier.trace import Stop
from tests.sdk.modes.reactive import FACTS, Fact, Findings, Reactive, Shown, copilot, give, requests_of, say

pytestmark = pytest.mark.anyio
URL = "wiki://dorn/Arvel"
PAGE = record_evidence(source="wiki", locator=URL, text="Arvel was founded in 1204.")
GOLDEN = [
    ["user-prompt", "", "When was Arvel founded?\n(Today is 2026-12-01, UTC.)"],
    ["text", "", "I search."],
    ["tool-call", "search", {"query": ["Arvel founded"]}],
    ["tool-return", "search", '<tool-result tool="search">\n1. wiki://dorn/Arvel\n</tool-result>'],
    ["tool-call", "visit", {"goal": "the year", "url": URL}],
    [
        "tool-return",
        "visit",
        '<tool-result tool="visit">\nread\n[evidence ev-299a0fc212d143c4] wiki wiki://dorn/Arvel: '
        "Arvel was founded in 1204.\n</tool-result>",
    ],
]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def make_server(settings: Settings) -> MCPServer[Any]:
    server: MCPServer[Any] = MCPServer("web", log_level="WARNING")

    @server.tool(annotations=ToolAnnotations(read_only_hint=True))
    def search(query: list[str]) -> Annotated[CallToolResult, Fact]:
        """Searches."""
        return tool_result(Fact(number=1, text=query[0]), text=f"1. {URL}", evidence=[])

    @server.tool(annotations=ToolAnnotations(read_only_hint=True))
    def visit(url: str, goal: str) -> Annotated[CallToolResult, Fact]:
        """Reads a page."""
        return tool_result(Fact(number=1, text=PAGE.text), text="read", evidence=[PAGE])

    return server


WEB = Toolkit(name="web", summary="A web.", instructions="Search.", server=make_server, answer=Findings, checks=())


def research(shown: Shown) -> ModelResponse:
    match shown.asked_before:
        case 0:
            return say("I search.", ("search", {"query": ["Arvel founded"]}))
        case 1:
            return say("", ("visit", {"url": URL, "goal": "the year"}))
    return give(PAGE)


def transcript(messages: tuple[ModelMessage, ...]) -> list[list[Any]]:
    parts = [part for message in messages for part in message.parts]
    return [
        [part.part_kind, getattr(part, "tool_name", ""), getattr(part, "args", None) or getattr(part, "content", "")]
        for part in parts
    ]


async def test_row_1_react_search_visit_answer_is_the_golden_transcript_in_three_runs(tmp_path: Path) -> None:
    seen: list[str] = []
    for at in range(3):
        model = Reactive(research)
        made = Copilot([WEB], model=model, home=tmp_path / str(at), clock=FrozenClock())
        result = await made.run("When was Arvel founded?", run_id="r")
        assert [len(shown.messages) for shown in model.shown] == [1, 3, 5]
        assert [request.instructions for request in requests_of(model.shown[2])].count(None) == 0
        assert (result.stop, result.trace.reason) == (Stop.ANSWERED, "")  # one label, and why is not left open
        seen.append(canonical_json(transcript(model.shown[2].messages)))
    assert seen == [canonical_json(GOLDEN)] * 3


async def test_row_4_no_name_substring_routing_a_query_with_python_in_it_reaches_search(tmp_path: Path) -> None:
    def decide(shown: Shown) -> ModelResponse:
        if shown.evidence:
            return give(*shown.evidence)
        return say("<code>print(1)</code>", ("search", {"query": "Monty Python 7 PythonInterpreter"}))

    result = await copilot(tmp_path, Reactive(decide)).run("Who was in Monty Python?")
    (called,) = [call for turn in result.trace.turns for call in turn.calls if call.server != "metier"]
    assert (called.tool, called.is_error) == ("search", False)
    assert called.text.startswith("Monty Python 7 PythonInterpreter: Fact 7")
    assert FACTS.name in result.trace.task.toolkits


async def test_defect_5_arguments_are_kept_as_json_and_a_circle_in_them_is_an_error_with_a_name(tmp_path: Path) -> None:
    def decide(shown: Shown) -> ModelResponse:
        circle: dict[str, Any] = {"number": 1}
        circle["params"] = circle
        return say("", ("look_up", circle))

    result = await copilot(tmp_path, Reactive(decide)).run("What is known?")
    assert (result.stop, "not JSON" in result.trace.error) == (Stop.ERROR, True)
    assert type(result.trace).from_json(result.trace.to_json()) == result.trace
