"""Runs in token ids: what the server was sent and what it sampled, one row for each sequence. Pure."""

import math
from collections.abc import Iterator, Mapping

from metier.canonical import JSON
from metier.export.record import Record, about
from metier.tokens import Sequence, TokenRecord, join


def token_rows(record: Record) -> Iterator[dict[str, JSON]]:
    """Yields a row for each sequence of `metier.tokens.join`, with what is said of the run.

    `ids` are all tokens, `mask` is 1 where one was sampled and this row is to train it, `logprobs` are the sampler's
    natural logarithms by position (0 for tokens that were sent, null where the server gave none), `prompt_length`
    counts the tokens before the first that is trained, `spans` say which version of the weights sampled which tokens.
    Sequences whose prompt is not known are left out. `metier.export.trainers` has a row in the fields of trainers.
    """
    records = {turn.tokens.rid: turn.tokens for turn in record.trace.turns if turn.tokens is not None}
    for at, sequence in enumerate(join(records.values())):
        length = sequence.mask.index(True) if True in sequence.mask else 0
        if length:
            yield {**_row(at, sequence, records, length), **about(record)}


def _row(at: int, sequence: Sequence, records: Mapping[str, TokenRecord], length: int) -> dict[str, JSON]:
    spans: list[JSON] = [{"version": span.version, "start": span.start, "end": span.end} for span in sequence.spans]
    return {
        "sequence": at,
        "ids": [*sequence.ids],
        "mask": [int(marked) for marked in sequence.mask],
        "logprobs": [number if math.isfinite(number) else None for number in sequence.logprobs],
        "prompt_length": length,
        "spans": spans,
        "responses": [*sequence.turns],
        "finish": records[sequence.turns[-1]].finish,
    }
