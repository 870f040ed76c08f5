"""The routes that change the server: aborts, cache, weights, pauses, LoRA; behind the admin key where there is one."""

import asyncio
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from metier_sglang.fake.routes.replies import body_of, service_of
from metier_sglang.fake.service import Service

_FLUSHED = (
    "Cache flushed.\nPlease check backend logs for more details. "
    "(When there are running or waiting requests, the operation will not be performed.)\n"
)


async def abort_request(request: Request) -> Response:
    """`POST /abort_request`: 200, whether or not there is such a request."""
    body = await body_of(request)
    service_of(request).engine.abort(str(body.get("rid") or ""), everything=bool(body.get("abort_all")))
    return Response()


async def flush_cache(request: Request) -> Response:
    """`POST /flush_cache?timeout=S`: forgets the prefixes; 400 when something still runs or waits after `S` seconds."""
    engine = service_of(request).engine
    try:
        async with asyncio.timeout(float(request.query_params.get("timeout", 0))):
            await engine.until(lambda: engine.is_idle)
    except TimeoutError:
        return PlainTextResponse("Flush cache failed.\n", 400)
    engine.cache.flush()
    return PlainTextResponse(_FLUSHED)


async def update_weights_from_disk(request: Request) -> Response:
    """`POST /update_weights_from_disk`: new weights once nothing runs; at once while paused, or when all is aborted."""
    service, body = service_of(request), await body_of(request)
    engine, path = service.engine, Path(str(body.get("model_path") or ""))
    if body.get("abort_all_requests"):
        engine.abort(everything=True)
    paused = len(engine.running) if engine.paused else 0
    if not (path / "config.json").is_file():
        return _tell_update(f"Failed to get model config: {path} is no folder of weights.", done=False)
    await engine.until(lambda: engine.paused or engine.is_idle)
    service.model_path = service.served_name = str(path)
    told = "Succeeded to update model weights."
    if version := body.get("weight_version"):
        engine.version = str(version)
        told += f" Weight version updated to {version}."
    if body.get("flush_cache", True):
        engine.cache.flush()
    return _tell_update(told, paused=paused)


async def update_weight_version(request: Request) -> Response:
    """`POST /update_weight_version`: another name for the weights; aborts what runs unless told not to."""
    engine, body = service_of(request).engine, await body_of(request)
    if body.get("abort_all_requests", True):
        engine.abort(everything=True)
    engine.version = str(body["new_version"])
    told = f"Weight version updated to {engine.version}"
    return JSONResponse({"success": True, "message": told, "new_version": engine.version})


async def pause_generation(request: Request) -> Response:
    """`POST /pause_generation`: mode "abort" ends what runs, "in_place" and "retract" keep it for later."""
    engine, body = service_of(request).engine, await body_of(request)
    engine.paused = True
    if body.get("mode", "abort") == "abort":
        engine.abort(everything=True)
    engine.wake()
    return JSONResponse({"message": "Generation paused successfully.", "status": "ok"})


async def continue_generation(request: Request) -> Response:
    """`POST /continue_generation`: goes on."""
    engine = service_of(request).engine
    engine.paused = False
    engine.wake()
    return JSONResponse({"message": "Generation continued successfully.", "status": "ok"})


async def load_lora_adapter(request: Request) -> Response:
    """`POST /load_lora_adapter`: the folder has to hold an `adapter_config.json`."""
    service, body = service_of(request), await body_of(request)
    name, path = str(body.get("lora_name") or ""), str(body.get("lora_path") or "")
    if not service.flags.lora:
        return _tell_lora(service, "LoRA is not enabled. Please set `--enable-lora` to enable LoRA.")
    if name in service.loras:
        return _tell_lora(service, f"LoRA adapter '{name}' is already loaded.")
    if not (Path(path) / "adapter_config.json").is_file():
        return _tell_lora(service, f"Failed to load LoRA adapter '{name}': {path} holds no adapter.")
    service.loras[name] = path
    return _tell_lora(service)


async def unload_lora_adapter(request: Request) -> Response:
    """`POST /unload_lora_adapter`: 400 for one that is not loaded."""
    service, body = service_of(request), await body_of(request)
    name = str(body.get("lora_name") or "")
    if service.loras.pop(name, None) is None:
        return _tell_lora(service, f"LoRA adapter '{name}' is not loaded.")
    return _tell_lora(service)


def _tell_update(message: str, *, done: bool = True, paused: int = 0) -> Response:
    told = {"success": done, "message": message, "num_paused_requests": paused}
    return JSONResponse(told, 200 if done else 400)


def _tell_lora(service: Service, fault: str | None = None) -> Response:
    loaded = dict(service.loras) if service.flags.lora else None
    told: dict[str, Any] = {"success": fault is None, "error_message": fault, "loaded_adapters": loaded}
    return JSONResponse(told, 400 if fault else 200)


ROUTES = [
    Route("/abort_request", abort_request, methods=["POST"]),
    Route("/flush_cache", flush_cache, methods=["GET", "POST"]),
    Route("/update_weights_from_disk", update_weights_from_disk, methods=["POST"]),
    Route("/update_weight_version", update_weight_version, methods=["POST"]),
    Route("/pause_generation", pause_generation, methods=["POST"]),
    Route("/continue_generation", continue_generation, methods=["POST"]),
    Route("/load_lora_adapter", load_lora_adapter, methods=["POST"]),
    Route("/unload_lora_adapter", unload_lora_adapter, methods=["POST"]),
]
