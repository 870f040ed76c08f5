"""The travel copilot, end to end, on a tiny model: real tool calls over MCP, and checks that catch a bad answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from metier.runtime.events import Event, Objected
from metier.runtime.result import Result
from metier.trace import Stop
from metier_maps.itinerary import Itinerary
from metier_sglang.fake.flags import Flags
from metier_sglang.fake.server import FakeServer
from tests.adapters.sglang.contract.conftest import REAL
from tests.adapters.sglang.contract.target import Target
from tests.adapters.sglang.tiny.travel import FORGOTTEN, LIMIT_S, LONG, ask, make_home, travel_reply

Run = tuple[Result, list[Event]]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_home(tmp_path_factory.mktemp("home"))


@contextmanager
def served(kind: str, request: pytest.FixtureRequest) -> Iterator[tuple[str, Path]]:
    """Gives the URL and the checkpoint of the server that plays the episode."""
    if kind == "real":
        target: Target = request.getfixturevalue("real_target")
        yield target.url, target.folder
    else:
        folder: Path = request.getfixturevalue("fake_folder")
        with FakeServer(folder, travel_reply, flags=Flags(context=LONG)) as server:
            yield server.url, folder


@pytest.fixture(scope="module", params=["fake", REAL])
def run(request: pytest.FixtureRequest, home: Path) -> Run:
    with served(request.param, request) as (url, folder):
        return ask(home, url, folder)


def test_the_travel_copilot_answers_with_a_trip_that_holds(run: Run) -> None:
    result, _ = run
    assert result.stop is Stop.ANSWERED, result.trace.error or result.refusal
    assert isinstance(result.answer, Itinerary)
    assert result.answer.request.drive_limit_s == LIMIT_S
    assert all(day.drive_s <= LIMIT_S for day in result.answer.days)
    assert not result.verdict.violated


def test_the_tools_were_really_called(run: Run) -> None:
    result, _ = run
    called = [call.tool for turn in result.trace.turns for call in turn.calls]
    assert called == [*("search_places",) * 2, "plan_trip", "adopt_answer", "plan_trip", "adopt_answer"]
    assert {item.source.partition(":")[0] for item in result.evidence.values()} >= {"map", "router", "planner"}


def test_a_trip_for_a_request_that_was_read_wrongly_is_sent_back(run: Run) -> None:
    _, events = run
    objected = [event for event in events if isinstance(event, Objected)]
    assert len(objected) == 1
    assert any(FORGOTTEN in reason and "Keep the request" in reason for reason in objected[0].reasons)


def test_the_whole_run_is_one_sequence_of_tokens(run: Run) -> None:
    result, _ = run
    records = [turn.tokens for turn in result.trace.turns if turn.tokens is not None]
    assert len(records) == 5
    lengths = [record.prompt + len(record.sampled) for record in records]
    assert [record.kept for record in records[1:]] == lengths[:-1]
    assert all((record.cached or 0) > record.kept * 0.9 for record in records[1:])
