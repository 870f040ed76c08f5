"""Weights and adapters change on every server, or the error says where they did not."""

import json
from collections.abc import Mapping

import pytest

from metier.errors import InputError, MissingError, ServerError
from metier_sglang.transport import weights
from metier_sglang.transport.fleet import Fleet
from tests.adapters.sglang.transport.wire import Handler, Heard, say_json, serve_wire

pytestmark = pytest.mark.anyio


def routes_of(path: str = "/weights", version: str | None = None) -> Mapping[str, Handler]:
    """A server that takes weights from one folder; it says `version`, or what it was told."""
    state = {"version": "0"}

    async def update(heard: Heard, writer: object) -> None:
        if heard.json["model_path"] != path:
            await say_json({"success": False, "message": "Failed: no such folder"}, 400)(heard, writer)  # type: ignore[arg-type]
            return
        state["version"] = version or heard.json["weight_version"]
        await say_json({"success": True, "message": "ok"})(heard, writer)  # type: ignore[arg-type]

    async def tell(heard: Heard, writer: object) -> None:
        await say_json({"model_path": "/m", "weight_version": state["version"]})(heard, writer)  # type: ignore[arg-type]

    return {"/update_weights_from_disk": update, "/model_info": tell}  # type: ignore[dict-item]


async def test_weights_are_updated_on_every_server_and_read_back() -> None:
    async with serve_wire(routes_of()) as one, serve_wire(routes_of()) as two:
        fleet = Fleet([one.url, two.url], api_key="user-key", admin_key="admin-key")
        done = await weights.update_weights(fleet, "/weights", version="7", abort=True)
        await fleet.close()
    assert done == (one.url, two.url)
    body = one.bodies("/update_weights_from_disk")[0]
    assert body == {"model_path": "/weights", "weight_version": "7", "abort_all_requests": True}
    keys = {heard.path: heard.headers["authorization"] for heard in one.heard}
    assert keys["/update_weights_from_disk"] == "Bearer admin-key"
    assert keys["/model_info"] == "Bearer user-key"


async def test_servers_that_differ_are_named() -> None:
    async with serve_wire(routes_of()) as one, serve_wire(routes_of("/elsewhere")) as two:
        fleet = Fleet([one.url, two.url])
        with pytest.raises(ServerError, match="differ") as caught:
            await weights.update_weights(fleet, "/weights", version="7")
        await fleet.close()
    assert f"on {one.url}, and not on {two.url}" in caught.value.message
    assert "no such folder" in caught.value.message


async def test_a_path_that_every_server_refuses_is_the_caller_s_fault() -> None:
    async with serve_wire(routes_of()) as one, serve_wire(routes_of()) as two:
        fleet = Fleet([one.url, two.url])
        with pytest.raises(InputError, match="no such folder"):
            await weights.update_weights(fleet, "/typo", version="7")
        await fleet.close()


async def test_a_server_that_says_yes_and_keeps_its_weights_is_caught() -> None:
    async with serve_wire(routes_of(version="0")) as wire:
        fleet = Fleet(wire.url)
        with pytest.raises(ServerError, match="has version '0'"):
            await weights.update_weights(fleet, "/weights", version="7")
        await fleet.close()


async def test_behind_a_gateway_each_worker_is_addressed() -> None:
    async with serve_wire(routes_of()) as one, serve_wire(routes_of()) as two:
        listed = say_json({"workers": [{"url": one.url}, {"url": two.url}]})
        async with serve_wire({"/workers": listed}) as gateway:
            fleet = Fleet(gateway.url)
            assert await weights.update_weights(fleet, "/weights", version="7") == (one.url, two.url)
            await fleet.close()
        assert gateway.paths() == ["/workers"]


async def test_adapters_are_loaded_and_unloaded_and_generation_paused() -> None:
    ok = say_json({"success": True})
    names = ("/load_lora_adapter", "/unload_lora_adapter", "/pause_generation", "/continue_generation")
    async with serve_wire({**dict.fromkeys(names, ok), "/flush_cache?timeout=5": ok}) as wire:
        fleet = Fleet(wire.url)
        await weights.load_lora(fleet, "law", "/adapters/law", pinned=True)
        await weights.unload_lora(fleet, "law")
        await weights.pause_generation(fleet, mode="retract")
        await weights.continue_generation(fleet)
        await weights.flush_cache(fleet, limit_s=5)
        await fleet.close()
    asked = [(heard.path, json.loads(heard.body)) for heard in wire.heard if heard.path != "/workers"]
    assert asked == [
        ("/load_lora_adapter", {"lora_name": "law", "lora_path": "/adapters/law", "pinned": True}),
        ("/unload_lora_adapter", {"lora_name": "law"}),
        ("/pause_generation", {"mode": "retract"}),
        ("/continue_generation", {}),
        ("/flush_cache?timeout=5", {}),
    ]


async def test_an_adapter_that_is_refused_in_a_good_status_is_refused() -> None:
    refused = say_json({"success": False, "error_message": "LoRA is off"})
    async with serve_wire({"/load_lora_adapter": refused}) as wire:
        fleet = Fleet(wire.url)
        with pytest.raises(InputError, match="LoRA is off"):
            await weights.load_lora(fleet, "law", "/adapters/law")
        await fleet.close()


async def test_an_admin_key_that_is_missing_is_said() -> None:
    async with serve_wire({"/pause_generation": say_json({"error": "Unauthorized"}, 401)}) as wire:
        fleet = Fleet(wire.url)
        with pytest.raises(MissingError):
            await weights.pause_generation(fleet)
        await fleet.close()
