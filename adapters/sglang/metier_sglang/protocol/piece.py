"""What one reply or stream chunk of `/generate` tells, read strictly. Pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeGuard, cast

from metier.canonical import JSON
from metier.tokens import Span
from metier_sglang.protocol.reply import strange

_FINISHES = ("stop", "length", "abort")
_LARGEST = (1 << 31) - 1  # SGLang keeps token ids, and counts of them, in 32 bits: no server has a larger one


@dataclass(frozen=True, slots=True)
class Piece:
    """The tokens that are new in a chunk, and what it says of the whole.

    `finish` is "" while the sample goes on. `message` and `status` are an abort's. `spans` count from the first token
    that this request sampled. `logprobs` are as many as `ids`, or none.
    """

    ids: tuple[int, ...]
    logprobs: tuple[float, ...]
    finish: str
    message: str
    status: int | None
    prompt_tokens: int
    cached: int | None
    version: str
    spans: tuple[Span, ...]


def read_piece(value: Mapping[str, JSON], *, seen: int, logprobs: bool, server: str) -> Piece:
    """Returns the piece that a reply of `/generate` holds, after `seen` tokens of the same request.

    SGLang's chunks repeat the output so far, or hold the new tokens only (`--incremental-streaming-output`), or, when a
    request is aborted on such a server, the last token again. All three say how many tokens there are by now, so that
    the last ones of the list, as many as are missing, are the new ones. Raises ServerError for anything else.
    """
    meta = value.get("meta_info")
    if not isinstance(meta, dict):
        raise strange(server, "meta_info is missing from its reply")
    ids = _ids(value.get("output_ids"), server)
    count = _count(meta, "completion_tokens", server)
    new = (len(ids) if count is None else count) - seen
    if not 0 <= new <= len(ids):
        raise strange(server, f"it gave {len(ids)} tokens of {count} where {seen} were known")
    fresh = tuple(ids[len(ids) - new :])
    finish, reason = _finish(meta, server)
    return Piece(
        ids=fresh,
        logprobs=_logprobs(meta.get("output_token_logprobs"), fresh, server) if logprobs and fresh else (),
        finish=finish,
        message=str(reason.get("message") or ""),
        status=_status(reason.get("status_code")),
        prompt_tokens=_count(meta, "prompt_tokens", server) or 0,
        cached=_count(meta, "cached_tokens", server),
        version=_text(meta.get("weight_version")),
        spans=_spans(meta.get("weight_versions"), seen + new, server),
    )


def _ids(value: JSON, server: str) -> list[int]:
    if not isinstance(value, list):
        raise strange(server, "output_ids are missing from its reply")
    if not value:
        return []
    if set(map(type, value)) != {int} or min(cast("list[int]", value)) < 0 or max(cast("list[int]", value)) > _LARGEST:
        raise strange(server, "output_ids hold something else than token ids")
    return cast("list[int]", value)


def _count(meta: Mapping[str, JSON], name: str, server: str) -> int | None:
    value = meta.get(name)
    if value is None:
        return None
    if type(value) is not int or not 0 <= value <= _LARGEST:
        raise strange(server, f"{name} is no number of tokens")
    return value


def _logprobs(value: JSON, ids: tuple[int, ...], server: str) -> tuple[float, ...]:
    """Returns the new tokens' log-probabilities; none when the server left one of them out or it is no number."""
    entries = value[-len(ids) :] if isinstance(value, list) else []
    if len(entries) < len(ids):
        return ()
    pairs = [(entry[0], entry[1]) for entry in entries if isinstance(entry, list) and len(entry) > 1]
    if tuple([token for _, token in pairs]) != ids:
        raise strange(server, "its log-probabilities are of other tokens than it sampled")
    numbers = [float(number) for number, _ in pairs if _is_number(number)]
    return tuple(numbers) if len(numbers) == len(ids) and all(map(math.isfinite, numbers)) else ()


def _is_number(value: JSON) -> TypeGuard[float]:
    """Returns whether `value` is a number that a float can hold: JSON has whole numbers of any length."""
    return type(value) is float or (type(value) is int and abs(value) <= _LARGEST)


def _finish(meta: Mapping[str, JSON], server: str) -> tuple[str, Mapping[str, JSON]]:
    reason = meta.get("finish_reason")
    if reason is None:
        return "", {}
    kind = reason.get("type") if isinstance(reason, dict) else None
    if not isinstance(reason, dict) or kind not in _FINISHES:
        raise strange(server, "finish_reason is none that SGLang knows")
    return str(kind), reason


def _status(value: JSON) -> int | None:
    return value if isinstance(value, int) and 400 <= value < 600 else None


def _spans(value: JSON, count: int, server: str) -> tuple[Span, ...]:
    if not isinstance(value, list):
        return ()
    spans: list[Span] = []
    for item in value:
        start, end = (item.get("start"), item.get("end")) if isinstance(item, dict) else (None, None)
        if not isinstance(item, dict) or not isinstance(start, int) or not isinstance(end, int):
            raise strange(server, "weight_versions are no spans of tokens")
        if 0 <= start < min(end, count):
            spans.append(Span(_text(item.get("version")), start, min(end, count)))
    return tuple(spans)


def _text(value: JSON) -> str:
    return "" if value is None else str(value)
