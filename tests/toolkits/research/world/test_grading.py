"""Grading: the same answer however it is written, and no other one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier.canonical import JSON
from metier_research.world.grading import grade, normalise


def gold(answer: str, *aliases: str, values: list[JSON] | None = None) -> dict[str, JSON]:
    return {"answer": answer, "aliases": [*aliases], "values": values or []}


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ("the old bridge of Skav", "Old Bridge of Skav"),
        ("Krélin", "krelin"),
        ("“Grey Harbour”.", "Grey Harbour"),
        ("3 February 1921", "February 3, 1921"),
        ("1921-02-03", "3 February 1921"),
        ("4210", "4,210 inhabitants"),
        ("4,210 people", "4,210 inhabitants"),
        ("214 metres", "214 m"),
        ("seven", "7"),
        ("63 per cent", "63 %"),
        ("3 square kilometres", "3 km²"),
        ("214", "214 m"),
    ],
)
def test_the_same_answer_counts_however_it_is_written(said: str, known: str) -> None:
    assert grade(said, gold(known))


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ("", "7"),
        ("Grey Harbour and Old Mill", "Grey Harbour"),
        ("4,211", "4,210 inhabitants"),
        ("214 km", "214 m"),
        ("4 February 1921", "3 February 1921"),
        ("1921", "3 February 1921"),
        ("Skav", "Skavastar"),
        ("1984", "1948"),
    ],
)
def test_another_answer_does_not(said: str, known: str) -> None:
    assert not grade(said, gold(known))


def test_an_alias_counts() -> None:
    assert grade("the film Grey Harbour", gold("Grey Harbour", "film Grey Harbour"))


def test_where_sources_conflict_both_values_are_wanted() -> None:
    known = gold("30 m or 34 m", values=["30 m", "34 m"])
    assert grade("30 metres or 34 metres", known)
    assert grade("34 / 30", known)
    assert not grade("30 m", known)
    assert not grade("30 m or 340 m", known)


def test_what_is_unknown_is_answered_by_nothing() -> None:
    assert grade("  ", gold(""))
    assert not grade("Skav", gold(""))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_normalising_twice_changes_nothing_and_an_answer_is_itself(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)
    if normalise(text):
        assert grade(text, gold(text))
