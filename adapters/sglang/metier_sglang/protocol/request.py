"""A request as SGLang reads it, and what is left to ask of one that was interrupted. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from metier.canonical import JSON
from metier_sglang.protocol.generation import GenerateRequest

DEFAULT_NEW_TOKENS = 128  # what SGLang samples at most when `max_new_tokens` is not said (SamplingParams)
_GRAMMARS = ("json_schema", "regex", "ebnf", "structural_tag")
_PLAIN = json.JSONEncoder(separators=(",", ":"))


def encode_request(request: GenerateRequest, *, stream: bool) -> bytes:
    """Returns the body of `POST /generate`. The prompt is spliced in as the text it already is."""
    fields: dict[str, object] = {
        "rid": request.rid,
        "sampling_params": request.sampling,
        "stream": stream,
        **_options(request),
    }
    encode = _PLAIN.encode
    head = ",".join([f'"{name}":{encode(value)}' for name, value in fields.items()])
    return f'{{"input_ids":[{request.encoded}],{head}}}'.encode()


def _options(request: GenerateRequest) -> dict[str, object]:
    options: dict[str, object] = {}
    if request.logprobs:
        options |= {"return_logprob": True, "logprob_start_len": -1}
    if request.priority is not None:
        options["priority"] = request.priority
    if request.lora:
        options["lora_path"] = request.lora
    if request.images:
        options["image_data"] = list(request.images)
    if request.require_reasoning:
        options["require_reasoning"] = True
    if request.key:
        options["routing_key"] = request.key
    return options


def rest_of(request: GenerateRequest, sampled: Sequence[int], *, attempt: int) -> GenerateRequest:
    """Returns the request for what is left after `sampled`, as attempt number `attempt` (from 1 on, 0 is the first).

    The sampled tokens become prompt, and as many fewer are asked for. Each attempt has a request id of its own, since
    a server may still be at an earlier one.
    """
    rid = f"{request.rid}-{attempt}" if attempt else request.rid
    if not sampled:
        return replace(request, rid=rid) if attempt else request
    told = ",".join(map(str, sampled))
    return replace(
        request,
        rid=rid,
        input_ids=(*request.input_ids, *sampled),
        encoded=f"{request.encoded},{told}" if request.encoded else told,
        sampling=_less(request.sampling, len(sampled)),
    )


def left_of(sampling: Mapping[str, JSON], sampled: int) -> int | None:
    """Returns how many tokens may still be sampled after `sampled` ones; None where only the context limits them."""
    limit = sampling.get("max_new_tokens", DEFAULT_NEW_TOKENS)
    return limit - sampled if isinstance(limit, int) else None


def is_bound(sampling: Mapping[str, JSON]) -> bool:
    """Returns whether a grammar binds the sample.

    The server matches a grammar from the first token that it samples itself, so that what such a sample began can not
    be gone on with elsewhere.
    """
    return any(sampling.get(name) is not None for name in _GRAMMARS)


def _less(sampling: Mapping[str, JSON], sampled: int) -> dict[str, JSON]:
    least = sampling.get("min_new_tokens")
    left = left_of(sampling, sampled)
    rest: dict[str, JSON] = {**sampling, "max_new_tokens": left and max(left, 0)}
    if isinstance(least, int):
        rest["min_new_tokens"] = max(least - sampled, 0)
    return rest
