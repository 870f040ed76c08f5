"""SGLang's own route for samples: `/generate`."""

from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from metier_sglang.fake.engine import BusyError, Sample
from metier_sglang.fake.routes.replies import DONE, body_of, event, native_error, open_error, service_of
from metier_sglang.fake.routes.watching import GoneError, while_connected
from metier_sglang.fake.service import Asked, RefusedError, Service

# What SGLang knows; it refuses a request with any other.
SAMPLING: tuple[str, ...] = (
    "max_new_tokens", "stop", "stop_token_ids", "stop_regex", "temperature", "top_p", "top_k", "min_p",
    "frequency_penalty", "presence_penalty", "repetition_penalty", "min_new_tokens", "n", "json_schema", "regex",
    "ebnf", "structural_tag", "ignore_eos", "skip_special_tokens", "spaces_between_special_tokens", "no_stop_trim",
    "stream_interval", "logit_bias", "sampling_seed", "custom_params", "beam_width", "watermark", "choice",
)  # fmt: skip


async def generate(request: Request) -> Response:
    """`POST /generate`: one sample, whole or as a stream."""
    service = service_of(request)
    body = await body_of(request)
    if unknown := sorted(set(body.get("sampling_params") or {}).difference(SAMPLING)):
        told = f"unknown field `{unknown[0]}`, expected one of {', '.join(SAMPLING)}"
        return JSONResponse({"error": told}, 400)
    try:
        sample = service.admit(_read(service, body))
    except RefusedError as error:
        return _refuse_stream(error) if body.get("stream") else native_error(str(error))
    if body.get("stream"):
        return StreamingResponse(_stream(service, sample, body), media_type="text/event-stream")
    try:
        await while_connected(request, _finish(service, sample))
    except BusyError as error:
        return open_error(str(error), 503, "503")
    except GoneError:
        return native_error("Request is disconnected from the client side.")
    return JSONResponse(_describe(service, sample, body))


def _read(service: Service, body: Mapping[str, Any]) -> Asked:
    ids, text = body.get("input_ids"), body.get("text")
    if ids is None and text is None:
        raise RefusedError("Either text, input_ids or input_embeds should be provided.")
    if ids is not None and not set(map(type, ids)) <= {int}:
        raise RefusedError("input_ids should be a list of integers; batches are beyond this fake server.")
    return Asked(
        prompt=service.speech.encode(str(text)) if ids is None else ids,
        sampling=body.get("sampling_params") or {},
        rid=body.get("rid") or "",
        priority=body.get("priority") or 0,
        lora=body.get("lora_path") or "",
        reasoning=bool(body.get("require_reasoning")),
    )


def _refuse_stream(error: RefusedError) -> Response:
    """Returns a refusal as SGLang gives it to who asked for a stream: an event, under status 200."""
    fault = {"message": str(error), "type": "invalid_request_error", "code": 400, "retryable": False}
    return Response(event({"error": fault}) + DONE, media_type="text/event-stream")


async def _finish(service: Service, sample: Sample) -> None:
    async with aclosing(service.engine.run(sample)) as steps:
        async for _ in steps:
            pass


async def _stream(service: Service, sample: Sample, body: Mapping[str, Any]) -> AsyncIterator[bytes]:
    given, written = 0, 0
    try:
        async with aclosing(service.engine.run(sample)) as steps:
            async for _ in steps:
                told = _describe(service, sample, body, since=given if service.flags.incremental else 0)
                if service.flags.incremental:
                    given, written, told["text"] = sample.given, len(told["text"]), told["text"][written:]
                yield event(told)
    except BusyError as error:
        aborted = {"type": "abort", "message": str(error), "status_code": 503, "err_type": None}
        meta = {**service.meta_of(sample), "finish_reason": aborted}
        yield event({"text": "", "output_ids": [], "meta_info": meta})
    yield DONE


def _describe(service: Service, sample: Sample, body: Mapping[str, Any], *, since: int = 0) -> dict[str, Any]:
    """Returns the sample so far, its tokens from `since` on."""
    meta = service.meta_of(sample)
    if body.get("return_logprob"):
        texts = bool(body.get("return_text_in_logprobs"))
        meta["input_token_logprobs"] = []
        meta["output_token_logprobs"] = service.logprobs_of(sample, start=since, texts=texts)
        meta["output_token_logprobs_length"] = sample.given
    text = service.text_of(sample, body.get("sampling_params") or {})
    return {"text": text, "output_ids": list(sample.ids[since:]), "meta_info": meta}


ROUTES = [Route("/generate", generate, methods=["POST", "PUT"])]
