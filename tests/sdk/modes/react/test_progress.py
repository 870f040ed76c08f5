"""The loop detector looks for lack of new evidence, not for calls that are alike."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mcp.server import MCPServer
from mcp.types import ToolAnnotations
from pydantic_ai.messages import ModelResponse

from metier.errors import InputError
from metier.limits import Pace
from metier.modes.iterative import Iterative
from metier.modes.progress import Progress
from metier.modes.react import React
from metier.modes.resum import ReSum
from metier.toolkit import Settings, Toolkit
from metier.trace import Stop
from tests.sdk.modes.reactive import Findings, Reactive, Shown, copilot, give, record_fact, say

TOLD = "brought no evidence that was not there before"
STOPPED = "No tool has returned anything new for too long"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def caller(last: int, query: str) -> Reactive:
    """Returns a model that searches `last` times, and ends with what it sees when it is told to or has done so."""

    def decide(shown: Shown) -> ModelResponse:
        if STOPPED in shown.text or len(model.shown) > last:
            return give(*shown.evidence[:1])
        return say("", ("search", {"query": query.format(len(model.shown))}))

    model = Reactive(decide)
    return model


@pytest.mark.anyio
@pytest.mark.parametrize("mode", ["react", "iterative", "resum"])
async def test_different_calls_with_known_results_are_told_of_and_then_ended(tmp_path: Path, mode: str) -> None:
    def decide(shown: Shown) -> ModelResponse:
        if STOPPED in shown.text:
            return give(record_fact(1))
        number = len(model.shown)
        return say("", ("look_up", {"number": 1}), *[("look_up", {"number": 1})] * (number % 3))

    model = Reactive(decide)
    result = await copilot(tmp_path, model, mode=f"{mode}?patience=3").run("What is known?")
    told = [at for at, shown in enumerate(model.shown) if TOLD in shown.text]
    assert told[0] == 4  # one turn that brought it, then three that did not
    assert len(model.shown) == 8  # told after three, ended after six
    assert (result.stop, result.trace.reason) == (
        Stop.LIMIT,
        "The limit progress is reached; this is what the run had by then.",
    )
    assert result.answer is not None


@pytest.mark.anyio
async def test_polling_with_the_same_call_and_changing_results_never_trips_it(tmp_path: Path) -> None:
    polled: list[int] = []

    def make(settings: Settings) -> MCPServer[Any]:
        server: MCPServer[Any] = MCPServer("queue", log_level="WARNING")

        @server.tool(annotations=ToolAnnotations(read_only_hint=False, idempotent_hint=True))
        def poll() -> str:
            """How far the job is."""
            polled.append(1)
            return f"{len(polled)} percent"

        return server

    kit = Toolkit(name="queue", summary=".", instructions=".", server=make, answer=Findings, checks=())

    async def allow(_: object) -> bool:
        return True

    def decide(shown: Shown) -> ModelResponse:
        return give(*shown.evidence[-1:]) if len(polled) == 30 else say("", ("poll", {}))

    model = Reactive(decide)
    result = await copilot(tmp_path, model, toolkit=kit, mode="react?patience=2", approve=allow).run("Is it done?")
    assert (result.stop, len(polled)) == (Stop.ANSWERED, 30)
    assert not any(TOLD in shown.text for shown in model.shown)


@pytest.mark.anyio
async def test_without_patience_nothing_is_told(tmp_path: Path) -> None:
    model = caller(25, "1")
    result = await copilot(tmp_path, model, mode="react?patience=0").run("What is known?")
    assert (result.stop, len(model.shown)) == (Stop.ANSWERED, 26)
    assert not any(TOLD in shown.text for shown in model.shown)


@given(st.integers(0, 5), st.lists(st.integers(0, 2), max_size=30))
@settings(max_examples=60, deadline=None)
def test_the_pace_is_that_of_the_turns_since_something_new_came(patience: int, fresh: list[int]) -> None:
    progress = Progress(patience)
    paces = [progress.see(count) for count in fresh]
    for at, pace in enumerate(paces):
        since = next((back for back, count in enumerate(reversed(fresh[: at + 1])) if count), at + 1)
        stale = min(since, at + 1)
        expected = Pace.GO if not patience or stale < patience else Pace.CONCLUDE
        assert pace is (Pace.STOP if patience and stale >= 2 * patience else expected)


@pytest.mark.parametrize("kind", [React, Iterative, ReSum])
def test_a_patience_below_zero_is_refused(kind: Any) -> None:
    with pytest.raises(InputError, match="patience"):
        kind(patience=-1)
