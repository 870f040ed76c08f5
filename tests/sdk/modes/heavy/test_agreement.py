"""What answers agree and disagree on: the same in other spellings, contradictions, and what is neither."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier.modes.heavy.agreement import Comparison, compare, contradicts, gist_of, says_same
from tests.sdk.modes.reactive import Findings, record_fact

NAMES = st.sampled_from(["Arvel", "Bodran", "New Celm", "the Dorn Bridge"])
FIGURES = st.sampled_from(["3", "100", "1,000", "2.5", "1 May 1900", "2001-02-03"])
SENTENCES = st.builds(
    lambda shape, one, other, figure: shape.format(one, other, figure),
    st.sampled_from(
        [
            "{0} has {2} mills.",
            "{0} borders {1}.",
            "The capital of {0} is {1}.",
            "{0} is not {1}.",
            "{0} was built in {2} by {1}.",
            "no mill stands in {0}",
            "阿维尔有{2}名居民。",
            "{2}",
            "",
        ]
    ),
    NAMES,
    NAMES,
    FIGURES,
)
TEXTS = st.one_of(SENTENCES, st.text(max_size=30))


def findings(*sentences: str) -> Findings:
    return Findings(sentences=sentences, evidence=tuple(record_fact(at).id for at in range(len(sentences))))


def compared(*answers: tuple[str, ...]) -> Comparison:
    return compare({f"researcher-{at}": findings(*answer) for at, answer in enumerate(answers, 1)})


CONTRADICTIONS = [
    ("Arvel has 100 inhabitants.", "Arvel has 200 inhabitants."),
    ("The capital of Arvel is Bodran.", "The capital of Arvel is Celm."),
    ("The Dorn Bridge was built by Ada Holm.", "The Dorn Bridge was built by Ben Hart."),
    ("Arvel is the capital.", "Arvel is not the capital."),
    ("A river flows through Arvel.", "No river flows through Arvel."),
    ("Arvel was founded on 1 May 1900.", "Arvel was founded on May 2, 1900."),
    ("Arvel was founded in 1851.", "Arvel was founded in 1852."),
    ("The bridge is 5 m long.", "The bridge is 6 m long."),
    ("阿维尔有100名居民。", "阿维尔有200名居民。"),
    ("阿维尔建于1900年5月1日。", "阿维尔建于1901年5月1日。"),
    ("阿维尔是首都。", "阿维尔不是首都。"),
]
AGREEMENTS = [
    ("Arvel has 1,000 inhabitants.", "Arvel has 1000 inhabitants"),
    ("Arvel was founded on 1 May 1900.", "Arvel was founded on May 1st, 1900."),
    ("Arvel was founded on 1900-05-01.", "Arvel was founded on 1 May 1900."),
    ("The tower is 2.50 m high.", "The tower is 2.5 m high."),
    ("The Arvel mill has 3 wheels.", "The mill of Arvel has 3 wheels."),
    ("阿维尔建于1900年5月1日。", "阿维尔建于1900年5月1日"),
]
NEITHER = [
    ("Arvel borders Bodran.", "Arvel borders Celm."),
    ("Arvel is a member of the Dorn League.", "Arvel is a member of the Holm League."),
    ("Arvel is one of the towns of Celm.", "Arvel is one of the towns of Dorn."),
    ("Article 5 requires a permit.", "Article 6 requires a permit."),
    ("Arvel sold 5 mills to Bodran.", "Arvel sold 6 mills to Celm."),
    ("Arvel has 5 towns.", "Arvel has 5 towns and 3 rivers."),
    ("Arvel has 100 inhabitants.", "Bodran has 200 inhabitants."),
    ("阿维尔有100名居民。", "博德兰有200名居民。"),
    ("Arvel has 100 inhabitants.", "Arvel has a mill with 200 wheels, built of stone."),
]


@pytest.mark.parametrize(("one", "other"), CONTRADICTIONS)
def test_figures_names_dates_and_denials_that_differ_are_disputes(one: str, other: str) -> None:
    (dispute,) = compared((one,), (other,)).disputes
    assert [(side.by, side.text) for side in dispute.sides] == [("researcher-1", one), ("researcher-2", other)]


@pytest.mark.parametrize(("one", "other"), AGREEMENTS)
def test_the_same_in_another_spelling_is_an_agreement(one: str, other: str) -> None:
    comparison = compared((one,), (other,))
    (agreement,) = comparison.agreements
    assert (agreement.text, agreement.by) == (one, ("researcher-1", "researcher-2"))
    assert comparison.disputes == ()


@pytest.mark.parametrize(("one", "other"), NEITHER)
def test_what_lists_more_or_speaks_of_another_thing_is_no_dispute(one: str, other: str) -> None:
    comparison = compared((one,), (other,))
    assert comparison.disputes == ()
    assert [agreement.by for agreement in comparison.agreements] == [("researcher-1",), ("researcher-2",)]


@given(TEXTS, TEXTS)
@settings(max_examples=60, deadline=None)
def test_agreement_and_contradiction_are_symmetric_and_exclude_each_other(one: str, other: str) -> None:
    left, right = gist_of(one), gist_of(other)
    assert contradicts(left, right) == contradicts(right, left)
    assert says_same(left, right) == says_same(right, left)
    assert not (says_same(left, right) and contradicts(left, right))
    assert says_same(left, left)


@given(st.lists(SENTENCES, max_size=5), st.lists(SENTENCES, max_size=5))
@settings(max_examples=60, deadline=None)
def test_an_answer_never_disputes_itself_and_every_claim_is_in_one_agreement(
    mine: list[str], others: list[str]
) -> None:
    assert compared(tuple(mine)).disputes == ()
    comparison = compared(tuple(mine), tuple(others))
    for dispute in comparison.disputes:
        assert {side.by for side in dispute.sides} == {"researcher-1", "researcher-2"}
    assert len({one.text for one in comparison.agreements}) == len(comparison.agreements)
    assert comparison == compared(tuple(mine), tuple(others))


def test_what_one_answer_says_together_is_no_dispute_between_it_and_another() -> None:
    both = ("The capital of Arvel is Bodran.", "The capital of Arvel is Celm.")
    assert compared(both, both[:1]).disputes == ()


def test_a_dispute_has_a_side_for_each_thing_said_and_names_evidence() -> None:
    (dispute,) = compared(("Arvel has 1 mill.",), ("Arvel has 2 mill.",), ("Arvel has 3 mill.",)).disputes
    assert [side.text for side in dispute.sides] == ["Arvel has 1 mill.", "Arvel has 2 mill.", "Arvel has 3 mill."]
    assert {side.evidence for side in dispute.sides} == {(record_fact(0).id,)}


def test_the_agreement_that_most_share_comes_first_with_everybodys_evidence() -> None:
    comparison = compared(("Alone.", "Shared by all."), ("Shared by all.",), ("Other.", "Shared by all."))
    first = comparison.agreements[0]
    assert (first.text, first.by) == ("Shared by all.", ("researcher-1", "researcher-2", "researcher-3"))
    assert first.evidence == (record_fact(1).id, record_fact(0).id)
