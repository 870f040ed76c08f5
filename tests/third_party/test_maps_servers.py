"""The maps providers' own servers start and list their tools; a key that they leak is masked before anybody sees it."""

import pytest

from metier.redaction import MASK, redaction_of
from metier.servers.target import secrets_in
from tests.third_party.starting import connect, of_npm

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(60)]

KEY = "canary/key+0815"
SERVERS = {
    "amap": ("@amap/amap-maps-mcp-server/build/index.js", "AMAP_MAPS_API_KEY", "maps_geo", 12),
    "google": ("@modelcontextprotocol/server-google-maps/dist/index.js", "GOOGLE_MAPS_API_KEY", "maps_geocode", 7),
}


@pytest.mark.parametrize("name", SERVERS)
async def test_a_maps_server_starts_and_its_key_is_masked_wherever_it_is_repeated(name: str) -> None:
    script, variable, tool, count = SERVERS[name]
    target = of_npm(script, env={variable: KEY})
    redaction = redaction_of(secrets_in(target))
    async with connect(name, target) as server:
        assert len(await server.tools()) == count
        failed = await server.call(tool, {"address": "West Lake"})
    assert failed.is_error
    shown = redaction.text(failed.text), str(redaction.json([part.model_dump(mode="json") for part in failed.content]))
    for text in shown:
        assert KEY not in text
        assert "0815" not in text
    if name == "amap":  # it repeats the whole address of its request, key and all
        assert "0815" in failed.text
        assert MASK in shown[0]
