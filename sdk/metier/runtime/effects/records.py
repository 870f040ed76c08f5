"""Token records in responses: read where an adapter, or an OpenAI-shaped server, put them; left out beside a secret."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from pydantic_ai.messages import ModelResponse

from metier.canonical import JSON
from metier.errors import InputError
from metier.redaction import Redaction
from metier.tokens import DETAILS, TokenRecord, load_record

_PROMPTS = ("prompt_token_ids",)
_SAMPLES = ("response_token_ids", "token_ids")
_NUMBERS = ("added", "sampled", "logprobs")  # of a record: as they stand, a number of theirs is no secret
_SPELLING = (DETAILS, "unmapped", "logprobs")  # provider details that may spell a secret token by token


def tokens_in(response: ModelResponse, rid: str) -> TokenRecord | None:
    """Returns the token record of `response`, or None when it has none that can be read.

    An adapter of metier puts one under `tokens` in the provider details. Servers that speak OpenAI's protocol (SGLang,
    vLLM) give the ids as fields of their own, which pydantic-ai keeps with `openai_include_unmapped_response_data`;
    these make a record that goes on from no other, named `rid` where the response has no id.
    """
    details = response.provider_details or {}
    if DETAILS in details:
        try:
            return load_record(details[DETAILS])
        except InputError:
            return None
    return _unmapped(response, details, rid)


def mask_output(output: dict[str, JSON], redaction: Redaction, *, clean: bool) -> dict[str, JSON]:
    """Returns a model call's output with every secret masked.

    Token ids spell what they stand for: where a secret was masked in the response, or in what the model was shown (not
    `clean`), no record of its tokens is kept.
    """
    if redaction.pattern is None:
        return output
    details = _details_in(output)
    record = _mapping(details.get(DETAILS))
    told = {name: value for name, value in record.items() if name not in _NUMBERS}
    plain = _with_details(output, _without(details, (DETAILS,)))
    masked = _mapping(redaction.json(plain))
    left = _details_in(masked)
    if not clean or masked != plain or redaction.json(told) != told:
        return _with_details(masked, _without(left, _SPELLING))
    return _with_details(masked, {**left, DETAILS: record}) if record else masked


def _details_in(output: Mapping[str, JSON]) -> dict[str, JSON]:
    return _mapping(_mapping(output.get("response")).get("provider_details"))


def _with_details(output: dict[str, JSON], details: JSON) -> dict[str, JSON]:
    response = _mapping(output.get("response"))
    if response.get("provider_details") is None:
        return output
    return {**output, "response": {**response, "provider_details": details}}


def _mapping(value: JSON) -> dict[str, JSON]:
    return value if isinstance(value, dict) else {}


def _without(details: Mapping[str, JSON], names: tuple[str, ...]) -> dict[str, JSON]:
    return {name: value for name, value in details.items() if name not in names}


def _unmapped(response: ModelResponse, details: Mapping[str, object], rid: str) -> TokenRecord | None:
    found = details.get("unmapped")
    places = list(_places(found)) if isinstance(found, dict) else []
    sampled = _ids(places, _SAMPLES)
    if not sampled:
        return None
    record = TokenRecord(
        rid=response.provider_response_id or rid,
        after="",
        kept=0,
        added=_ids(places, _PROMPTS),
        sampled=sampled,
        cached=response.usage.cache_read_tokens or None,
        finish=str(response.finish_reason or ""),
        server=response.provider_url or "",
    )
    logprobs = _logprobs(details)
    return replace(record, logprobs=logprobs) if len(logprobs) == len(sampled) else record


def _places(unmapped: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """Yields the parts of a response that pydantic-ai kept, those of each chunk of a stream in order."""
    chunks = unmapped.get("chunks")
    for part in chunks if isinstance(chunks, list) else [unmapped]:
        if isinstance(part, dict):
            yield from (part[name] for name in ("response", "choice") if isinstance(part.get(name), dict))


def _ids(places: list[Mapping[str, object]], names: tuple[str, ...]) -> tuple[int, ...]:
    lists = (place[name] for place in places for name in names if isinstance(place.get(name), list))
    return tuple(token for ids in lists if isinstance(ids, list) for token in ids if isinstance(token, int))


def _logprobs(details: Mapping[str, object]) -> tuple[float, ...]:
    tokens = details.get("logprobs")
    if not isinstance(tokens, list):
        return ()
    stated = (token.get("logprob") for token in tokens if isinstance(token, dict))
    return tuple(float(number) for number in stated if isinstance(number, int | float))
