"""Whatever the tools return, the playbook gives a move: it never fails, and never goes on for ever."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from metier.answer import Refusal
from metier.canonical import JSON
from metier.evidence import Evidence, record_evidence
from metier.task import Task
from metier.toolkit import Call, Calls, Finish, Observation
from metier_research.playbook import play
from metier_research.playbook.seen.desk import Desk

QUESTIONS = (
    "Who designed Old Bridge?",
    "How many films did the spouse of Ada Fell direct before 1950?",
    "Which is longer, Old Bridge or New Bridge?",
    "Which film was directed by Ada Fell and has music by Bo Ness?",
    "Who was mayor of the town where Ada Fell was born in 1987?",
)
NAMES = st.sampled_from(
    ["Old Bridge", "Ada Fell", "New Bridge", "wiki://w/Old%20Bridge", "wiki://w/Ada", "", "\ud7ff", "| a |"]
)
TEXT = st.one_of(
    NAMES,
    st.text(max_size=30),
    st.sampled_from(
        [
            "Old Bridge was designed by Ada Fell.\n\n| Bridge | Length |\n| --- | --- |\n| Old Bridge | 9999999999 m |",
            "## Films directed\n\n| Year | Film |\n|---|\n| 1950 | One |\n| | |\n||\n|",
            "| From | To | Mayor |\n| --- | --- | --- |\n| 1980 | x | Ada Fell |\n| 1985 | today | Bo |",
        ]
    ),
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**12) | TEXT,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["queries", "query", "hits", "title", "url", "snippet", "pages", "links", "text", "characters", "error"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@st.composite
def pieces(draw: st.DrawFn) -> Evidence:
    place: JSON = draw(st.one_of(st.integers(-5, 5000), st.none(), st.text(max_size=3)))
    value: JSON = {
        "kind": "passage",
        "url": draw(NAMES),
        "title": draw(TEXT),
        "start": place,
        "end": draw(st.integers(0, 9000)),
    }
    return record_evidence(
        source="w", locator="l", text=draw(TEXT), value=draw(st.sampled_from([value, None, [], "x"]))
    )


@st.composite
def answers(draw: st.DrawFn) -> tuple[JSON, tuple[Evidence, ...], bool]:
    page: JSON = {
        "url": draw(NAMES),
        "title": draw(NAMES),
        "characters": draw(st.integers(-9, 10**9)),
        "links": draw(VALUES),
    }
    hit: JSON = {"title": draw(NAMES), "url": draw(NAMES), "snippet": draw(TEXT)}
    shaped: JSON = {"pages": [page, draw(VALUES)], "queries": [{"query": draw(NAMES), "hits": [hit, draw(VALUES)]}]}
    value = draw(st.one_of(st.just(shaped), VALUES))
    return value, tuple(draw(st.lists(pieces(), max_size=3))), draw(st.booleans())


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(QUESTIONS), st.lists(answers(), min_size=1, max_size=12), st.booleans())
def test_any_answers_lead_to_an_end(
    question: str, given_back: list[tuple[JSON, tuple[Evidence, ...], bool]], echo: bool
) -> None:
    observations: list[Observation] = []
    for turn in range(100):
        move = play(Task(question), observations, ("no",) if echo else ())
        if isinstance(move, Finish):
            return
        assert isinstance(move, Calls)
        assert move.calls
        for call in move.calls:
            value, evidence, failed = given_back[(turn + len(observations)) % len(given_back)]
            observations.append(Observation(call, "", _addressed(call, value) if echo else value, evidence, failed))
    raise AssertionError("The playbook does not come to an end.")


def _addressed(call: Call, value: JSON) -> JSON:
    """The answer with the query of the call, so that its hits are taken for hits of that query."""
    asked: Any = call.arguments.get("query")
    if isinstance(value, dict) and isinstance(value.get("queries"), list) and isinstance(asked, list):
        return {
            **value,
            "queries": [{"query": asked[0], "hits": [{"title": asked[0], "url": "wiki://w/Ada", "snippet": ""}]}],
        }
    return value


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=200), st.lists(answers(), max_size=4))
def test_any_question_and_stray_observations_give_a_move(
    text: str, stray: list[tuple[JSON, tuple[Evidence, ...], bool]]
) -> None:
    call = Call("visit", {"url": ["wiki://w/Ada"], "goal": "x"})
    seen = [Observation(call, "", value, evidence, failed) for value, evidence, failed in stray]
    assert isinstance(play(Task(text), seen, ()), Calls | Finish)


def test_a_page_that_claims_to_be_endless_is_given_up() -> None:
    task = Task("How many films did Ada Fell direct?")
    found: JSON = {
        "queries": [{"query": "Ada Fell", "hits": [{"title": "Ada Fell", "url": "wiki://w/Ada", "snippet": ""}]}]
    }
    page: JSON = {"pages": [{"url": "wiki://w/Ada", "title": "Ada Fell", "characters": 9_000_000, "links": []}]}
    seen = [Observation(Call("search", {"query": ["Ada Fell"]}), "", found, (), is_error=False)]
    move = play(task, seen, ())
    assert isinstance(move, Calls)
    move = play(task, [*seen, Observation(move.calls[0], "", page, (), is_error=False)], ())
    assert isinstance(move, Finish)
    assert isinstance(move.outcome, Refusal)
    assert "given up" in move.outcome.reasons[0]


def test_passages_without_a_place_are_left_out() -> None:
    value: JSON = {"kind": "passage", "url": "wiki://w/Ada", "title": "Ada", "start": None, "end": 9}
    stray = record_evidence(source="w", locator="l", text="Ada was born in Skav.", value=value)
    page: JSON = {"pages": [{"url": "wiki://w/Ada", "title": "Ada", "characters": 9, "links": []}]}
    call = Call("visit", {"url": ["wiki://w/Ada"], "goal": "x"})
    sheet = Desk([Observation(call, "", page, (stray,), is_error=False)]).sheet("wiki://w/Ada#char=1,2")
    assert sheet is not None
    assert (sheet.pieces, sheet.unread) == ((), ((0, 9),))
