"""The shapes of replies and of errors that several routes share."""

import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from metier_sglang.fake.service import RefusedError, Seen, Service


def service_of(request: Request) -> Service:
    """Returns the service that answers `request`."""
    service: Service = request.app.state.service
    return service


async def body_of(request: Request) -> dict[str, Any]:
    """Returns the JSON object of the body, an empty one for no body; raises RefusedError for anything else.

    The request is among `seen` from then on.
    """
    raw = await request.body()
    service_of(request).seen.append(Seen(request.method, request.url.path, raw, dict(request.headers)))
    try:
        body = json.loads(raw or b"{}")
    except ValueError as error:
        raise RefusedError(f"[{{'type': 'json_invalid', 'msg': 'JSON decode error: {error}'}}]") from error
    if not isinstance(body, dict):
        raise RefusedError("[{'type': 'dict_type', 'msg': 'Input should be a valid dictionary'}]")
    return body


def native_error(message: str, status: int = 400) -> Response:
    """Returns an error as `/generate` gives it."""
    return JSONResponse({"error": {"message": message}}, status)


def open_error(message: str, status: int = 400, kind: str = "BadRequestError") -> Response:
    """Returns an error as the OpenAI-compatible routes give it."""
    return JSONResponse({"object": "error", "message": message, "type": kind, "param": None, "code": status}, status)


def event(value: Mapping[str, Any]) -> bytes:
    """Returns one server-sent event."""
    return b"data: " + json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n\n"


DONE = b"data: [DONE]\n\n"
