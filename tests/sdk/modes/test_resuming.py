"""Every mode, killed after any of its effects, goes on to the same trace and makes no finished call again."""

from collections import Counter
from pathlib import Path

import pytest
from pydantic_ai.messages import ModelResponse

from metier.errors import ServerError
from metier.limits import Limits
from metier.runtime.copilot import Copilot
from metier.runtime.runs import replay_run
from metier.testing import refuse_network
from metier.trace import Stop, Trace
from tests.sdk.modes.cutting import cut_journal, effects_of, untimed
from tests.sdk.modes.minds import SIZE, Mind, is_summary, looker
from tests.sdk.modes.reactive import Reactive, Shown, copilot, facts_toolkit

pytestmark = pytest.mark.anyio
ASK = "What is known?"
LAST = 6
MODES = ["react", "iterative", "resum?window=2300"]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def begin(home: Path, mode: str, mind: Mind, made: list[str] | None = None) -> tuple[Copilot, Reactive]:
    model = Reactive(mind)
    toolkit = facts_toolkit(SIZE, made)
    return copilot(home, model, toolkit=toolkit, mode=mode, limits=Limits(wall_s=None)), model


def dying(mind: Mind, *, after: int) -> Mind:
    """Returns a model that dies at the call after so many."""
    left = iter(range(after))

    def think(shown: Shown) -> ModelResponse:
        if next(left, None) is None:
            raise ServerError("the model is gone")
        return mind(shown)

    return think


async def whole_run(home: Path, mode: str, mind: Mind) -> Trace:
    made, _ = begin(home, mode, mind)
    return (await made.run(ASK, run_id="r")).trace


@pytest.mark.parametrize("mode", MODES)
async def test_a_run_killed_after_any_effect_resumes_to_the_same_trace_and_repeats_no_finished_call(
    tmp_path: Path, mode: str
) -> None:
    mind = looker(LAST, SIZE)
    trace = await whole_run(tmp_path / "whole", mode, mind)
    assert trace.stop is Stop.ANSWERED
    effects = effects_of(tmp_path / "whole", "r")
    assert ("summary" in {turn.purpose for turn in trace.turns}) is mode.startswith("resum")
    for kept in range(len(effects)):
        home = tmp_path / str(kept)
        cut_journal(tmp_path / "whole", "r", kept, home)
        reached: list[str] = []
        again, model = begin(home, mode, mind, reached)
        assert untimed((await again.resume("r")).trace) == untimed(trace)
        left = Counter("tool" if "/tool/" in path else path.rpartition("/")[2] for path in effects[kept:])
        assert (len(model.shown), len(reached)) == (left["model"], left["tool"]), effects[:kept]


@pytest.mark.parametrize("mode", MODES)
async def test_a_model_that_dies_at_any_call_leaves_a_run_that_resumes_to_the_same_answer(
    tmp_path: Path, mode: str
) -> None:
    mind = looker(LAST, SIZE)
    trace = await whole_run(tmp_path / "whole", mode, mind)
    for at, turn in enumerate(trace.turns):
        if turn.purpose:  # a summary that fails is passed over
            continue
        home = tmp_path / str(at)
        first, _ = begin(home, mode, dying(mind, after=at))
        broken = await first.run(ASK, run_id="r")
        assert (broken.stop, broken.trace.turns[-1].text) == (Stop.ERROR, "")  # defect 3: a failure is never text
        again, _ = begin(home, mode, mind)
        assert untimed((await again.resume("r")).trace) == untimed(trace)


async def test_a_summariser_failure_that_the_run_has_passed_stays_passed(tmp_path: Path) -> None:
    mode = MODES[-1]

    def failing(shown: Shown) -> ModelResponse:
        if is_summary(shown):
            raise ServerError("no summary today")
        return looker(LAST, SIZE)(shown)

    trace = await whole_run(tmp_path / "whole", mode, failing)
    effects = effects_of(tmp_path / "whole", "r")
    warned = [at for at, path in enumerate(effects) if path.endswith("/warning/0")]
    assert len(warned) == len(trace.warnings) > 0
    for kept in range(warned[-1] + 1, len(effects)):
        home = tmp_path / str(kept)
        cut_journal(tmp_path / "whole", "r", kept, home)
        again, model = begin(home, mode, looker(LAST, SIZE))
        assert untimed((await again.resume("r")).trace) == untimed(trace)
        assert not any(is_summary(shown) for shown in model.shown)
    cut_journal(tmp_path / "whole", "r", warned[0], tmp_path / "before")
    again, model = begin(tmp_path / "before", mode, looker(LAST, SIZE))
    result = await again.resume("r")  # the run had not gone on: the summary is asked for again
    assert is_summary(model.shown[0])
    assert (result.stop, result.trace.warnings) == (Stop.ANSWERED, ())


@pytest.mark.parametrize("mode", [*MODES, "heavy?researchers=2&idle_s=600"])
async def test_row_28_determinism_a_replay_without_network_gives_equal_bytes(tmp_path: Path, mode: str) -> None:
    traces = [await whole_run(tmp_path / str(at), mode, looker(LAST, SIZE)) for at in range(3)]
    assert len({untimed(trace) for trace in traces}) == 1
    with refuse_network():
        replayed = await replay_run("r", tmp_path / "0", toolkits=[facts_toolkit(SIZE)])
    assert replayed.to_json() == traces[0].to_json()
