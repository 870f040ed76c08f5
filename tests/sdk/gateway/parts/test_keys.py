"""The key of an answer holds all that the answer depends on, and nothing else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier.canonical import JSON, canonical_json
from metier.errors import InputError
from metier.gateway.keys import key_of

JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
ARGUMENTS = st.dictionaries(st.text(max_size=4), JSONS, max_size=4)


@settings(deadline=None)
@given(ARGUMENTS)
def test_the_order_of_arguments_does_not_matter(arguments: dict[str, JSON]) -> None:
    assert key_of("s", "t", arguments) == key_of("s", "t", dict(reversed(arguments.items())))


@settings(deadline=None)
@given(ARGUMENTS, ARGUMENTS)
def test_different_arguments_have_different_keys(one: dict[str, JSON], other: dict[str, JSON]) -> None:
    assert (key_of("s", "t", one) == key_of("s", "t", other)) == (canonical_json(one) == canonical_json(other))


def test_numbers_and_truth_are_not_confused_and_unicode_spellings_are_kept_apart() -> None:
    values: list[JSON] = [1, 1.0, True, "1", None, 0, False, "", [], {}, "é", "e\u0301", "\ud800"]
    assert len({key_of("s", "t", {"a": value}) for value in values}) == len(values)


def test_server_tool_arguments_and_conditions_are_each_part_of_the_key() -> None:
    keys = {
        key_of("s", "t", {"a": "1"}),
        key_of("s2", "t", {"a": "1"}),
        key_of("s", "t2", {"a": "1"}),
        key_of("s", "t", {"b": "1"}),
        key_of("s", "t", {"a": "1"}, {"locale": "de"}),
        key_of("s", "t", {"a": "1"}, {"locale": "fr"}),
        key_of("s", "t", {}, {"a": "1"}),
        key_of("st", "", {"a": "1"}),
    }
    assert len(keys) == 8
    assert key_of("s", "t", {}, None) == key_of("s", "t", {}, {})


def test_a_key_gives_away_nothing_and_is_the_same_in_every_process() -> None:
    key = key_of("s", "t", {"token": "hunter2"})
    assert key == "efee7902b601d1aeb763d953612838bce74febd54da771bb22c599b5edad14e8"
    assert "hunter2" not in key


def test_arguments_that_are_not_json_are_the_callers_mistake() -> None:
    for value in (float("nan"), {1, 2}):
        with pytest.raises(InputError, match="'t' are not JSON"):
            key_of("s", "t", {"a": value})  # type: ignore[dict-item]
