"""`metier gateway`: what is kept and used is shown and thrown away; what cannot be served is one line, exit 2."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from metier.gateway.gateway import Gateway
from metier.home import gateway_folder
from tests.sdk.gateway.envelope.serving import Upstream

Metier = Callable[..., Result]

pytestmark = pytest.mark.timeout(60)


async def ask(home: Path) -> None:
    """Makes two calls through the gateway of `home`: their answers are kept, and they count for the day."""
    gateway, upstream = Gateway(gateway_folder(home)), Upstream("a")
    async with gateway.envelope("a", [upstream.provided(ttl_s=3600, quota_per_day=5)]) as envelope:
        for query in ("inn", "pub"):
            await envelope.call("search", {"query": query})
    gateway.close()


@pytest.fixture
def home(surroundings: Path) -> Path:
    return surroundings.parent / "home"


def test_what_is_kept_and_used_today_is_shown_and_thrown_away(metier: Metier, home: Path) -> None:
    assert "Kept: 0 answers" in metier("gateway", "status").stdout
    asyncio.run(ask(home))
    said = metier("gateway", "status").stdout
    assert "Kept: 3 answers" in said  # two, and the list of tools
    assert "Used today: a, 2 calls." in said
    assert "Thrown away: 2 answers." in metier("gateway", "forget", "--tool", "search").stdout
    assert "Kept: 1 answer," in metier("gateway", "status").stdout


def test_answers_of_a_server_that_nobody_registered_cannot_be_thrown_away(metier: Metier) -> None:
    said = metier("gateway", "forget", "nobody")
    assert (said.exit_code, said.stdout) == (2, "")
    assert "nobody" in said.stderr


def test_without_a_server_there_is_nothing_to_serve(metier: Metier) -> None:
    said = metier("gateway", "serve")
    assert said.exit_code == 2
    assert "metier mcp add" in said.stderr


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (["--cache", "sometimes"], "sometimes"),
        (["--server", "nobody"], "nobody"),
        (["--toolkit", "nobody"], "nobody"),
        (["--toolkit", "parrot", "--http", "--host", "0.0.0.0"], "Whoever can reach"),
        (["--toolkit", "parrot", "--http", "--token-file", "missing"], "cannot be read"),
        (["--toolkit", "parrot", "--http", "--port", "70000"], "is no port"),
    ],
)
def test_what_cannot_be_served_is_one_line(metier: Metier, options: list[str], word: str) -> None:
    said = metier("gateway", "serve", *options)
    assert said.exit_code == 2
    assert word in said.stderr


def test_a_token_that_is_too_short_or_missing_in_its_file_is_refused(metier: Metier, surroundings: Path) -> None:
    file = surroundings / "token"
    for text, word in (("", "no token"), ("short\n", "at least 16")):
        file.write_text(text)
        said = metier("gateway", "serve", "--toolkit", "parrot", "--http", "--token-file", str(file))
        assert (said.exit_code, word in said.stderr) == (2, True)
