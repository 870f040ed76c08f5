"""At any limit, in any mode, the newest observation is shown and an answer is asked for; nothing hangs beyond it."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from mcp.server import MCPServer
from mcp.types import ToolAnnotations
from pydantic_ai.messages import ModelResponse
from pydantic_ai.settings import ToolOrOutput

from metier.limits import Limits
from metier.runtime.events import Event, ToolFinished
from metier.testing import FrozenClock
from metier.toolkit import Settings, Toolkit
from metier.trace import Stop
from tests.sdk.modes.minds import endless
from tests.sdk.modes.reactive import Findings, Reactive, Said, Shown, copilot, give, never, record_fact, say

pytestmark = pytest.mark.anyio
PRICED = "gpt-4o"
LIMITS = {
    "model_calls": Limits(model_calls=4, tool_calls=None, wall_s=None),
    "tool_calls": Limits(model_calls=None, tool_calls=3, wall_s=None),
    "input_tokens": Limits(model_calls=None, input_tokens=2_500, wall_s=None),
    "output_tokens": Limits(model_calls=None, output_tokens=250, wall_s=None),
    "wall_s": Limits(model_calls=None, wall_s=25.0),
    "money_usd": Limits(model_calls=None, money_usd=0.01, wall_s=None),
}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.parametrize("limit", [*LIMITS])
@pytest.mark.parametrize("mode", ["react", "iterative", "resum"])
async def test_row_3_at_each_limit_the_newest_observation_is_kept_and_an_answer_is_asked_for(
    tmp_path: Path, mode: str, limit: str
) -> None:
    clock = FrozenClock()
    think = endless((1_000, 100), PRICED if limit == "money_usd" else "reactive")

    def pass_time(event: Event) -> None:
        clock.advance(9.0 if isinstance(event, ToolFinished) else 0.0)

    model = Reactive(think)
    made = copilot(tmp_path, model, mode=mode, limits=LIMITS[limit], clock=clock)
    result = await made.run("What is known?", on_event=pass_time if limit == "wall_s" else None)
    assert (result.stop, result.trace.reason) == (
        Stop.LIMIT,
        f"The limit {limit} is reached; this is what the run had by then.",
    )
    looked = len(model.shown) - 1
    last = model.shown[-1]
    assert looked >= 2
    assert record_fact(looked).text in last.text  # defect 4: it is not written over
    assert f"The limit {limit} of this run is reached" in last.text
    choice = last.settings["tool_choice"]
    assert isinstance(choice, ToolOrOutput)
    assert choice.function_tools == []
    assert last.tools == model.shown[0].tools  # they stay in the prompt, whose beginning is so kept
    assert isinstance(result.answer, Findings)
    assert result.answer.evidence == (record_fact(looked).id,)


async def test_defect_4_a_model_that_only_calls_at_the_limit_gets_no_tool_and_its_run_is_refused(
    tmp_path: Path,
) -> None:
    def decide(shown: Shown) -> ModelResponse:
        return say("", ("look_up", {"number": len(model.shown)}))

    model = Reactive(decide)
    result = await copilot(tmp_path, model, limits=Limits(model_calls=3, wall_s=None)).run("What is known?")
    assert (result.stop, len(model.shown), len(result.evidence)) == (Stop.LIMIT, 3, 2)
    assert result.refusal is not None


async def test_defect_8_a_model_that_never_answers_is_cut_off_when_the_time_is_up(tmp_path: Path) -> None:
    model = Reactive(lambda shown: never())
    result = await copilot(tmp_path, model, limits=Limits(wall_s=0.01)).run("What is known?")
    assert (result.stop, result.trace.reason) == (Stop.LIMIT, "The limit wall_s is reached.")


async def test_defect_8_a_tool_that_never_answers_is_cut_off_and_what_came_before_is_kept(tmp_path: Path) -> None:
    clock = FrozenClock()

    def make(settings: Settings) -> MCPServer[Any]:
        server: MCPServer[Any] = MCPServer("hanging", log_level="WARNING")

        @server.tool(annotations=ToolAnnotations(read_only_hint=True))
        async def work(hang: bool) -> str:
            """Works, or hangs."""
            if hang:
                await asyncio.Event().wait()
            return "done"

        return server

    kit = Toolkit(name="hanging", summary=".", instructions=".", server=make, answer=Findings, checks=())

    def decide(shown: Shown) -> Said:
        if "End the run now" in shown.text:
            return give(*shown.evidence)
        if shown.evidence:
            clock.advance(10.0)
        return say("", ("work", {"hang": bool(shown.evidence)}))

    model = Reactive(decide)
    made = copilot(tmp_path, model, toolkit=kit, clock=clock, limits=Limits(wall_s=10.0, model_calls=None))
    result = await made.run("What is known?")
    assert result.stop is Stop.LIMIT
    assert "Cut off: The limit wall_s is reached." in model.shown[-1].text
    assert isinstance(result.answer, Findings)
    assert result.answer.sentences == ("done.",)
