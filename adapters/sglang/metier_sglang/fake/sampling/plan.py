"""What a sample will be: the scripted tokens, cut where the sampling parameters end them. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any

Decode = Callable[[Sequence[int]], str]

DEFAULT_NEW = 128  # SGLang's max_new_tokens where the request names none


@dataclass(frozen=True, slots=True)
class Plan:
    """The tokens of a sample and why it ends. `text_end` is where its text ends, when that is before the tokens do."""

    ids: tuple[int, ...]
    finish: Mapping[str, Any]
    text_end: int | None = None
    hidden_end: bool = False


def make_plan(
    scripted: Sequence[int], sampling: Mapping[str, Any], *, ends: frozenset[int], room: int, decode: Decode
) -> Plan:
    """Returns the sample that `scripted` gives under `sampling`; `room` is what the context leaves, in tokens.

    The first of these ends it, in SGLang's order where they coincide: the number of tokens, a stop token (returned
    with the sample), a stop string (its tokens are returned, its text is not). `decode` gives text with the special
    tokens in it.
    """
    asked = sampling.get("max_new_tokens", DEFAULT_NEW)
    most = room if asked is None else min(asked, room)
    ids = list(scripted)
    if sampling.get("ignore_eos"):
        ids, ends = list(islice(cycle(ids), most)), frozenset()
    stops = ends | frozenset(sampling.get("stop_token_ids") or ())
    at = next((index for index, token in enumerate(ids) if token in stops), len(ids))
    kept = ids[: at + 1]
    if found := _find_stop(kept, _listed(sampling.get("stop")), decode, most=most):
        count, matched, text_end = found
        if count < most:
            trimmed = None if sampling.get("no_stop_trim") else text_end
            return Plan(tuple(kept[:count]), {"type": "stop", "matched": matched}, trimmed)
    if len(kept) >= most or at == len(ids):
        return Plan(tuple(kept[:most]), {"type": "length", "length": min(most, len(kept))})
    hidden = not sampling.get("no_stop_trim")
    return Plan(tuple(kept), {"type": "stop", "matched": kept[-1]}, hidden_end=hidden)


def logprob_of(token: int, at: int) -> float:
    """Returns the log-probability of a token at a place of the sample: made up, and the same each time."""
    return -((token * 7919 + at * 104729) % 4096) / 8192


def _listed(stop: Any) -> list[str]:
    if not stop:
        return []
    return [stop] if isinstance(stop, str) else [text for text in stop if text]


def _find_stop(ids: Sequence[int], stops: Sequence[str], decode: Decode, *, most: int) -> tuple[int, str, int] | None:
    """Returns after how many tokens a stop string stands in the text, which one, and where in the text it begins."""
    if not any(stop in decode(ids) for stop in stops):
        return None
    for count in range(1, min(len(ids), most) + 1):
        text = decode(ids[:count])
        found = [(text.index(stop), stop) for stop in stops if stop in text]
        if found:
            start, stop = min(found)
            return count, stop, start
    return None
