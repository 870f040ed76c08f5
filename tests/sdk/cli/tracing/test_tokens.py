"""`metier trace show RUN --tokens`: a line for each turn, and sums that are the lines' sums."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import Result

from metier.cli.tracing.tokens import show_tokens
from metier.limits import Usage
from metier.task import Task
from metier.tokens import Span, TokenRecord
from metier.trace import Stop, Trace, Turn
from metier.verdict import Verdict

Metier = Callable[..., Result]

RECORDS = st.builds(
    lambda sent, cached, sampled: TokenRecord(
        "r",
        "",
        0,
        (1,) * (sent + cached),
        (2,) * sampled,
        cached=cached,
        finish="stop",
        spans=(Span("v1", 0, sampled),),
    ),
    st.integers(1, 300),
    st.integers(0, 300),
    st.integers(0, 300),
)


def shown(capsys: pytest.CaptureFixture[str], *records: TokenRecord | None) -> list[str]:
    turns = tuple(
        Turn(f"{at}/model", "m", "", "", (), 0, 0, "", 0.0, tokens=record) for at, record in enumerate(records, 1)
    )
    capsys.readouterr()
    show_tokens(Trace("r", Task("Go."), "react", "m", turns, (), "none", None, Verdict(), Usage(), Stop.ANSWERED))
    return capsys.readouterr().out.splitlines()


@given(st.lists(RECORDS, min_size=1, max_size=5))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_last_line_is_the_sum_of_the_lines_before(
    capsys: pytest.CaptureFixture[str], records: list[TokenRecord]
) -> None:
    lines = shown(capsys, *records)
    rows = [[int(cell) for cell in line.split()[1:5]] for line in lines[1:-1]]
    prompt, cached, new, sampled = (sum(column) for column in zip(*rows, strict=True))
    assert prompt == cached + new == sum(record.prompt for record in records)
    assert lines[-1] == (
        f"In all: {prompt} tokens in prompts, {cached} of them cached (hit rate {cached / prompt:.1%}), "
        f"{sampled} sampled."
    )


def test_a_turn_without_a_record_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    told = TokenRecord("a", "", 0, (1, 2), (3,), finish="stop", spans=(Span("v1", 0, 1), Span("v2\x1b[31m", 1, 1)))
    lines = shown(capsys, told, None)
    assert lines[1].split() == ["1/model", "2", "?", "?", "1", "stop", "v1", ">", "v2"]
    assert lines[2].split() == ["2/model", "no", "record"]
    assert lines[3] == "In all: 2 tokens in prompts, no word on cached ones, 1 sampled. 1 turn without a record."


def test_a_run_without_any_record_says_so(metier: Metier) -> None:
    run = metier("run", "parrot", "hello you").stderr.split("run ")[1].split()[0].rstrip(".:,")
    assert metier("trace", "show", run, "--tokens").stdout == "No turn of this run has a record of its tokens.\n"
