"""At a terminal a person is asked: for secrets, for approval of tools and of calls, and what a server wants to know."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from tests.sdk.cli.servers.conftest import BOOK, FORECAST, Listing, tool
from tests.sdk.cli.servers.terminal import at_a_terminal
from tests.sdk.servers.oauth.authority import Authority, guarded_by

Metier = Callable[..., Result]

METIER = (sys.executable, "-c", "from metier.cli.main import main; main()", "mcp")
BROWSER = "import sys, httpx2; httpx2.get(sys.argv[1], follow_redirects=True).raise_for_status()"

pytestmark = pytest.mark.timeout(180)


@pytest.fixture
def environ(surroundings: Path) -> dict[str, str]:
    return {**os.environ, "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring", "TERM": "dumb", "NO_COLOR": "1"}


def test_a_secret_is_asked_for_without_an_echo_and_tools_are_approved_by_a_yes(
    environ: dict[str, str], listing: Listing, metier: Metier
) -> None:
    command = [*METIER, "add", "tiny", "--secret", "KEY", *listing()]
    with at_a_terminal(command, environ) as terminal:
        terminal.expect("KEY for tiny (not shown; nothing to leave it out):")
        terminal.answer("v4lue-0f-the-s3cret")
        terminal.expect("Set this before you use it: export KEY=...")
        terminal.expect("forecast: reads\n  The weather of a city.\n")
        terminal.expect("Use these 2 tools? [y/N]:")
        terminal.answer("y")
        terminal.expect("Approved: 2 tools of tiny.")
        assert terminal.finish() == 0
        assert "v4lue" not in terminal.seen
    assert "ready" in metier("mcp", "list").stdout


def test_a_no_approves_nothing_and_a_no_calls_nothing(
    environ: dict[str, str], listing: Listing, metier: Metier
) -> None:
    with at_a_terminal([*METIER, "add", "tiny", *listing(FORECAST, BOOK)], environ) as terminal:
        terminal.expect("Use these 2 tools? [y/N]:")
        terminal.answer("")
        terminal.expect("not approved, and not used")
        assert terminal.finish() == 1
    assert metier("mcp", "approve", "tiny", "--yes").exit_code == 0
    with at_a_terminal([*METIER, "call", "tiny", "book", "table=7"], environ) as terminal:
        terminal.expect("tiny/book(table=7) may change something. Call it? [y/N]:")
        terminal.answer("n")
        terminal.expect("you said no")
        assert terminal.finish() == 1
        assert '"table"' not in terminal.seen


def test_what_a_server_asks_reaches_the_user_and_the_answer_the_server(
    environ: dict[str, str], listing: Listing, metier: Metier
) -> None:
    metier("mcp", "add", "tiny", "--yes", *listing(tool("ask", annotations={"readOnlyHint": True})))
    with at_a_terminal([*METIER, "call", "tiny", "ask"], environ) as terminal:
        terminal.expect("tiny asks: Where to?")
        terminal.expect("Answer it? [Y/n]:")
        terminal.answer("y")
        terminal.expect("Which city:")
        terminal.answer("Pau")
        terminal.expect("days (may be empty):")
        terminal.answer("two")
        terminal.expect("That is no integer.")
        terminal.expect("days (may be empty):")
        terminal.answer("2")
        terminal.expect('"content": {"city": "Pau", "days": 2}')
        assert terminal.finish() == 0


def test_a_login_opens_the_browser_and_a_logout_revokes_it(
    environ: dict[str, str], metier: Metier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "browse.py"
    script.write_text(BROWSER)
    environ["BROWSER"] = f"{sys.executable} {script} %s &"
    authority = Authority()
    with guarded_by(authority) as address:
        said = metier("mcp", "add", "guarded", "--url", address, "--login", "browser", "--yes")
        assert (said.exit_code, "was not reached" in said.stderr) == (1, True)
        assert "login" in metier("mcp", "show", "guarded").stdout
        with at_a_terminal([*METIER, "login", "guarded"], environ) as terminal:
            terminal.expect("metier: log in on this page: http://127.0.0.1:")
            terminal.expect("Logged in to guarded (1 tool).")
            assert terminal.finish() == 0
        assert metier("mcp", "approve", "guarded", "--yes").exit_code == 0
        assert metier("mcp", "call", "guarded", "hello").stdout == "hello\n"
        assert metier("mcp", "remove", "guarded", "--yes").stdout == "Removed guarded.\nIts login was ended.\n"
        assert not list((tmp_path / "home" / "servers" / "tokens").glob("*.json"))
