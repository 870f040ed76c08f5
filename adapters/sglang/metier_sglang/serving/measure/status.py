"""What a server, or a router and the servers behind it, is at now."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from metier.canonical import JSON
from metier.errors import MetierError, ModelError, ServerError
from metier_sglang.protocol.generation import ServerInfo
from metier_sglang.protocol.info import MODEL, SERVER, read_info
from metier_sglang.serving.measure.metrics import hit_ratio, read_metrics
from metier_sglang.transport.fleet import Fleet
from metier_sglang.transport.server import Server

METRICS_S = 10.0


@dataclass(frozen=True, slots=True)
class Status:
    """One server. None and "" where it does not say. `adapters` are the LoRA adapters that it serves.

    `hit_ratio` is the share of prompt tokens, since its start, that its prefix cache had. `fault` says why it did not
    answer.
    """

    url: str
    model: str = ""
    served_name: str = ""
    version: str = ""
    context: int | None = None
    tool_parser: str = ""
    reasoning_parser: str = ""
    weight_version: str = ""
    running: int | None = None
    queued: int | None = None
    max_running: int | None = None
    token_usage: float | None = None
    hit_ratio: float | None = None
    adapters: tuple[str, ...] = ()
    workers: tuple["Status", ...] = ()
    is_router: bool = False
    fault: str = ""


def read_status(
    url: str, info: ServerInfo, *, models: Mapping[str, JSON] | None = None, metrics: Mapping[str, float] | None = None
) -> Status:
    """Returns the status of the server at `url`: what it says of itself, its `/v1/models` and its metrics. Pure."""
    metrics = metrics or {}
    return Status(
        url=url,
        model=info.model,
        served_name=info.served_name,
        version=info.version,
        context=info.context,
        tool_parser=info.tool_parser,
        reasoning_parser=info.reasoning_parser,
        weight_version=info.weight_version,
        running=_count(metrics, "sglang:num_running_reqs"),
        queued=_count(metrics, "sglang:num_queue_reqs"),
        max_running=info.max_running,
        token_usage=metrics.get("sglang:token_usage"),
        hit_ratio=hit_ratio(metrics),
        adapters=read_adapters(models or {}),
    )


def read_adapters(models: Mapping[str, JSON]) -> tuple[str, ...]:
    """Returns the names of the LoRA adapters in `/v1/models`: those models that have another as their parent."""
    listed = models.get("data")
    entries = [entry for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []
    return tuple(str(entry.get("id")) for entry in entries if entry.get("parent"))


async def ask_status(fleet: Fleet) -> Status:
    """Returns the status of the one server of `fleet`, with that of its workers when it is a router.

    Raises ServerError when the server cannot be reached, MissingError when it wants a key; a worker of a router that
    cannot be reached is shown as such.
    """
    (address,) = fleet.addresses
    async with fleet.workers() as servers:
        if [server.address for server in servers] == [address]:
            return await _ask_one(servers[0])
        workers = await asyncio.gather(*(_ask_worker(server) for server in servers))
        return Status(address, workers=tuple(workers), is_router=True)


async def _ask_worker(server: Server) -> Status:
    try:
        return await _ask_one(server)
    except MetierError as error:
        return Status(server.address, fault=error.message)


async def _ask_one(server: Server) -> Status:
    model = await server.ask(MODEL[0])
    about, models, metrics = await asyncio.gather(
        _ask_more(server, SERVER[0]), _ask_more(server, "/v1/models"), ask_metrics(server)
    )
    return read_status(server.address, read_info(model, about), models=models, metrics=metrics)


async def _ask_more(server: Server, path: str) -> dict[str, JSON]:
    try:
        return await server.ask(path)
    except (ServerError, ModelError):
        return {}


async def ask_metrics(server: Server) -> dict[str, float]:
    """Returns the metrics of a server, summed over their labels; none from one without `--enable-metrics`."""
    try:
        reply = await server.call("/metrics", limit_s=METRICS_S)
    except (ServerError, ModelError):
        return {}
    return read_metrics(reply.body.decode("utf-8", "replace"))


def _count(metrics: Mapping[str, float], name: str) -> int | None:
    value = metrics.get(name)
    return None if value is None else int(value)
