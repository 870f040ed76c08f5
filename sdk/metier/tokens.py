"""What a model server was sent and what it sampled, in token ids: the raw material of training. Pure.

A turn's prompt is the sequence of an earlier turn, prompt and sample together, or a part of it, and tokens added after
that. So a run of many turns stores each token once, and a training sample is what was sent and sampled, joined: text is
never tokenised again.
"""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer, TypeAdapter, ValidationError

from metier.canonical import JSON
from metier.errors import InputError

DETAILS = "tokens"  # the key under which a model adapter puts a TokenRecord into a response's provider details


def _to_json(numbers: tuple[float, ...]) -> list[float | None]:
    return [number if math.isfinite(number) else None for number in numbers]


def _from_json(numbers: object) -> object:
    if isinstance(numbers, list | tuple) and None in numbers:
        return [math.nan if number is None else number for number in numbers]
    return numbers


Logprobs = Annotated[
    tuple[float, ...], BeforeValidator(_from_json), PlainSerializer(_to_json, when_used="json", return_type=list)
]
"""Natural logarithms of probabilities. JSON has no NaN and no infinity: they are written as null and read as NaN."""


Token = Annotated[int, Field(ge=0, lt=1 << 31)]
"""The id of a token. Servers and trainers keep them in 32 bits: a larger one, or one below 0, is none."""


@dataclass(frozen=True, slots=True)
class Span:
    """Tokens `start` to `end` (exclusive) of a sample that one version of the weights gave."""

    version: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TokenRecord:
    """One response in token ids.

    `rid` is the request's id, `after` that of the response whose sequence this prompt goes on from ("" for none) and
    `kept` how many of its tokens it took over. `added` are the tokens sent after those, `sampled` what came back, the
    end-of-turn token included where one was sampled, and `logprobs` the natural logarithm of each sampled token's
    probability: as many as `sampled`, NaN for one that is not known, or none at all where the server gave none.
    `cached` counts the prompt tokens that the server found in its prefix cache, None where it did not say. `finish` is
    "stop", "length" or "abort", `server` who answered, `spans` the versions of the weights over the sample.
    """

    rid: str
    after: str
    kept: int
    added: tuple[Token, ...]
    sampled: tuple[Token, ...]
    logprobs: Logprobs = ()
    cached: int | None = None
    finish: str = ""
    server: str = ""
    spans: tuple[Span, ...] = ()

    @property
    def prompt(self) -> int:
        """Returns the number of prompt tokens."""
        return self.kept + len(self.added)


_RECORD: TypeAdapter[TokenRecord] = TypeAdapter(TokenRecord)


def dump_record(record: TokenRecord) -> dict[str, JSON]:
    """Returns the record as JSON, for a response's provider details."""
    plain: dict[str, JSON] = _RECORD.dump_python(record, mode="json")
    return plain


def load_record(value: object) -> TokenRecord:
    """Returns the record that `dump_record` wrote; raises InputError for anything else."""
    try:
        record = _RECORD.validate_python(value)
    except ValidationError as error:
        raise InputError(f"This is no token record: {error.errors()[0]['msg']}.", hint="It is damaged.") from error
    if len(record.logprobs) not in (0, len(record.sampled)) or record.kept < 0 or (record.kept and not record.after):
        raise InputError(f"The token record {record.rid!r} contradicts itself.", hint="It is damaged.")
    return record


@dataclass(frozen=True, slots=True)
class Sequence:
    """Tokens in the order in which the server saw them.

    `mask` is True where a token was sampled and False where it was sent; `logprobs` has a number for each sampled
    token (NaN where the server gave none) and 0.0 for each one sent. `turns` are the ids of the responses in it, oldest
    first, `spans` the versions of the weights, by position in `ids`.
    """

    ids: tuple[int, ...]
    mask: tuple[bool, ...]
    logprobs: tuple[float, ...]
    turns: tuple[str, ...]
    spans: tuple[Span, ...] = ()


