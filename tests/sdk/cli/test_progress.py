"""The steps of a run on a terminal, and where there is none."""

import io

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from metier.cli.running.progress import Progress, lines_of
from metier.runtime.events import ModelFinished, ModelStarted, Objected, RunStarted, ToolFinished, ToolStarted

CALL = ToolStarted("1/tool/0", "route", {"origin": "Ordino", "destination": "Pas"})
BACK = ToolFinished("1/tool/0", "maps", "route", 2, False, 0.31, False)
STEPS = (RunStarted("r-1", resumed=False), ModelStarted("1/model", "playbook"), CALL, BACK)


def test_on_a_terminal_it_shows_what_is_going_on_just_now() -> None:
    stream = io.StringIO()
    progress = Progress(Console(file=stream, force_terminal=True, width=100, markup=False, emoji=False))
    with progress.shown():
        for event in STEPS:
            progress(event)
    assert progress.run == "r-1"
    assert "thinking (playbook)" in stream.getvalue()
    assert "0.3 s, 2 pieces of evidence" in stream.getvalue()


def test_elsewhere_it_writes_plain_lines() -> None:
    stream = io.StringIO()
    progress = Progress(Console(file=stream, markup=False, emoji=False))
    with progress.shown():
        for event in STEPS:
            progress(event)
    assert stream.getvalue().splitlines() == [
        "run r-1",
        '  route(origin="Ordino", destination="Pas")  0.3 s, 2 pieces of evidence',
    ]


def test_objections_failures_and_what_came_from_the_journal_are_said() -> None:
    assert lines_of(Objected(("closed on Monday", "too far"), 1), {}) == (
        "  objection: closed on Monday",
        "  objection: too far",
    )
    assert lines_of(ToolFinished("1", "m", "route", 0, True, 1.0, True), {}) == ("  route()  from the journal, failed",)
    assert lines_of(RunStarted("r", resumed=True), {}) == ("run r goes on",)


@given(st.text(), st.text(max_size=300))
def test_a_step_is_one_line_whatever_it_is_called(tool: str, said: str) -> None:
    shown = lines_of(ToolFinished("1", "m", tool, 1, False, 1.0, False), {"1": {"x": said}})
    shown += lines_of(ModelFinished("1", said, 0, 0, 0, 0.0, False), {})
    assert all("\n" not in line and "\x1b" not in line for line in shown)
