"""The bar shows a person how far a command is, and nobody else."""

import io
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from metier.cli.bar import show_bar

STEERS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")  # what rich itself writes: colours, and where the cursor goes


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def draw(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, *steps: tuple[str, float]) -> str:
    with monkeypatch.context() as patched:
        patched.setattr("sys.stderr", stream)
        for name, value in (("TERM", "xterm"), ("COLUMNS", "200"), ("LINES", "50")):
            patched.setenv(name, value)
        for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
            patched.delenv(name, raising=False)
        with show_bar() as tell:
            for step, share in steps:
                tell(step, share)
    return stream.getvalue()


def test_on_a_terminal_it_shows_the_step_and_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = draw(monkeypatch, Terminal(), ("reading roads", 0.25))
    assert "reading roads" in drawn
    assert "25%" in drawn


def test_elsewhere_nothing_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    assert draw(monkeypatch, io.StringIO(), ("reading roads", 0.25), ("done", 1.0)) == ""


@pytest.mark.parametrize(
    ("step", "shown"),
    [
        ("\x1b]0;title\x07roads\x1b[2J\nof \x9b31mOrdino", "roads of 31mOrdino"),
        ("[red]roads[/red] [/nothing]", "[red]roads[/red] [/nothing]"),
        (":smile: roads", ":smile: roads"),
    ],
)
def test_the_text_of_a_step_is_shown_as_it_is_and_steers_nothing(
    step: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = draw(monkeypatch, Terminal(), (step, 0.5))
    assert shown in STEERS.sub("", drawn)
    assert "\x1b]" not in drawn
    assert "\x1b[2J" not in drawn


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(st.text(max_size=60), st.floats(0, 1))
def test_any_step_can_be_told(monkeypatch: pytest.MonkeyPatch, step: str, share: float) -> None:
    drawn = STEERS.sub("", draw(monkeypatch, Terminal(), (step, share)))
    assert not any(ord(sign) < 32 and sign not in "\r\n" for sign in drawn)
