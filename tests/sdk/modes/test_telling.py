"""What a run tells while it goes and after: its events in order, its warnings, and no secret in any of them."""

from dataclasses import replace
from pathlib import Path

import pytest
from pydantic_ai.messages import ModelResponse, TextPart

from metier.errors import ServerError
from metier.home import run_folder
from metier.limits import Limits
from metier.runtime.events import (
    BranchFinished,
    BranchStarted,
    Event,
    ModelFinished,
    ModelStarted,
    RunFinished,
    RunStarted,
    RunWarned,
    ToolFinished,
    ToolStarted,
)
from metier.runtime.runs import open_run
from metier.trace import Stop
from tests.sdk.modes.minds import SIZE, is_summary, looker
from tests.sdk.modes.reactive import Reactive, Shown, copilot, facts_toolkit, give, record_fact, say

pytestmark = pytest.mark.anyio
SECRET = "hunter-2222-secret"
TURN = [ModelStarted, ModelFinished, ToolStarted, ToolFinished]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_the_events_of_a_run_are_streamed_in_order_with_its_warnings(tmp_path: Path) -> None:
    lost = record_fact(1)

    def decide(shown: Shown) -> ModelResponse:
        now = len(model.shown)
        if now == 1:
            return say(f"<report>It is [{lost.id}].</report>", ("look_up", {"number": 1}))
        if now == 2:
            return say(f"<report>It is so [{lost.id}].</report>", ("look_up", {"number": 2}))
        return give(*shown.evidence, text="<report>Nothing.</report>")

    model = Reactive(decide)
    events: list[Event] = [event async for event in copilot(tmp_path, model, mode="iterative").stream("What?")]
    kinds = [type(event) for event in events]
    assert kinds == [RunStarted, *TURN, *TURN, ModelStarted, ModelFinished, RunWarned, RunFinished]
    (warned,) = [event for event in events if isinstance(event, RunWarned)]
    assert (warned.path, lost.id in warned.text) == ("3", True)
    finished = events[-1]
    assert isinstance(finished, RunFinished)
    assert [one.text for one in finished.result.trace.warnings] == [warned.text]


async def test_the_events_of_parts_of_a_run_carry_their_names(tmp_path: Path) -> None:
    made = copilot(tmp_path, Reactive(looker(2)), mode="heavy?researchers=2&idle_s=600")
    events = [event async for event in made.stream("What is known?")]
    started = [event.branch for event in events if isinstance(event, BranchStarted)]
    ended = [event.branch for event in events if isinstance(event, BranchFinished)]
    assert sorted(started) == sorted(ended)
    assert len(started) == 2
    paths = {event.path.rpartition("/")[0].split("/")[0] for event in events if isinstance(event, ToolStarted)}
    assert paths == set(started)


@pytest.mark.parametrize("mode", ["react", "iterative", "resum?window=2300", "heavy?researchers=2&idle_s=600"])
async def test_no_secret_is_in_reports_summaries_warnings_branches_or_events(tmp_path: Path, mode: str) -> None:
    think = looker(6, SIZE)

    def decide(shown: Shown) -> ModelResponse:
        if is_summary(shown):
            raise ServerError(f"401 for the key {SECRET}")
        said = think(shown)
        return replace(said, parts=[TextPart(f"<report>{SECRET}</report>"), *said.parts])

    told: list[Event] = []
    kit = facts_toolkit(SIZE)
    made = copilot(tmp_path, Reactive(decide), toolkit=kit, mode=mode, secrets=(SECRET,), limits=Limits(wall_s=None))
    result = await made.run(f"What is known of {SECRET}?", run_id="r", on_event=told.append)
    assert result.stop is Stop.ANSWERED
    assert bool(result.trace.warnings) is mode.startswith("resum")
    assert SECRET not in result.trace.to_json()
    assert SECRET not in repr(told)
    assert SECRET not in repr(open_run("r", tmp_path))
    assert SECRET not in (run_folder(tmp_path, "r") / "trace.json").read_text()
