"""Legal tasks: repeatable, readable, and with answers that the law bears out."""

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date
from itertools import islice
from typing import Any

import pytest

from metier.task import Task
from metier_legal.law.case import NEGATIVE, Case
from metier_legal.law.provision import Standing, standing_on
from metier_legal.world import SAMPLE_REQUEST, SAMPLE_REQUEST_ZH
from metier_legal.world.cases.docket import Docket
from metier_legal.world.language import MONTHS, say_date
from metier_legal.world.statutes.drafting import Law
from metier_legal.world.tasks import KINDS, make_tasks

COUNT = 220
REFUSED = {"elsewhere", "chatter", "future"}


@pytest.fixture(scope="module")
def tasks() -> list[Task]:
    return list(make_tasks(7, COUNT))


def gold_of(task: Task) -> dict[str, Any]:
    assert task.gold is not None
    return dict(task.gold)


def constraints_of(task: Task) -> dict[str, Any]:
    assert task.constraints is not None
    return dict(task.constraints)


def of_kind(tasks: list[Task], *kinds: str) -> list[Task]:
    return [task for task in tasks if gold_of(task)["kind"] in kinds]


def test_the_same_seed_gives_the_same_tasks_however_many(tasks: list[Task]) -> None:
    assert [task.id for task in make_tasks(7, 25)] == [task.id for task in islice(tasks, 25)]


def test_another_seed_gives_other_tasks(tasks: list[Task]) -> None:
    others = {task.id for task in make_tasks(8, 44)}
    assert len({task.id for task in tasks}) == COUNT
    assert len(others - {task.id for task in tasks}) > 30


def test_kinds_and_languages_are_even(tasks: list[Task]) -> None:
    counts = Counter((gold_of(task)["kind"], constraints_of(task)["language"]) for task in tasks)
    assert set(counts.values()) == {COUNT // len(KINDS) // 2}
    assert len(counts) == 2 * len(KINDS)
    assert all(task.toolkits == ("legal",) for task in tasks)


def test_every_gold_provision_and_case_exists(law: Law, cases: Mapping[str, Case], tasks: list[Task]) -> None:
    known = {f"{one.work}#{one.number}" for one in law.provisions()}
    dated = {f"{one.work}#{one.number}@{one.valid_from}" for one in law.provisions()}
    for task in tasks:
        gold = gold_of(task)
        assert set(gold["provisions"]) <= known
        assert set(gold["cases"]) <= set(cases)
        assert set(gold["traps"]) <= known | dated | set(cases)
        assert not set(gold["traps"]) & (set(gold["cases"]) | set(gold["provisions"])), task
        language = constraints_of(task)["language"]
        assert all(cases[one].language == language for one in gold["cases"])


def days_in(text: str) -> list[date]:
    english = [
        date(int(y), MONTHS.index(m) + 1, int(d)) for d, m, y in re.findall(r"(\d+) ([A-Z][a-z]+) (\d{4})", text)
    ]
    return english + [date(int(y), int(m), int(d)) for y, m, d in re.findall(r"(\d{4})年(\d+)月(\d+)日", text)]


def test_the_gold_version_is_law_on_the_day_of_the_task(law: Law, tasks: list[Task]) -> None:
    versions = {f"{one.work}#{one.number}@{one.valid_from}": one for one in law.provisions()}
    dated = undated = 0
    for task in tasks:
        gold = gold_of(task)
        if not gold["versions"]:
            continue
        assert set(gold["versions"]) == set(gold["provisions"])
        days = days_in(task.text)
        assert len(days) < 2
        for target, begin in gold["versions"].items():
            day = days[0] if days else law.country.calendar.today
            assert standing_on(versions[f"{target}@{begin}"], day) is Standing.IN_FORCE, task
        dated, undated = dated + len(days), undated + (not days)
    assert dated > 100
    assert undated > 2


def test_the_day_stands_in_the_text(tasks: list[Task]) -> None:
    typed = 0
    for task in tasks:
        constraints = constraints_of(task)
        if "event_date" in constraints:
            assert say_date(date.fromisoformat(constraints["event_date"]), constraints["language"]) in task.text
            typed += 1
    assert typed > 50


def test_gold_cases_are_good_law(cases: Mapping[str, Case], tasks: list[Task]) -> None:
    gone = {ref.cited for case in cases.values() for ref in case.references if ref.treatment in NEGATIVE}
    for task in tasks:
        assert not gone & set(gold_of(task)["cases"])


def test_date_traps_have_the_version_of_today_as_a_trap(tasks: list[Task]) -> None:
    for task in of_kind(tasks, "date"):
        gold = gold_of(task)
        (target,) = gold["provisions"]
        assert any(str(trap).startswith(f"{target}@") for trap in gold["traps"])
        assert gold["outcome"] in ("yes", "no")


def test_overruled_cases_are_traps(cases: Mapping[str, Case], docket: Docket, tasks: list[Task]) -> None:
    for task in of_kind(tasks, "overruled"):
        gold = gold_of(task)
        overruling = [cases[one] for one in gold["cases"] if cases[one].court_level == 3]
        assert overruling
        gone = {ref.cited for case in overruling for ref in case.references if ref.treatment in NEGATIVE}
        assert gone & set(gold["traps"])


def test_what_has_no_answer_is_refused(tasks: list[Task]) -> None:
    for task in tasks:
        gold = gold_of(task)
        assert (gold["outcome"] == "refuse") == (gold["kind"] in REFUSED)
        if gold["outcome"] == "refuse":
            assert not gold["provisions"]
            assert not gold["cases"]


def test_tasks_of_other_countries_name_one_that_is_not_there(law: Law, tasks: list[Task]) -> None:
    for task in tasks:
        elsewhere = constraints_of(task)["jurisdiction"] != law.jurisdiction
        assert elsewhere == (gold_of(task)["kind"] == "elsewhere")


def test_repealed_law_is_a_trap_and_former_law_is_gold(law: Law, tasks: list[Task]) -> None:
    housing = (law.work_id("housing-code", "en"), law.work_id("housing-code", "zh"))
    assert all(
        any(str(trap).startswith(housing) for trap in gold_of(task)["traps"]) for task in of_kind(tasks, "repealed")
    )
    assert all(str(gold_of(task)["provisions"][0]).startswith(housing) for task in of_kind(tasks, "former"))


def test_exceptions_turn_the_answer_and_heating_is_the_sample(law: Law, tasks: list[Task]) -> None:
    assert {gold_of(task)["outcome"] for task in of_kind(tasks, "exception", "heating")} == {"no"}
    for task in of_kind(tasks, "heating"):
        numbers = {str(one).rpartition("#")[2] for one in gold_of(task)["provisions"]}
        assert numbers == {"15", "16", "24"}


def test_both_answers_and_open_ones_are_asked_for(tasks: list[Task]) -> None:
    outcomes = Counter(gold_of(task)["outcome"] for task in tasks)
    assert min(outcomes[one] for one in ("yes", "no", "depends", "refuse")) >= 15


def test_the_sample_requests_name_their_day() -> None:
    assert say_date(date(2021, 2, 3), "en") in SAMPLE_REQUEST
    assert say_date(date(2021, 2, 3), "zh") in SAMPLE_REQUEST_ZH
