"""What was said of a server on the command line is what is registered."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from metier.cli.servers.drafting import Wanted, draft
from metier.servers.definition import Endpoint

Metier = Callable[..., Result]


@pytest.mark.parametrize(
    ("headers", "kept"),
    [
        (("Authorization=Bearer ${WIKI_TOKEN}",), "Bearer ${WIKI_TOKEN}"),
        ((), "${AUTHORIZATION}"),
    ],
)
def test_a_secret_header_keeps_the_words_that_were_given_for_it(headers: tuple[str, ...], kept: str) -> None:
    drawn = draft(Wanted("wiki", url="https://wiki.example/mcp", headers=headers, secrets=("Authorization",)))
    assert isinstance(drawn.reach, Endpoint)
    assert (drawn.reach.headers, drawn.secrets) == ({"Authorization": kept}, ("Authorization",))


def test_a_file_without_a_server_is_told(metier: Metier, surroundings: Path) -> None:
    (surroundings / "empty.json").write_text('{"mcpServers": {}}')
    said = metier("mcp", "import", "empty.json")
    assert (said.exit_code, "There is no server in empty.json" in said.stderr) == (2, True)


def test_a_projects_file_that_only_orders_providers_says_so_when_it_is_trusted(
    metier: Metier, surroundings: Path
) -> None:
    (surroundings / "metier.toml").write_text('[toolkits.parrot]\nproviders = ["local"]\n')
    said = metier("mcp", "trust", "--yes")
    assert said.exit_code == 0, said.output
    assert "no server; only who answers the tools of a toolkit" in said.stdout
    assert "Trusted: 1 file.\n" in said.stdout
