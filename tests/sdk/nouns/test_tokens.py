"""Token records: written and read back, and joined into the fewest sequences that hold every sample once."""

import math
from collections.abc import Sequence as Items
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier.canonical import canonical_json
from metier.errors import InputError
from metier.tokens import Sequence, Span, TokenRecord, dump_record, join, load_record, sequence_of

IDS = st.lists(st.integers(0, 200_000), max_size=5).map(tuple)
NUMBERS = st.floats(-50, 0) | st.just(math.nan)


@st.composite
def trees(draw: st.DrawFn) -> list[TokenRecord]:
    """Draws responses each of which goes on from the whole or a part of an earlier one, or from nothing."""
    records: list[TokenRecord] = []
    for at in range(draw(st.integers(1, 7))):
        before = draw(st.sampled_from([None, *records])) if records else None
        length = 0 if before is None else before.prompt + len(before.sampled)
        kept = draw(st.just(length) | st.integers(0, length))
        sampled = draw(IDS)
        logprobs = draw(st.just(()) | st.lists(NUMBERS, min_size=len(sampled), max_size=len(sampled)).map(tuple))
        after = before.rid if before is not None and kept else ""
        spans = (Span(f"v{at}", 0, len(sampled)),) if sampled else ()
        records.append(TokenRecord(f"r{at}", after, kept, draw(IDS), sampled, logprobs, spans=spans))
    return records


def whole(record: TokenRecord, records: Items[TokenRecord]) -> tuple[int, ...]:
    """Returns all tokens up to the end of `record`, taken together the plain way."""
    known = {one.rid: one for one in records}
    before = whole(known[record.after], records) if record.after else ()
    return (*before[: record.kept], *record.added, *record.sampled)


@settings(max_examples=40, deadline=None)
@given(trees())
def test_a_record_is_read_back_as_it_was_written_in_json_that_every_parser_reads(records: list[TokenRecord]) -> None:
    for record in records:
        plain = dump_record(record)
        again = load_record(plain)
        assert "NaN" not in canonical_json(plain)
        assert replace(again, logprobs=()) == replace(record, logprobs=())
        assert [*map(str, again.logprobs)] == [*map(str, record.logprobs)]


def test_a_probability_of_nothing_is_written_as_null() -> None:
    record = TokenRecord("a", "", 0, (1,), (2, 3, 4), (-math.inf, math.nan, -0.5))
    assert dump_record(record)["logprobs"] == [None, None, -0.5]
    assert [math.isnan(number) for number in load_record(dump_record(record)).logprobs] == [True, True, False]


@pytest.mark.parametrize(
    "damage",
    [
        {"sampled": "x"},
        {"logprobs": [0.0]},
        {"kept": -1},
        {"kept": 3, "after": ""},
        {"spans": [{"version": 1}]},
        {"rid": None},
    ],
)
def test_what_is_no_record_is_refused(damage: dict[str, object]) -> None:
    plain = dump_record(TokenRecord("a", "", 0, (1,), (2, 3)))
    for value in ({**plain, **damage}, None, [plain]):
        with pytest.raises(InputError):
            load_record(value)


@settings(max_examples=40, deadline=None)
@given(trees())
def test_a_sequence_is_what_was_sent_and_sampled_in_order(records: list[TokenRecord]) -> None:
    known = {record.rid: record for record in records}
    for record in records:
        sequence = sequence_of(record.rid, known)
        assert sequence.ids == whole(record, records)
        assert len(sequence.ids) == len(sequence.mask) == len(sequence.logprobs)
        assert sequence.mask[len(sequence.ids) - len(record.sampled) :] == (True,) * len(record.sampled)
        assert all(0 <= span.start < span.end <= len(sequence.ids) for span in sequence.spans)
        assert all(number == 0 for number, marked in zip(sequence.logprobs, sequence.mask, strict=True) if not marked)


@settings(max_examples=40, deadline=None)
@given(trees())
def test_every_sampled_token_is_marked_in_one_sequence_and_once(records: list[TokenRecord]) -> None:
    sequences = join(records)
    assert sum(sum(sequence.mask) for sequence in sequences) == sum(len(record.sampled) for record in records)
    for record in records:
        full = whole(record, records)
        at = slice(len(full) - len(record.sampled), len(full))
        assert any(one.ids[: len(full)] == full and all(one.mask[at]) for one in sequences) or not record.sampled


@settings(max_examples=40, deadline=None)
@given(trees())
def test_no_sequence_could_be_left_out(records: list[TokenRecord]) -> None:
    for sequence in join(records):
        assert any(sequence.mask)


def test_a_run_that_only_goes_on_is_one_sequence() -> None:
    records = [TokenRecord("0", "", 0, (1, 2), (3,), (-0.1,), spans=(Span("a", 0, 1),))]
    for at in range(1, 400):
        before = records[-1]
        length = before.prompt + 1
        records.append(TokenRecord(str(at), before.rid, length, (4, 5), (6,), (-0.2,), spans=(Span("b", 0, 1),)))
    (sequence,) = join(records)
    assert sequence.ids[:7] == (1, 2, 3, 4, 5, 6, 4)
    assert sequence.turns == tuple(str(at) for at in range(400))
    assert (sequence.spans[0], sequence.spans[-1]) == (Span("a", 2, 3), Span("b", 1199, 1200))


def test_a_prompt_that_drops_what_was_thought_begins_another_sequence() -> None:
    first = TokenRecord("a", "", 0, (1, 2), (10, 11, 12), (-1.0, -1.0, -1.0))
    second = TokenRecord("b", "a", 2, (12, 3), (13,), (-2.0,))
    assert join([first, second]) == (
        Sequence((1, 2, 10, 11, 12), (False, False, True, True, True), (0, 0, -1, -1, -1), ("a",)),
        Sequence((1, 2, 12, 3, 13), (False, False, False, False, True), (0, 0, 0, 0, -2), ("a", "b")),
    )


def test_answers_to_one_prompt_train_it_once() -> None:
    first = TokenRecord("a", "", 0, (1,), (2,), (-1.0,))
    twins = [TokenRecord(name, "a", 2, (3,), (4,), (-1.0,)) for name in ("b", "c")]
    assert [one.mask for one in join([first, *twins])] == [(False, True, False, True), (False, False, False, True)]


@settings(max_examples=20, deadline=None)
@given(trees())
def test_a_missing_record_is_named(records: list[TokenRecord]) -> None:
    last = replace(records[-1], after="gone", kept=0)
    with pytest.raises(InputError, match="'gone' are missing"):
        sequence_of(last.rid, {last.rid: last})


def test_records_that_go_round_in_a_circle_are_refused() -> None:
    circle = {name: TokenRecord(name, other, 0, (1,), (2,)) for name, other in (("a", "b"), ("b", "a"))}
    with pytest.raises(InputError, match="missing"):
        sequence_of("a", circle)


def test_a_record_that_keeps_more_than_there_was_is_refused() -> None:
    with pytest.raises(InputError, match="not there"):
        join([TokenRecord("a", "", 0, (1,), (2,)), TokenRecord("b", "a", 3, (1,), (2,))])
