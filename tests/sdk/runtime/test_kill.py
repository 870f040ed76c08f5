"""Kill the process anywhere: the run goes on, and no finished call is made again. Counted at model and tools."""

import signal
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from metier.runtime.effects.permission import UNKNOWN
from metier.runtime.runs import open_trace, replay
from metier.trace import Stop
from tests.sdk.runtime.forking import Forks
from tests.sdk.runtime.killed import ROUNDS, make_server
from tests.sdk.runtime.toy import TOY, memo_of

KILLED, COUNTED, FULL = (f"tests.sdk.runtime.{name}" for name in ("killed", "counted", "full"))
RUN = ("metier.runtime.copilot", "metier.testing", "tests.sdk.runtime.toy")
LOADED_IN_A_RUN = ("anyio._backends._asyncio", "genai_prices.data", "jsonschema", "rich.logging")
Act = Callable[..., int]
POINTS = [
    "model 0 begins",
    "town 0 begins",
    "memo 0 ends",
    "model 1 begins",
    "town 1 ends",
    "memo 2 begins",
    "model 3 ends",
]


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    """Starts programs that share only what they import."""
    with Forks(*RUN, *LOADED_IN_A_RUN) as parent:
        yield parent


@pytest.fixture
def act(forks: Forks, tmp_path: Path) -> Act:
    """Begins or resumes a run in a process of its own, which dies where it is told to; returns the exit code."""
    return lambda action, die_at="": forks.run(KILLED, str(tmp_path), "r", action, DIE_AT=die_at)[0]


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_run_resumes_to_the_same_answer_and_repeats_no_finished_call(
    tmp_path: Path, act: Act, point: str
) -> None:
    assert act("begin", point) == -signal.SIGKILL
    trace = open_trace("r", tmp_path)
    assert trace.stop is Stop.CANCELLED
    before = (tmp_path / "effects.log").read_text().splitlines()
    kept = {f"model {at}" for at in range(len(trace.turns))}
    kept |= {f"{call.tool} {at}" for at, turn in enumerate(trace.turns) for call in turn.calls if not call.is_error}

    assert act("resume") == 0
    after = (tmp_path / "effects.log").read_text().splitlines()[len(before) :]
    again = {line.removesuffix(" begins") for line in after if line.endswith(" begins")}
    assert again & kept == set()
    every = {f"model {at}" for at in range(ROUNDS + 1)}
    every |= {f"{tool} {at}" for tool in ("town", "memo") for at in range(ROUNDS)}
    assert again | kept == every
    assert max(Counter(after).values()) == 1
    assert (tmp_path / "answer.json").read_text() == memo_of("Arvel").model_dump_json()

    calls = (tmp_path / "effects.log").read_text()
    replayed = replay("r", tmp_path, toolkits=[replace(TOY, server=make_server)])
    assert replayed.to_json() == open_trace("r", tmp_path).to_json()
    assert (tmp_path / "effects.log").read_text() == calls


def test_a_run_killed_again_and_again_makes_every_call_once_that_came_back(tmp_path: Path, act: Act) -> None:
    assert act("begin", "model 0 ends") == -signal.SIGKILL
    for point in ("town 0 ends", "memo 1 begins", "model 2 begins", "town 2 begins"):
        assert act("resume", point) == -signal.SIGKILL
    assert act("resume") == 0
    assert (tmp_path / "answer.json").read_text() == memo_of("Arvel").model_dump_json()
    assert open_trace("r", tmp_path).usage.per_tool == {"memo": ROUNDS, "town": ROUNDS}


def test_two_processes_cannot_work_on_one_run(act: Act) -> None:
    assert act("begin", "model 1 begins") == -signal.SIGKILL
    assert act("resume") == 0
    assert act("begin") == 1


def test_a_run_killed_by_its_own_stdio_server_repeats_only_the_call_that_had_not_come_back(
    tmp_path: Path, forks: Forks
) -> None:
    assert forks.run(COUNTED, str(tmp_path), "begin", DIE_AT="2") == (-signal.SIGKILL, "")
    assert forks.run(COUNTED, str(tmp_path), "resume", DIE_AT="") == (0, "")
    assert (tmp_path / "outcome").read_text() == "counted 4"
    assert (tmp_path / "server.log").read_text().split() == ["0", "1", "2", "2", "3"]
    assert (tmp_path / "model.log").read_text().split() == ["0", "1", "2", "3", "4"]


def test_a_call_that_may_change_something_is_not_made_again_after_the_run_died_in_it(
    tmp_path: Path, forks: Forks
) -> None:
    assert forks.run(COUNTED, str(tmp_path), "begin", TOOL="book", DIE_AT="2")[0] < 0
    assert forks.run(COUNTED, str(tmp_path), "resume", TOOL="book", DIE_AT="")[0] == 0
    assert (tmp_path / "server.log").read_text().split() == ["0", "1", "2", "3"]
    (doubtful,) = [call for turn in open_trace("r", tmp_path).turns for call in turn.calls if call.is_error]
    assert (doubtful.arguments, doubtful.text) == ({"number": 2}, UNKNOWN)
    replayed = replay("r", tmp_path, toolkits=[TOY])
    assert replayed.to_json() == open_trace("r", tmp_path).to_json()


def test_a_disk_that_gets_full_is_one_clear_line_and_loses_nothing(tmp_path: Path, forks: Forks) -> None:
    code, said = forks.run(FULL, str(tmp_path), "begin", "150000")
    assert (code, said.count("\n")) == (2, 1)
    assert "Free some space or fix its permissions, then resume the run." in said
    _, resumed = forks.run(FULL, str(tmp_path), "resume")
    assert resumed == "answered {'page': 6, 'town': 1}\n"
