"""Differences between JSON values: restoring is exact, and what is shared is not kept twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metier.canonical import JSON, canonical_json
from metier.delta import difference, first_change, restore
from metier.errors import InputError

TEXT = st.text(max_size=8)
VALUES: st.SearchStrategy[JSON] = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.just(1.0) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES, VALUES)
def test_a_difference_restores_the_new_value_to_the_letter(old: JSON, new: JSON) -> None:
    assert canonical_json(restore(old, difference(old, new))) == canonical_json(new)


@given(st.lists(VALUES, max_size=5), st.lists(VALUES, max_size=3))
def test_a_list_that_grew_costs_its_tail(old: list[JSON], tail: list[JSON]) -> None:
    assert difference(old, [*old, *tail]) == (["l", len(old), tail] if tail else ["="])


@given(VALUES, VALUES)
def test_a_change_is_named_exactly_when_there_is_one(old: JSON, new: JSON) -> None:
    assert (first_change(old, new) == "") == (canonical_json(old) == canonical_json(new))


@pytest.mark.parametrize("delta", [None, [], ["l", 3, []], ["l", "a", []], ["d", {}], ["x"], ["d", {"a": ["q"]}, []]])
def test_what_is_no_difference_is_refused(delta: JSON) -> None:
    with pytest.raises(InputError):
        restore({"a": 1} if isinstance(delta, list) and delta[:1] == ["d"] else [1], delta)
