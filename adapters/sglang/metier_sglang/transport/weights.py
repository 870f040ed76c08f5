"""Weights and adapters, changed on every server of a fleet, and the pauses that go with it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal

from metier.canonical import JSON
from metier.errors import InputError, MetierError, ModelError, ServerError
from metier_sglang.protocol import info as infos
from metier_sglang.protocol.reply import read_object
from metier_sglang.transport.fleet import Fleet
from metier_sglang.transport.server import Server

LOAD_S = 1800.0  # weights of hundreds of gigabytes come from a disk


async def update_weights(fleet: Fleet, path: str, *, version: str, abort: bool = False) -> tuple[str, ...]:
    """Loads the weights at `path`, a folder on the servers' machines, on every server; returns their addresses.

    Requests that run are waited for; with `abort` they end at once, and a Fleet goes on with them under the new
    weights. Each server is asked afterwards which version it has. Raises InputError when the servers refuse the path,
    and ServerError when some of them have the new weights and some have not, naming both.
    """
    body: dict[str, JSON] = {"model_path": path, "weight_version": version, "abort_all_requests": abort}

    async def update(server: Server) -> None:
        await _order(server, "/update_weights_from_disk", body)
        if (found := await weight_version(server)) != version:
            raise ServerError(
                f"{server.address} says that it has version {server.quote(found)!r}.", hint="Look at its log."
            )

    return await _everywhere(fleet, update, f"version {version!r} of the weights")


async def weight_version(server: Server) -> str:
    """Returns the version of the weights that a server has."""
    return infos.read_info(await server.ask(infos.MODEL[0]), {}).weight_version


async def load_lora(fleet: Fleet, name: str, path: str, *, pinned: bool = False) -> tuple[str, ...]:
    """Loads the LoRA adapter at `path`, a folder on the servers' machines, under a name; errors as `update_weights`."""
    body: dict[str, JSON] = {"lora_name": name, "lora_path": path, "pinned": pinned}
    return await _everywhere(fleet, _ordered("/load_lora_adapter", body), f"the adapter {name!r}")


async def unload_lora(fleet: Fleet, name: str) -> tuple[str, ...]:
    """Unloads a LoRA adapter on every server; errors as `update_weights`."""
    return await _everywhere(fleet, _ordered("/unload_lora_adapter", {"lora_name": name}), f"{name!r} unloaded")


async def flush_cache(fleet: Fleet, *, limit_s: float = 30.0) -> tuple[str, ...]:
    """Empties every server's prefix cache, once it is idle, within `limit_s` seconds; errors as `update_weights`."""

    async def flush(server: Server) -> None:
        await server.call(f"/flush_cache?timeout={limit_s:g}", {}, admin=True, limit_s=limit_s + 10)

    return await _everywhere(fleet, flush, "an empty cache")


async def pause_generation(
    fleet: Fleet, *, mode: Literal["abort", "retract", "in_place"] = "in_place"
) -> tuple[str, ...]:
    """Stops sampling on every server until `continue_generation`; errors as `update_weights`.

    "abort" ends what runs (a Fleet goes on with it later), "retract" puts it back into the queue, "in_place" keeps it.
    """
    return await _everywhere(fleet, _ordered("/pause_generation", {"mode": mode}), "generation paused")


async def continue_generation(fleet: Fleet) -> tuple[str, ...]:
    """Lets every server sample again; errors as `update_weights`."""
    return await _everywhere(fleet, _ordered("/continue_generation", {}), "generation going on")


def _ordered(path: str, body: dict[str, JSON]) -> Callable[[Server], Awaitable[None]]:
    async def order(server: Server) -> None:
        await _order(server, path, body)

    return order


async def _order(server: Server, path: str, body: dict[str, JSON]) -> None:
    reply = await server.call(path, body, admin=True, limit_s=LOAD_S)
    value = read_object(reply, server=server.address)
    if value.get("success") is False:
        said = server.quote(value.get("message") or value.get("error_message"))
        raise ModelError(f"{server.address} refused: {said}.")


async def _everywhere(fleet: Fleet, act: Callable[[Server], Awaitable[None]], what: str) -> tuple[str, ...]:
    async with fleet.workers() as servers:
        outcomes = await asyncio.gather(*(_outcome(act, server) for server in servers))
    failed = {server.address: error for server, error in zip(servers, outcomes, strict=True) if error is not None}
    if not failed:
        return tuple(server.address for server in servers)
    errors = list(failed.values())
    said = " ".join(error.message for error in errors)
    if len(failed) == len(servers):
        raise _of_all(errors, said)
    done = ", ".join(server.address for server in servers if server.address not in failed)
    raise ServerError(
        f"The servers differ now. {what} is on {done}, and not on {', '.join(failed)}. {said}",
        hint="Mend those and do it again: it does no harm where it is done.",
    )


def _of_all(errors: list[MetierError], said: str) -> MetierError:
    """Returns the error of all servers: their own when it is one kind, else one that tells each."""
    if all(isinstance(error, ModelError) for error in errors):
        return InputError(said, hint="Is that on the machines of the servers, and do they take it?")
    if len(errors) == 1:
        return errors[0]
    return ServerError(said, hint=errors[0].hint)


async def _outcome(act: Callable[[Server], Awaitable[None]], server: Server) -> MetierError | None:
    try:
        await act(server)
    except MetierError as error:
        return error
    return None
