"""The mode resum: a full window becomes a summary, and nothing is lost by it."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import pytest
from mcp.server import MCPServer
from mcp.types import CallToolResult, ToolAnnotations
from pydantic_ai.messages import ModelResponse

from metier.canonical import canonical_json
from metier.errors import InputError, ModelError, ServerError
from metier.limits import Limits
from metier.modes.resum import ReSum
from metier.modes.window import estimate_tokens
from metier.runtime.runs import replay_run
from metier.servers.result import tool_result
from metier.toolkit import Settings, Toolkit
from metier.trace import Stop, Trace
from tests.sdk.modes.reactive import (
    Fact,
    Findings,
    Reactive,
    Shown,
    copilot,
    facts_toolkit,
    give,
    record_fact,
    requests_of,
    say,
)

pytestmark = pytest.mark.anyio
SIZE = 1_200  # characters of a fact: about 380 tokens
WINDOW = 4_096
BIG = facts_toolkit(SIZE)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def is_summary(shown: Shown) -> bool:
    return "You sum up the work" in shown.prompt


def tokens_of(shown: Shown) -> int:
    """Returns about how many tokens a request has, with all that stands beside its messages."""
    tools = [*shown.parameters.function_tools, *shown.parameters.output_tools]
    beside = [f"{tool.name} {tool.description} {canonical_json(tool.parameters_json_schema)}" for tool in tools]
    told = next(request.instructions for request in requests_of(shown))
    return estimate_tokens("\n".join([str(told), *beside])) + estimate_tokens(shown.text)


def reader(last: int, summarise: str | Exception = "<summary>Facts so far: {ids}</summary>") -> Reactive:
    """Returns a model that looks up a fact a turn, then ends with the newest; `summarise` is what it sums up with."""
    looked: list[int] = []

    def decide(shown: Shown) -> ModelResponse:
        if is_summary(shown):
            if isinstance(summarise, Exception):
                raise summarise
            return say(summarise.replace("{ids}", " ".join(record_fact(at, SIZE).id for at in looked)))
        if len(looked) == last:
            return give(record_fact(looked[-1], SIZE))
        looked.append(len(looked) + 1)
        return say(f"Thought {len(looked)}.", ("look_up", {"number": looked[-1]}), tokens=(0, 0))

    return Reactive(decide)


async def run(home: Path, model: Reactive, **limits: Any) -> Trace:
    mode = f"resum?window={WINDOW}"
    made = copilot(home, model, toolkit=BIG, mode=mode, limits=Limits(wall_s=None, **limits))
    result = await made.run("What is known?")
    assert (await replay_run(result.run, home, toolkits=[BIG])) == result.trace
    return result.trace


async def test_row_8_resum_sums_up_at_90_percent_of_the_window_and_starts_from_the_summary(tmp_path: Path) -> None:
    model = reader(12)
    trace = await run(tmp_path, model)
    assert trace.stop is Stop.ANSWERED
    at = [turn.purpose for turn in trace.turns].index("summary")
    before, after = model.shown[at - 1], model.shown[at + 1]
    assert len(requests_of(before)) == at
    assert len(after.messages) == 1
    assert "Facts so far" in after.prompt
    assert record_fact(1, SIZE).text not in after.text
    most = 0.9 * WINDOW
    sizes = [tokens_of(shown) for shown in model.shown if not is_summary(shown)]
    assert max(sizes) < most  # no prompt is beyond it, tools and instructions counted
    assert max(sizes) + tokens_of(model.shown[1]) - tokens_of(model.shown[0]) >= most  # and the next would have been


async def test_row_8_the_full_history_stays_in_the_trace(tmp_path: Path) -> None:
    trace = await run(tmp_path, reader(12))
    assert [turn.text for turn in trace.turns if turn.text.startswith("Thought")] == [
        f"Thought {at}." for at in range(1, 13)
    ]
    assert len(trace.evidence) == 12


async def test_row_8_the_second_summary_receives_the_first(tmp_path: Path) -> None:
    model = reader(24)
    await run(tmp_path, model)
    first, second = [shown for shown in model.shown if is_summary(shown)][:2]
    assert "Summary of what came before" not in first.prompt
    assert f"Facts so far: {record_fact(1, SIZE).id}" in second.prompt
    assert record_fact(1, SIZE).text not in second.prompt


@pytest.mark.parametrize(
    ("summary", "said"),
    [
        ("<summary></summary>", "empty summary"),
        ("<think>only thoughts</think>", "empty summary"),
        (ServerError("the server is gone"), "the server is gone"),
        (ModelError("nonsense"), "nonsense"),
    ],
    ids=["empty", "only thoughts", "dead server", "broken model"],
)
async def test_row_8_a_failing_summariser_loses_nothing(tmp_path: Path, summary: str | Exception, said: str) -> None:
    model = reader(12, summary)
    trace = await run(tmp_path, model)
    assert trace.stop is Stop.ANSWERED
    assert said in trace.warnings[0].text
    after = next(shown for at, shown in enumerate(model.shown) if at and is_summary(model.shown[at - 1]))
    assert record_fact(1, SIZE).id in after.prompt  # the digest names the evidence
    assert "recall_evidence" in after.tools


async def test_a_summary_never_takes_the_last_call_that_a_limit_leaves(tmp_path: Path) -> None:
    model = reader(9)
    trace = await run(tmp_path, model, model_calls=10)
    assert trace.stop is not Stop.ERROR
    assert not any(is_summary(shown) for shown in model.shown[9:])


async def test_a_run_that_went_on_past_a_failed_summary_resumes_without_asking_for_it_again(tmp_path: Path) -> None:
    model = reader(12, ServerError("gone"))
    made = copilot(tmp_path, model, toolkit=BIG, mode=f"resum?window={WINDOW}", limits=Limits(wall_s=None))
    result = await made.run("What is known?")
    asked = len(model.shown)
    again = await made.resume(result.run)
    assert len(model.shown) == asked
    assert again.trace == result.trace


def test_a_window_that_leaves_no_room_is_refused() -> None:
    with pytest.raises(InputError, match="leaves no room"):
        ReSum(window=100)


@pytest.mark.parametrize("word", ["known ", "汉字"])
async def test_a_summary_of_any_length_and_script_leaves_room_to_go_on(tmp_path: Path, word: str) -> None:
    model = reader(12, f"<summary>{word * 9_000}the end</summary>")
    trace = await run(tmp_path, model)
    assert trace.stop is Stop.ANSWERED
    assert trace.warnings[0].text.startswith("The summary was cut at its beginning by")
    after = next(shown for at, shown in enumerate(model.shown) if at and is_summary(model.shown[at - 1]))
    assert "the end" in after.prompt
    assert tokens_of(after) < 0.9 * WINDOW


async def test_a_dead_tool_server_is_no_failed_summary(tmp_path: Path) -> None:
    def make(settings: Settings) -> MCPServer[Any]:
        server: MCPServer[Any] = MCPServer("dying", log_level="WARNING")

        @server.tool(annotations=ToolAnnotations(read_only_hint=True))
        def read(page: int) -> Annotated[CallToolResult, Fact]:
            """Reads a page; the second is broken."""
            found = record_fact(page, 9_000)
            broken = replace(found, digest="0" * 64)
            return tool_result(Fact(number=page, text=""), text="read", evidence=[broken if page == 2 else found])

        return server

    kit = Toolkit(name="dying", summary=".", instructions=".", server=make, answer=Findings, checks=())
    pages = [("read", {"page": page}) for page in (2, 3, 4, 5, 6)]
    model = Reactive(lambda shown: say("", *pages, tokens=(4_000, 5)))
    made = copilot(tmp_path, model, toolkit=kit, mode=f"resum?window={WINDOW}")
    result = await made.run("What is known?")
    assert (result.stop, result.trace.reason) == (Stop.ERROR, "blame: server")
    assert len(model.shown) == 1
    assert result.trace.warnings == ()
