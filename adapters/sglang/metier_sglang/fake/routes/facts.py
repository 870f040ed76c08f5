"""What the server says of itself: health, model, server, load, metrics."""

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from metier_sglang.fake.routes.replies import service_of
from metier_sglang.fake.service import RESERVED

VERSION = "fake"


async def health(request: Request) -> Response:
    """`GET /health` and `/health_generate`: 200 while the server lives; SGLang samples a token for it."""
    return Response()


async def model_info(request: Request) -> Response:
    """`GET /model_info`: what a weight update may change."""
    service = service_of(request)
    return JSONResponse(
        {
            "model_path": service.model_path,
            "served_model_name": service.served_name,
            "tokenizer_path": service.tokenizer_path,
            "is_generation": True,
            "preferred_sampling_params": None,
            "weight_version": service.engine.version,
            "load_format": "auto",
            "reasoning_parser": service.flags.reasoning_parser or None,
            "tool_call_parser": service.flags.tool_parser or None,
            "disaggregation_mode": "null",
            "has_image_understanding": bool(service.flags.vision),
            "has_audio_understanding": False,
            "model_type": service.flags.vision or "qwen3",
            "architectures": ["Qwen3ForCausalLM"],
        }
    )


async def server_info(request: Request) -> Response:
    """`GET /server_info`: the launch flags, as far as there are any, and the version "fake"."""
    service = service_of(request)
    flags = service.flags
    return JSONResponse(
        {
            "model_path": service.tokenizer_path,
            "tokenizer_path": service.tokenizer_path,
            "served_model_name": flags.served_name,
            "context_length": flags.context,
            "tool_call_parser": flags.tool_parser or None,
            "reasoning_parser": flags.reasoning_parser or None,
            "max_running_requests": flags.max_running,
            "max_queued_requests": flags.max_queued,
            "enable_cache_report": flags.cache_report,
            "enable_metrics": True,
            "enable_lora": flags.lora,
            "enable_priority_scheduling": True,
            "incremental_streaming_output": flags.incremental,
            "stream_interval": 1,
            "weight_version": flags.weight_version,
            "internal_states": [{"effective_max_running_requests_per_dp": flags.max_running}],
            "max_req_input_len": flags.context - RESERVED,
            "max_total_num_tokens": flags.context * flags.max_running,
            "version": VERSION,
            "frontend": "python",
        }
    )


async def models(request: Request) -> Response:
    """`GET /v1/models`: the weights and the LoRA adapters."""
    service = service_of(request)
    base = {"object": "model", "created": 0, "owned_by": "sglang"}
    name = service.served_name
    cards = [{**base, "id": name, "root": name, "parent": None, "max_model_len": service.flags.context}]
    cards += [
        {**base, "id": lora, "root": path, "parent": name, "max_model_len": None}
        for lora, path in service.loras.items()
    ]
    return JSONResponse({"object": "list", "data": cards})


async def loads(request: Request) -> Response:
    """`GET /v1/loads`: what runs and what waits."""
    engine = service_of(request).engine
    running, waiting = len(engine.running), len(engine.waiting)
    used = sum(len(sample.prompt) + sample.given for sample in engine.running)
    most = engine.flags.context * engine.flags.max_running
    load = {
        "dp_rank": 0,
        "num_running_reqs": running,
        "num_waiting_reqs": waiting,
        "num_used_tokens": used,
        "max_total_num_tokens": most,
        "max_running_requests": engine.flags.max_running,
        "token_usage": used / most,
        "utilization": running / engine.flags.max_running,
        "queues": {"waiting": waiting, "grammar": 0, "paused": 0, "retracted": 0, "prealloc_ready": 0},
    }
    return JSONResponse(
        {
            "timestamp": datetime.now(UTC).isoformat(),
            "version": VERSION,
            "accelerator": None,
            "num_accelerators": 1,
            "loads": [load],
        }
    )


async def metrics(request: Request) -> Response:
    """`GET /metrics`: Prometheus counters and gauges under SGLang's names."""
    service = service_of(request)
    engine, totals = service.engine, service.engine.totals
    label = f'engine_type="unified",model_name="{service.served_name}"'
    samples = [
        ("counter", "prompt_tokens_total", "", totals.prompt),
        ("counter", "generation_tokens_total", "", totals.generated),
        ("counter", "cached_tokens_total", ',cache_source="device"', totals.cached),
        ("counter", "num_requests_total", "", totals.requests),
        ("counter", "num_aborted_requests_total", "", totals.aborted),
        ("gauge", "num_running_reqs", "", len(engine.running)),
        ("gauge", "num_queue_reqs", "", len(engine.waiting)),
        ("gauge", "cache_hit_rate", "", totals.cached / totals.prompt if totals.prompt else 0.0),
    ]
    lines = [
        f"# TYPE sglang:{name} {kind}\nsglang:{name}{{{label}{more}}} {float(number)}"
        for kind, name, more, number in samples
    ]
    return PlainTextResponse("\n".join(lines) + "\n", media_type="text/plain; version=0.0.4")


ROUTES = [
    Route("/health", health),
    Route("/health_generate", health),
    Route("/ready", health),
    Route("/model_info", model_info),
    Route("/get_model_info", model_info),
    Route("/server_info", server_info),
    Route("/get_server_info", server_info),
    Route("/v1/models", models),
    Route("/v1/loads", loads),
    Route("/metrics", metrics),
]
