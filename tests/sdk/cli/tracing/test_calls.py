"""`metier trace show RUN --tools`: a line for each call, what went wrong with it, and sums that are the parts' sums."""

import re
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import Result

from metier.cli.tracing.calls import show_calls
from metier.limits import Usage
from metier.task import Task
from metier.trace import Attempt, CallRecord, Stop, ToolCall, Trace, Turn, sum_records
from metier.verdict import Verdict

Metier = Callable[..., Result]

OK = Attempt("amap", "ok", 0.0, 0.25)
THROTTLED = Attempt("amap", "throttled", 0.0, 0.5, "CUQPS_HAS_EXCEEDED_THE_LIMIT\x1b[31m\nand more")
SECONDS = st.floats(0, 100).map(lambda number: round(number, 2))
ATTEMPTS = st.builds(Attempt, st.just("amap"), st.sampled_from(["ok", "failed", "timeout"]), SECONDS, SECONDS)
RECORDS = st.builds(
    CallRecord,
    provider=st.just("amap"),
    cache=st.sampled_from(["hit", "miss", "shared", "off"]),
    attempts=st.lists(ATTEMPTS, max_size=3).map(tuple),
    elapsed_s=SECONDS,
    bytes=st.integers(0, 10_000),
    cost_usd=SECONDS,
    degraded=st.sampled_from(["", "amap: timeout"]),
)


def trace_of(*records: CallRecord | None) -> Trace:
    """Returns a trace of one turn whose calls have these records."""
    calls = tuple(
        ToolCall(f"1/tool/{at}", "maps", "route", {}, "", None, (), False, "", 0.0, record)
        for at, record in enumerate(records)
    )
    turn = Turn("1/model", "m", "", "", calls, 0, 0, "", 0.0)
    return Trace("r", Task("Go."), "react", "m", (turn,), (), "none", None, Verdict(), Usage(), Stop.ANSWERED)


def shown(capsys: pytest.CaptureFixture[str], *records: CallRecord | None) -> list[str]:
    capsys.readouterr()
    show_calls(trace_of(*records))
    return capsys.readouterr().out.splitlines()


def amount(text: str, unit: str) -> int:
    found = re.search(rf"(\d+) {unit}", text)
    assert found
    return int(found[1])


@given(st.lists(RECORDS, min_size=1, max_size=6))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_last_line_is_the_sum_of_the_lines_before(
    capsys: pytest.CaptureFixture[str], records: list[CallRecord]
) -> None:
    lines = shown(capsys, *records)
    total = sum_records(records)
    rows = [line.split() for line in lines if line.startswith("1/tool/") and ": " not in line]
    assert len(rows) == amount(lines[-1], "calls?") == len(records)
    assert amount(lines[-1], "attempts?") == sum(len(record.attempts) for record in records)
    assert amount(lines[-1], "from kept") == sum(record.cache in ("hit", "shared") for record in records)
    assert amount(lines[-1], "degraded") == sum(bool(record.degraded) for record in records)
    cost = f"${sum(record.cost_usd for record in records):.4f}"
    assert lines[-1].endswith(f"{cost}." if total.cost_usd else " s.")
    assert total.bytes == sum(record.bytes for record in records)
    assert total.elapsed_s == pytest.approx(sum(record.elapsed_s for record in records))


def test_what_went_wrong_on_the_way_is_told_with_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    record = CallRecord("maps", "miss", (THROTTLED, OK), 0.75, 100, degraded="amap: throttled")
    lines = shown(capsys, record)
    assert "1/tool/0: not the first in order, for amap: throttled" in lines
    (told,) = [line for line in lines if "CUQPS_HAS_EXCEEDED_THE_LIMIT" in line]
    assert told.startswith("1/tool/0: amap throttled after 0.5 s: ")
    assert "\x1b" not in "".join(lines)  # a server's words do not steer the terminal


def test_who_answered_from_what_was_kept_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys, CallRecord("amap", "hit", (), 0.0, 10), CallRecord("amap", "shared", (), 0.0, 10))
    text = " ".join(" ".join(lines).split())
    assert "amap (kept)" in text
    assert "amap (shared)" in text


@pytest.mark.parametrize("records", [(), (None, None)])
def test_a_run_whose_calls_had_no_envelope_says_so(
    capsys: pytest.CaptureFixture[str], records: tuple[None, ...]
) -> None:
    assert shown(capsys, *records) == ["No tool call of this run has a record."]


def test_a_run_from_the_command_line_has_a_record_of_each_call(metier: Metier) -> None:
    run = re.search(r"run (\d{8}-\d{6}-\w+)", metier("run", "parrot", "hello you").stderr)
    assert run
    lines = metier("trace", "show", run[1], "--tools").stdout.splitlines()
    assert [word in lines[1] for word in ("say", "parrot")] == [True, True]
    assert lines[-1].startswith("In all: 1 call, 1 attempt, 0 from kept answers, 0 degraded, ")


def test_calls_made_to_answer_a_call_have_lines_of_their_own_and_are_in_the_sums(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    waiting = Attempt("amap", "ok", 0.5, 0.25)
    found = CallRecord("amap", "miss", (waiting,), 0.75, 100, 0.01, tool="maps_text_search")
    kept = CallRecord("amap", "hit", (), 0.0, 50, tool="maps_search_detail")
    lines = shown(capsys, CallRecord("amap", "miss", (OK,), 1.0, 200, 0.01, tool="search_places", parts=(found, kept)))
    rows = [line for line in lines if line.lstrip().startswith("-")]
    assert [(one.tool in row, "(kept)" in row) for one, row in zip((found, kept), rows, strict=True)] == [
        (True, False),
        (True, True),
    ]
    assert lines[-1].startswith("In all: 1 call and 2 made to answer them, 2 attempts, 1 from kept answers")
    assert "waited 0.5 s, took 1.0 s, $0.0100." in lines[-1]
