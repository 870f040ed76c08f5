"""Each live source is a provider of the toolkit's own tools: same names, arguments and shapes, terms kept."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from mcp import Client

from metier.errors import InputError
from metier.servers.policy import read_policy
from metier.toolkit import Provider, Settings
from metier_legal import toolkit
from metier_legal.live.endpoints import courtlistener_key
from metier_legal.live.serving import make_courtlistener
from metier_legal.server import make_server

pytestmark = pytest.mark.anyio
PROVIDERS = {one.name: one for one in toolkit.providers}


@pytest.mark.parametrize("provider", toolkit.providers, ids=lambda one: one.name)
async def test_a_provider_has_the_toolkits_tools_in_their_very_shapes(provider: Provider, tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    async with Client(make_server(settings)) as own, Client(provider.make(settings, None)) as live:
        ours = {tool.name: tool for tool in (await own.list_tools()).tools}
        theirs = {tool.name: tool for tool in (await live.list_tools()).tools}
    assert set(theirs) == set(provider.tools)
    for name, tool in theirs.items():
        assert (tool.input_schema, tool.output_schema) == (ours[name].input_schema, ours[name].output_schema)
        assert tool.description == ours[name].description
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint is True
    assert os.listdir(tmp_path) == [], "nothing is written before something is asked"


@pytest.mark.parametrize("provider", toolkit.providers, ids=lambda one: one.name)
def test_a_provider_states_its_limits_its_terms_and_what_is_unconfirmed(provider: Provider) -> None:
    whole = read_policy(provider.policy["*"])
    for name, settings in provider.policy.items():
        policy = read_policy(settings, over=None if name == "*" else whole)
        assert name in ("*", *provider.tools)
        assert policy.limit_key == provider.name
        assert policy.rate_per_s is not None
        assert 0 < policy.ttl_s <= 86_400
        assert policy.store
    assert provider.terms
    assert "confirmed" in provider.summary
    assert provider.remote == ()


def test_the_limits_of_courtlistener_are_its_own() -> None:
    provider = PROVIDERS["courtlistener"]
    policy = read_policy(provider.policy["*"])
    assert policy.rate_per_s == pytest.approx(5 / 60)
    assert policy.quota_per_day == 125
    assert read_policy(provider.policy["search_cases"], over=policy).ttl_s == 3_600
    assert provider.secrets == ("courtlistener_token", "COURTLISTENER_TOKEN")


def test_the_key_comes_from_the_option_or_the_environment() -> None:
    nowhere = Path("nowhere")
    assert courtlistener_key(Settings(nowhere), {"COURTLISTENER_TOKEN": " a "}) == "a"
    assert courtlistener_key(Settings(nowhere, {"courtlistener_token": "b"}), {"COURTLISTENER_TOKEN": "a"}) == "b"
    assert courtlistener_key(Settings(nowhere), {}) == ""


@pytest.mark.parametrize(
    "options",
    [
        {"courtlistener_url": "http://example.org/api", "courtlistener_token": "key-in-the-clear"},
        {"courtlistener_token": "a key\nX-Evil: 1"},
        {"live_contact": "me\r\nX-Evil: 1"},
        {"live_timeout_s": "soon"},
        {"live_timeout_s": "-1"},
        {"courtlistener_url": "file:///etc/passwd", "courtlistener_token": "key-for-a-file"},
    ],
)
def test_an_option_that_cannot_be_used_is_refused_before_anything_is_asked(
    tmp_path: Path, options: dict[str, str]
) -> None:
    with pytest.raises(InputError) as caught:
        make_courtlistener(Settings(tmp_path, options))
    assert "key-in-the-clear" not in str(caught.value)


def test_naming_the_providers_loads_no_server() -> None:
    code = (
        "import sys, metier_legal; assert metier_legal.toolkit.providers;"
        "print([name for name in ('mcp', 'httpx', 'lxml', 'eyecite', 'tantivy', 'sqlite3') if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    before = "import sys, metier_legal.checks, metier_legal.commands, metier_legal.rendering;" + code.split(";")[-1]
    without = subprocess.run([sys.executable, "-c", before], check=True, capture_output=True, text=True).stdout
    assert told == without
