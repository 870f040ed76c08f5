"""Tasks over the wiki: repeatable, with one answer each, which the facts bear out by brute force."""

from collections import Counter
from datetime import date
from typing import Any

import pytest

from metier.task import Task
from metier_research.pages.page import Page
from metier_research.world.grading import grade
from metier_research.world.pages import open_truth, write_pages
from metier_research.world.sample import SAMPLE_PAGES, SAMPLE_SEED
from metier_research.world.tasks import KINDS, make_tasks, tasks_of
from metier_research.world.tasks.making import draw_tasks
from metier_research.world.tasks.queries import Along, Both, Count, Held, More, One, Query
from metier_research.world.truth.facts import Object, Truth
from metier_research.world.truth.kinds import read_kinds

COUNT = 200


@pytest.fixture(scope="module")
def drawn(truth: Truth) -> list[tuple[Task, Query]]:
    return list(draw_tasks(truth, 9, COUNT))


def gold_of(task: Task) -> dict[str, Any]:
    assert task.gold is not None
    return dict(task.gold)


def brute(truth: Truth, query: Query) -> set[Object]:
    """Every answer, by looking at every fact for every thing: slow, and nothing of the solver in it."""
    match query:
        case One(thing):
            return {thing}
        case Along():
            return brute_along(truth, query)
        case Held(inner, relation, year, holder, step):
            return brute_holders(truth, brute(truth, inner), (relation, year, holder, step))
        case Both(one, other):
            return brute(truth, one) & brute(truth, other)
        case Count(inner, relation, before):
            place = brute(truth, inner)
            led = [fact.subject for fact in truth.facts if fact.relation == relation and fact.object in place]
            return {sum(not before or brute_year(truth, key) < before for key in led)}
    return brute_more(truth, query)


def brute_along(truth: Truth, query: Along) -> set[Object]:
    start = brute(truth, query.inner)
    now = [fact for fact in truth.facts if fact.relation == query.relation and not fact.until]
    if query.back:
        return {fact.subject for fact in now if fact.object in start}
    return {fact.object for fact in now if fact.subject in start}


def brute_more(truth: Truth, query: More) -> set[Object]:
    values = {fact.subject: fact.object for fact in truth.facts if fact.relation == query.relation}
    sides = [key for side in (query.one, query.other) for key in brute(truth, side)]
    pair = sorted((values[str(key)], key) for key in sides)  # type: ignore[type-var]
    return {pair[0][1] if query.less else pair[1][1]}


def brute_holders(truth: Truth, places: set[Object], asked: tuple[str, int, str, int]) -> set[Object]:
    relation, year, holder, step = asked
    terms = sorted(
        (fact.since, fact.until or 9999, fact.object)
        for fact in truth.facts
        if fact.relation == relation and fact.subject in places
    )  # type: ignore[type-var]
    if not step:
        return {one for since, until, one in terms if since <= year <= until}
    return {terms[at + step][2] for at, term in enumerate(terms) if term[2] == holder}


def brute_year(truth: Truth, key: str) -> int:
    dated = read_kinds()[truth.things[key].kind].dated
    assert dated is not None
    value = next(fact.object for fact in truth.facts if fact.subject == key and fact.relation == dated.key)
    assert isinstance(value, int)
    return value


def test_the_same_seed_gives_the_same_tasks_however_many(truth: Truth) -> None:
    many = [task.id for task in tasks_of(truth, 9, 40)]
    assert [task.id for task in tasks_of(truth, 9, 25)] == many[:25]
    assert len(set(many) | {task.id for task in tasks_of(truth, 10, 40)}) > 70


def test_kinds_and_hops_are_those_that_are_promised(drawn: list[tuple[Task, Query]]) -> None:
    assert len(drawn) == COUNT
    kinds = Counter(gold_of(task)["kind"] for task, _ in drawn)
    assert kinds == {kind: COUNT // len(KINDS) * sum(one == kind for one, _ in KINDS) for kind, _ in KINDS}
    assert {gold_of(task)["hops"] for task, _ in drawn} == {1, 2, 3, 4, 5, 6}
    assert all(gold_of(task)["hops"] == hops for (task, _), (_, hops) in zip(drawn, KINDS * 10, strict=True))


def test_every_answer_is_the_only_one_by_brute_force(truth: Truth, drawn: list[tuple[Task, Query]]) -> None:
    for task, query in drawn:
        gold = gold_of(task)
        if gold["kind"] == "unanswerable":
            continue
        answers = brute(truth, query)
        assert len(answers) == 1, task.text
        answer = answers.pop()
        if isinstance(answer, str):
            assert truth.things[answer].name == gold["answer"]
        elif isinstance(answer, date):
            assert str(answer.year) in gold["answer"]
        else:
            assert f"{answer:,}" in gold["answer"] or str(answer) in gold["answer"]


def test_nothing_answers_the_unanswerable(truth: Truth, drawn: list[tuple[Task, Query]]) -> None:
    for task, query in drawn:
        if gold_of(task)["kind"] == "unanswerable":
            assert isinstance(query, Along)
            place = brute(truth, query.inner)
            assert len(place) == 1
            assert not [f for f in truth.facts if f.subject in place and f.relation == query.relation and f.stated]
            assert not gold_of(task)["answer"]


def test_the_proof_leads_from_page_to_page_and_is_stated(
    truth: Truth, drawn: list[tuple[Task, Query]], pages: dict[str, Page]
) -> None:
    for task, _ in drawn:
        gold = gold_of(task)
        assert set(gold["pages"]) == {step["page"] for step in gold["proof"]} <= set(pages)
        for step in gold["proof"]:
            assert step["statement"].split(": ")[0] in pages[step["page"]].text
        if gold["kind"] in ("chain", "year", "compare") and gold["proof"]:
            assert gold["answer"].split()[0] in "\n".join(step["statement"] for step in gold["proof"])


def test_a_question_does_not_give_its_answer_away(drawn: list[tuple[Task, Query]]) -> None:
    for task, _ in drawn:
        gold = gold_of(task)
        if gold["kind"] in ("chain", "year", "intersect", "neighbour") and gold["answer"]:
            assert f" {gold['answer']}" not in task.text.rstrip("?")


def test_a_conflict_names_both_values_and_what_is_current_names_the_new_one(
    drawn: list[tuple[Task, Query]], truth: Truth
) -> None:
    for task, query in drawn:
        gold = gold_of(task)
        if gold["kind"] == "conflict":
            assert len(set(gold["values"])) == 2
            assert grade(gold["answer"], gold)
            assert not grade(gold["values"][0], gold)
        if gold["kind"] == "current":
            assert isinstance(query, Along)
            fact = truth.about(str(brute(truth, query.inner).pop()), query.relation)[0]
            assert truth.disputed[fact.subject, fact.relation].year
            assert not grade(str(truth.disputed[fact.subject, fact.relation].other), gold)


def test_wording_varies(drawn: list[tuple[Task, Query]]) -> None:
    openings = {" ".join(task.text.split()[:3]) for task, _ in drawn}
    assert len(openings) > 45


def test_tasks_of_the_toolkit_are_on_the_sample(truth: Truth) -> None:
    sample = {page.url for page in write_pages(open_truth(SAMPLE_SEED, SAMPLE_PAGES), SAMPLE_PAGES)}
    tasks = list(make_tasks(5, 20))
    assert all(task.toolkits == ("research",) for task in tasks)
    assert all(set(gold_of(task)["pages"]) <= sample for task in tasks)
