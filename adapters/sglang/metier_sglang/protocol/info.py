"""What a server says of itself: `/model_info`, `/server_info`, and a gateway's `/workers`. Pure."""

from collections.abc import Mapping

from metier.canonical import JSON
from metier_sglang.protocol.generation import ServerInfo

Object = Mapping[str, JSON]

MODEL = ("/model_info", "/get_model_info")  # today's name and the one before it
SERVER = ("/server_info", "/get_server_info")
_RESERVED = 6  # what SGLang takes off the context, or off its cache, before it says how long a prompt may be


def read_info(model: Object, server: Object, *, is_router: bool = False) -> ServerInfo:
    """Returns what the two replies say together. `model` goes first: a weight update changes it, and not `server`."""

    def first(*names: str) -> str:
        return next((value for name in names for of in (model, server) if (value := _text(of, name))), "")

    return ServerInfo(
        model=first("model_path"),
        served_name=first("served_model_name", "model_path"),
        tokenizer=first("tokenizer_path", "model_path"),
        context=_context(server),
        tool_parser=first("tool_call_parser"),
        reasoning_parser=first("reasoning_parser"),
        version=_text(server, "version"),
        weight_version=first("weight_version"),
        max_running=_most(server),
        has_images=model.get("has_image_understanding") is True,
        is_router=is_router,
        model_type=_text(model, "model_type"),
    )


def read_workers(value: Object) -> tuple[str, ...]:
    """Returns the addresses of a gateway's workers, in its order; none when this is no list of workers."""
    workers = value.get("workers", value.get("urls"))
    if not isinstance(workers, list):
        return ()
    urls = [_text(worker, "url") if isinstance(worker, dict) else worker for worker in workers]
    return tuple(url for url in urls if isinstance(url, str) and url)


def _context(server: Object) -> int | None:
    """Returns the tokens that prompt and sample may have together: the context, or less where the cache holds less."""
    most = _count(server, "max_req_input_len")
    told = (_count(server, "context_length"), most and most + _RESERVED)
    return min((number for number in told if number), default=None)


def _most(server: Object) -> int | None:
    """Returns the requests that the server runs at a time: as it was told, or as its memory allows."""
    each = _count(_state(server), "effective_max_running_requests_per_dp")
    return _count(server, "max_running_requests") or (each and each * (_count(server, "dp_size") or 1))


def _state(server: Object) -> Object:
    states = server.get("internal_states")
    first = states[0] if isinstance(states, list) and states else None
    return first if isinstance(first, dict) else {}


def _text(of: Object, name: str) -> str:
    value = of.get(name)
    return value if isinstance(value, str) else ""


def _count(of: Object, name: str) -> int | None:
    value = of.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None