def sequence_of(rid: str, records: Mapping[str, TokenRecord]) -> Sequence:
    """Returns the whole sequence that ends with the sample of `rid`; raises InputError when a record is missing."""
    chain = _chain(rid, records)
    return _sequence(chain, {record.rid for record in chain})


def join(records: Iterable[TokenRecord]) -> tuple[Sequence, ...]:
    """Returns the fewest sequences that hold every sample of `records`, in the order in which they end.

    A response that goes on from the whole of an earlier one lies in one sequence with it. One that goes on from a part
    of it only, or from nothing, begins a sequence of its own; every sequence stands for one training sample. Each
    sampled token is marked in the mask of one of them only, the first that holds its whole sample, so that training
    counts it once.
    """
    known = {record.rid: record for record in records}
    held: set[str] = set()
    sequences: list[Sequence] = []
    for rid in _ends(known):
        chain = _chain(rid, known)
        whole = _whole(chain)
        sequences.append(_sequence(chain, whole - held))
        held |= whole
    return tuple(sequences)


def _ends(known: Mapping[str, TokenRecord]) -> list[str]:
    """Returns the responses that sampled something and that no such response goes on from the whole of."""
    continued: set[str] = set()
    for record in known.values():
        at = record if record.sampled else None
        while at is not None and (before := known.get(at.after)) is not None and _goes_on(at, before):
            if before.rid in continued:
                break
            continued.add(before.rid)
            at = None if before.sampled else before
    return [rid for rid, record in known.items() if record.sampled and rid not in continued]


def _whole(chain: Iterable[TokenRecord]) -> set[str]:
    """Returns the responses of the chain of whose samples nothing is cut off by what comes after them."""
    whole: set[str] = set()
    least: float = math.inf
    for record in reversed(list(chain)):
        if record.prompt + len(record.sampled) <= least:
            whole.add(record.rid)
        least = min(least, record.kept)
    return whole


def _goes_on(record: TokenRecord, before: TokenRecord) -> bool:
    return record.kept == before.prompt + len(before.sampled)


def _chain(rid: str, records: Mapping[str, TokenRecord]) -> list[TokenRecord]:
    chain: list[TokenRecord] = []
    seen: set[str] = set()
    while rid:
        record = records.get(rid)
        if record is None or rid in seen:
            raise InputError(f"The tokens of the response {rid!r} are missing.", hint="The trace is damaged.")
        seen.add(rid)
        chain.append(record)
        rid = record.after
    return chain[::-1]


@dataclass(slots=True)
class _Joined:
    """A sequence in the making."""

    ids: list[int] = field(default_factory=list)
    mask: list[bool] = field(default_factory=list)
    logprobs: list[float] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)

    def cut(self, kept: int) -> None:
        del self.ids[kept:], self.mask[kept:], self.logprobs[kept:]
        self.spans = [Span(span.version, span.start, min(span.end, kept)) for span in self.spans if span.start < kept]

    def extend(self, record: TokenRecord, *, marked: bool) -> None:
        self.ids += record.added
        self.mask += [False] * len(record.added)
        self.logprobs += [0.0] * len(record.added)
        start = len(self.ids)
        self.spans += [Span(span.version, span.start + start, span.end + start) for span in record.spans]
        self.ids += record.sampled
        self.mask += [marked] * len(record.sampled)
        self.logprobs += record.logprobs or [math.nan] * len(record.sampled)


def _sequence(chain: list[TokenRecord], marked: Collection[str]) -> Sequence:
    """Returns the tokens of the chain, with the samples of the `marked` responses marked in its mask."""
    joined = _Joined()
    for record in chain:
        if len(joined.ids) < record.kept:
            raise InputError(
                f"The response {record.rid!r} goes on from tokens that are not there.", hint="It is damaged."
            )
        if record.kept < len(joined.ids):
            joined.cut(record.kept)
        joined.extend(record, marked=record.rid in marked)
    turns = tuple(record.rid for record in chain)
    return Sequence(tuple(joined.ids), tuple(joined.mask), tuple(joined.logprobs), turns, tuple(joined.spans))
