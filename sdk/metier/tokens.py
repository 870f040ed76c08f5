"""What a model server was sent and what it sampled, in token ids: the raw material of training. Pure.

A turn's prompt is the sequence of an earlier turn, prompt and sample together, or a part of it, and tokens added after
that. So a run of many turns stores each token once, and a training sample is what was sent and sampled, joined: text is
never tokenised again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from metier.canonical import JSON
from metier.errors import InputError

DETAILS = "tokens"  # the key under which a model adapter puts a TokenRecord into a response's provider details


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
    probability (as many as `sampled`, or none where the server gave none). `cached` counts the prompt tokens that the
    server found in its prefix cache, None where it did not say. `finish` is "stop", "length" or "abort", `server` who
    answered, `spans` the versions of the weights over the sample.
    """

    rid: str
    after: str
    kept: int
    added: tuple[int, ...]
    sampled: tuple[int, ...]
    logprobs: tuple[float, ...] = ()
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
        return _RECORD.validate_python(value)
    except ValidationError as error:
        raise InputError(f"This is no token record: {error.errors()[0]['msg']}.", hint="It is damaged.") from error


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
    ids: list[int] = []
    mask: list[bool] = []
    logprobs: list[float] = []
    spans: list[Span] = []
    for record in chain:
        del ids[record.kept :], mask[record.kept :], logprobs[record.kept :]
        spans = [
            Span(span.version, span.start, min(span.end, record.kept)) for span in spans if span.start < record.kept
        ]
        _extend(record, ids, mask, logprobs, spans)
    return Sequence(tuple(ids), tuple(mask), tuple(logprobs), tuple(record.rid for record in chain), tuple(spans))


def join(records: Iterable[TokenRecord]) -> tuple[Sequence, ...]:
    """Returns the fewest sequences that hold every sample of `records`, in the order in which they end.

    A response that goes on from the whole of an earlier one lies in one sequence with it. One that goes on from a part
    of it only, or from nothing, begins a sequence of its own; every sequence stands for one training sample.
    """
    known = {record.rid: record for record in records}
    lengths: dict[str, int] = {rid: record.prompt + len(record.sampled) for rid, record in known.items()}
    continued = {record.after for record in known.values() if record.after and record.kept == lengths.get(record.after)}
    return tuple(sequence_of(rid, known) for rid in known if rid not in continued)


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


def _extend(record: TokenRecord, ids: list[int], mask: list[bool], logprobs: list[float], spans: list[Span]) -> None:
    if len(ids) != record.kept:
        raise InputError(f"The response {record.rid!r} goes on from tokens that are not there.", hint="It is damaged.")
    ids += record.added
    mask += [False] * len(record.added)
    logprobs += [0.0] * len(record.added)
    spans += [Span(span.version, span.start + len(ids), span.end + len(ids)) for span in record.spans]
    ids += record.sampled
    mask += [True] * len(record.sampled)
    logprobs += record.logprobs or [float("nan")] * len(record.sampled)
