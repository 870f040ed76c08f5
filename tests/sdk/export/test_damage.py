"""Damaged token records: one run that has them is left out by name, and the others are written."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from metier.canonical import JSON, read_back
from metier.errors import InputError
from metier.export.exporting import Wish, export_runs
from metier.export.files import read_rows
from metier.export.formats import Format
from metier.export.record import Conversation, Record, record_of
from metier.export.sharegpt import sharegpt_rows
from metier.runtime.runs import open_run
from metier.tokens import TokenRecord, dump_record, load_record, sequence_of

WHOLE = TokenRecord("a", "", 0, (1, 2), (3,), (-0.5,))


def broken(record: Record) -> Iterator[dict[str, JSON]]:
    """Makes rows as the tokens format does, where the tokens of one run go on from what is not there."""
    if record.trace.run == "plain":
        sequence_of("b", {"b": TokenRecord("b", "gone", 3, (), (4,))})
    yield {"run": record.trace.run}


def test_a_run_with_damaged_tokens_does_not_stop_the_others(home: Path, tmp_path: Path) -> None:
    form = Format("broken", "", broken, {"run": "text"})
    done = export_runs(["plain", "tokened"], Wish(form, tmp_path / "rows"), home=home)
    assert [row["run"] for row in read_rows(tmp_path / "rows")] == ["tokened"]
    assert done.skipped == (("plain", "cannot be read"),)


@pytest.mark.parametrize("name", ["added", "sampled"])
@pytest.mark.parametrize("number", [-1, 1 << 31, 10**30])
def test_a_record_of_what_is_no_token_is_damaged(name: str, number: int) -> None:
    with pytest.raises(InputError, match="no token record"):
        load_record({**dump_record(WHOLE), "logprobs": [], name: [number]})


def test_records_that_go_in_a_circle_are_damaged() -> None:
    with pytest.raises(InputError, match="missing"):
        sequence_of("a", {"a": TokenRecord("a", "b", 1, (), (1,)), "b": TokenRecord("b", "a", 1, (), (1,))})


@pytest.mark.parametrize("text", ["Infinity", '{"a": NaN}', '{"a": -1e999}', "[" * 100_000, "{"])
def test_arguments_that_are_no_json_stay_as_they_are(home: Path, text: str) -> None:
    call: JSON = {"id": "c", "type": "function", "function": {"name": "f", "arguments": text}}
    record = record_of(*open_run("plain", home))
    said = Conversation("", ({"role": "assistant", "content": "", "tool_calls": [call]},), {})
    (row,) = sharegpt_rows(replace(record, conversations=(said,)))
    assert read_back(text) in list(_texts_in(read_back(row)))


def _texts_in(value: JSON) -> Iterator[JSON]:
    """Yields the arguments of every call that the turns of a row hold, written as JSON in text."""
    turns = value["conversations"] if isinstance(value, dict) else []
    for turn in turns if isinstance(turns, list) else []:
        if isinstance(turn, dict) and turn["from"] == "function_call":
            calls = json.loads(str(turn["value"]))
            yield from (call["arguments"] for call in (calls if isinstance(calls, list) else [calls]))
