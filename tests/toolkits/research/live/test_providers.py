"""Each live source is a provider of the toolkit's own tools, and takes its place in the user's order of providers."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mcp import Client

from metier.gateway.equipping import Equipped, Surroundings, equip_toolkit
from metier.gateway.gateway import Gateway
from metier.servers.catalog import Catalog
from metier.servers.policy import read_policy
from metier.servers.pool import Pool
from metier.toolkit import Provider, Toolkit
from metier_research.live import PROVIDERS
from metier_research.live.serving import CATALOGUES, ENGINES, WAYS
from metier_research.pages.page import Page
from metier_research.report import Report
from metier_research.server import make_server
from metier_research.wiki.importing import import_pages
from tests.toolkits.research.live.conftest import KEYS, settings_of
from tests.toolkits.research.live.recorded import NOTHING
from tests.toolkits.research.live.replay import Replay, Said

pytestmark = pytest.mark.anyio
SALT = {"query": ["salt roads"]}
KIT = Toolkit("research", "", "", make_server, Report, (), providers=PROVIDERS)


def test_every_source_is_a_provider() -> None:
    names = [provider.name for provider in PROVIDERS]
    assert names == [*ENGINES, *CATALOGUES]
    assert set(names) == set(WAYS)


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda one: one.name)
def test_a_provider_states_its_terms_and_its_keys(provider: Provider) -> None:
    policy = read_policy(provider.policy["*"])
    assert policy.limit_key == provider.name
    assert 0 < policy.ttl_s <= 3_600
    assert provider.terms.endswith(".")
    source = {**ENGINES, **CATALOGUES}[provider.name]
    assert provider.secrets == ((source.option, source.variable) if source.option else ())
    assert provider.remote == ()
    if WAYS[provider.name].interval_s >= 3.0:
        assert policy.concurrency == WAYS[provider.name].at_once == 1


@pytest.mark.parametrize("names", ["plain", "seed"])
@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda one: one.name)
async def test_a_provider_has_the_toolkits_tool_in_its_very_shape(
    provider: Provider, names: str, replay: Replay, tmp_path: Path
) -> None:
    settings = settings_of(replay, tmp_path, names=names)
    async with Client(make_server(settings)) as own, Client(provider.make(settings, None)) as live:
        ours = {tool.name: tool for tool in (await own.list_tools()).tools}
        (theirs,) = (await live.list_tools()).tools
    same = ours[theirs.name]
    assert theirs.name in ("search", "scholar", "google_scholar")
    assert (theirs.input_schema, theirs.output_schema) == (same.input_schema, same.output_schema)
    assert theirs.description == same.description
    assert theirs.annotations is not None
    assert theirs.annotations.read_only_hint is True
    assert not (tmp_path / "live").exists(), "nothing is written before something is asked"


def test_naming_the_providers_loads_no_http_and_no_server() -> None:
    code = (
        "import sys, metier_research.live\n"
        "print([name for name in ('httpx', 'mcp', 'lxml', 'pydantic_ai') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=_path())
    assert run.stdout.strip() == "[]"


def _path() -> dict[str, str]:
    return {"PYTHONPATH": ":".join(entry for entry in sys.path if entry)}


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Gateway]:
    made = Gateway(tmp_path / "gateway")
    yield made
    made.close()


@pytest.fixture
def equip(tmp_path: Path, gateway: Gateway, replay: Replay) -> Any:
    """Returns the toolkit's tools under an order of providers, over a wiki that knows salt and the replay server."""
    settings = settings_of(replay, tmp_path / "research")
    page = Page("wiki://roads/Salt_roads", "Salt roads", "The salt roads led over the pass to the sea.")
    import_pages([page], settings.data / "wikis" / "roads.sqlite", name="roads", licence="CC0-1.0", synthetic=True)

    def ordered(order: str) -> Equipped:
        (tmp_path / "metier.toml").write_text(f"[toolkits.research]\nproviders = {order}\n")
        around = Surroundings(tmp_path, Catalog.open(tmp_path, tmp_path), gateway, Pool(), {})
        return equip_toolkit(KIT, make_server(settings), settings, around)

    return ordered


async def test_the_first_of_the_order_answers(equip: Any) -> None:
    async with equip('["serper", "local"]').source as tools:
        result = await tools.call("search", SALT)
    assert (result.record.provider, result.record.degraded) == ("serper", "")
    assert result.value["queries"][0]["hits"][0]["source"] == "serper"


async def test_the_wikis_on_this_machine_are_asked_first_where_they_stand_first(equip: Any, replay: Replay) -> None:
    async with equip('["local", "serper"]').source as tools:
        own = await tools.call("search", SALT)
        elsewhere = await tools.call("search", {"query": ["zzyzx"]})
    assert [one.record.provider for one in (own, elsewhere)] == ["research", "serper"]
    assert own.value["queries"][0]["hits"][0]["url"].startswith("wiki://")
    assert len(replay.requests) == 1


async def test_a_source_that_finds_nothing_hands_on_to_the_next(equip: Any, replay: Replay) -> None:
    replay.answer = lambda asked: Said(NOTHING["serper"])
    async with equip('["serper", "local"]').source as tools:
        result = await tools.call("search", SALT)
    assert result.record.provider == "research"
    assert result.record.degraded.startswith("serper")
    assert [attempt.provider for attempt in result.record.attempts].count("serper") == 1


async def test_a_refused_key_hands_on_to_the_next_without_a_second_try(equip: Any, replay: Replay) -> None:
    replay.answer = lambda asked: Said({"message": "Unauthorized."}, status=403)
    async with equip('["serper", "local"]').source as tools:
        result = await tools.call("search", SALT)
    assert result.record.provider == "research"
    assert len(replay.requests) == 1


async def test_when_nobody_has_it_the_model_is_told_who_was_asked(equip: Any, replay: Replay) -> None:
    replay.answer = lambda asked: Said(NOTHING["serper"])
    async with equip('["serper", "local"]').source as tools:
        result = await tools.call("search", {"query": ["zzyzx"]})
    assert result.is_error
    assert "serper" in result.text


async def test_catalogues_stand_in_for_each_other(equip: Any, replay: Replay) -> None:
    def answer(asked: Any) -> Said:
        return (
            Said({}, status=404)
            if asked.path.startswith("/openalex")
            else Said({"total": 1, "data": [{"title": "Salt", "url": "https://a.example/salt"}]})
        )

    replay.answer = answer
    async with equip('["openalex", "semantic_scholar", "local"]').source as tools:
        result = await tools.call("scholar", SALT)
    assert result.record.provider == "semantic_scholar"


def test_keys_are_among_the_secrets_of_the_run(equip: Any) -> None:
    assert KEYS["serper_key"] in equip('["serper", "local"]').secrets
