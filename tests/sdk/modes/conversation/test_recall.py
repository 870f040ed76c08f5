"""Evidence that is no longer in the prompt is found again, by id and by words."""

from hypothesis import given, settings
from hypothesis import strategies as st

from metier.modes.recall import MOST, MOST_IDS, find_evidence, pick_evidence
from tests.sdk.modes.reactive import record_fact

FACTS = {item.id: item for item in (record_fact(number) for number in range(30))}


def test_the_piece_with_most_of_the_words_comes_first_and_of_equals_the_newest() -> None:
    found = find_evidence(FACTS, "FACT 7 times nothing")
    assert found[0] == record_fact(7)
    assert found[1:] == tuple(record_fact(number) for number in range(29, 25, -1))
    assert len(found) == MOST


def test_what_is_named_comes_before_what_is_found_and_nothing_twice() -> None:
    named = record_fact(3)
    assert pick_evidence(FACTS, [named.id, "ev-0000000000000000", named.id], "9")[:2] == (named, record_fact(9))
    assert pick_evidence(FACTS, [named.id], "3") == (named,)
    assert pick_evidence(FACTS, [], "") == ()


@given(st.text(max_size=40))
@settings(max_examples=40, deadline=None)
def test_any_words_find_at_most_a_handful_and_the_same_each_time(words: str) -> None:
    found = find_evidence(FACTS, words)
    assert len(found) <= MOST
    assert found == find_evidence(FACTS, words)
    assert len({item.id for item in found}) == len(found)


def test_ids_beyond_what_one_call_looks_up_are_left_alone() -> None:
    many = [f"ev-{number:016x}" for number in range(MOST_IDS)]
    assert pick_evidence(FACTS, [*many, record_fact(3).id], "") == ()
    assert pick_evidence(FACTS, [record_fact(3).id, *many], "") == (record_fact(3),)
