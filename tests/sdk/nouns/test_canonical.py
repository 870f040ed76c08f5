"""Digests of values that grow: equal for equal values, whatever was digested before."""

from hypothesis import given, settings
from hypothesis import strategies as st

from metier.canonical import JSON, Digests, canonical_json

TEXT = st.text(max_size=4)
VALUES: st.SearchStrategy[JSON] = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.just(1.0) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(VALUES, min_size=2, max_size=6))
def test_values_have_equal_digests_exactly_when_they_are_written_the_same(values: list[JSON]) -> None:
    digest = Digests()
    for one in values:
        for other in values:
            same = canonical_json(one) == canonical_json(other)
            assert (digest(one) == Digests()(other)) == same


@settings(max_examples=40, deadline=None)
@given(st.lists(VALUES, max_size=6))
def test_what_was_digested_before_changes_no_digest(items: list[JSON]) -> None:
    digest = Digests()
    for at in range(len(items)):
        assert digest({"messages": items[:at], "at": at}) == Digests()({"messages": items[:at], "at": at})


def test_what_stood_in_a_list_before_is_not_written_again() -> None:
    class Counted(dict[str, JSON]):
        """Counts how often it is written."""

        written = 0

        def items(self) -> object:  # type: ignore[override]
            Counted.written += 1
            return super().items()

    digest = Digests()
    history: list[JSON] = []
    for at in range(20):
        history.append(Counted(number=at))
        digest({"messages": list(history)})
    assert Counted.written == 20
