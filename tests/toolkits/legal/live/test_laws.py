"""Live legislation reads like imported legislation: the version of the day, its interval, and who said so when."""

from datetime import date
from typing import Any

import pytest
from mcp.types import CallToolResult

from metier.servers.result import FAILURE_KEY, read_evidence
from metier_legal.law.provision import Standing, Status
from metier_legal.records import ProvisionRecord, read_record
from tests.toolkits.legal.live.conftest import Open
from tests.toolkits.legal.live.law import (
    ARTICLE,
    EFFECT,
    LATER_ARTICLE,
    OLD_SECTION,
    RULE,
    act_of,
    eurlex_routes,
    legislation_routes,
)
from tests.toolkits.legal.live.replay import Replay, say_json, say_xml

pytestmark = pytest.mark.anyio


def record_of(result: CallToolResult) -> tuple[Any, ProvisionRecord]:
    (item,) = read_evidence(result.meta) or ()
    record = read_record(item)
    assert isinstance(record, ProvisionRecord)
    return item, record


def kind_of(result: CallToolResult) -> str:
    return str((result.meta or {})[FAILURE_KEY]["kind"])


async def test_a_section_reads_as_it_was_on_the_day_with_the_days_of_its_versions(live: Open, replay: Replay) -> None:
    async with live("ecfr") as ecfr:
        now = await ecfr.call("read_provision", provision="29 C.F.R. § 9910.12(b)")
        then = await ecfr.call("read_provision", provision="us/cfr/29#9910.12", on="2020-06-30")
    item, record = record_of(now)
    assert item.source == "law:eCFR, retrieved 2026-12-01T09:00:00Z, public domain"
    assert (item.locator, item.recorded) == ("us/cfr/29#9910.12", "2021-07-01")
    assert [unit.path for unit in record.units] == [("a",), ("b",)]
    assert (record.version.valid_from, record.version.valid_to) == (date(2021, 7, 1), None)
    assert "current to 2026-11-24" in record.version.note
    assert "/ecfr/full/2026-11-24/title-29.xml" in replay.paths, "not later than the source is current to"
    old, before = record_of(then)
    assert old.text == OLD_SECTION
    assert (before.version.valid_from, before.version.observed) == (None, date(2016, 12, 19)), "not known since when"
    assert [one.sha256 == "" for one in before.versions] == [False, True], "a version that was not read has no digest"


async def test_a_removed_section_is_repealed_and_has_no_text_to_quote(live: Open) -> None:
    async with live("ecfr") as ecfr:
        gone = await ecfr.call("read_provision", provision="us/cfr/29#9910.13")
        before = await ecfr.ask("read_provision", provision="us/cfr/29#9910.13", on="2024-01-31")
    item, record = record_of(gone)
    assert (item.text, record.version.status) == ("", Status.REPEALED)
    assert (before["text"], before["valid_to"], before["standing"]) == (OLD_SECTION, "2024-02-01", Standing.IN_FORCE)


async def test_a_day_before_the_first_version_has_no_text(live: Open) -> None:
    async with live("ecfr") as ecfr:
        result = await ecfr.call("read_provision", provision="us/cfr/29#9910.13", on="2018-04-30")
    assert kind_of(result) == "refused"
    assert "begin on 2018-05-01" in str(result.content)


async def test_what_a_source_does_not_have_is_its_answer_and_no_proof(live: Open) -> None:
    async with live("ecfr") as ecfr:
        section = await ecfr.call("read_provision", provision="29 C.F.R. § 9910.99")
    async with live("legislation_gov_uk") as uk:
        act = await uk.call("read_provision", provision="Wolves Act 2098, s 3")
    async with live("eurlex") as eu:
        article = await eu.call("read_provision", provision="eu/32016R0777#99")
        other = await eu.call("read_provision", provision="Article 1 of Regulation (EU) 2016/778")
    for result in (section, act, article, other):
        assert kind_of(result) == "refused"
        assert "no proof that there is none" in str(result.content)


async def test_a_page_that_is_not_there_is_no_word_on_the_law(live: Open, replay: Replay) -> None:
    replay.routes["/ecfr/versions/title-29.json"] = lambda _: None
    for name, provision in (("legislation_gov_uk", "uk/ukpga/2098/7#99"), ("ecfr", "us/cfr/29#9910.12")):
        async with live(name) as source:
            result = await source.call("read_provision", provision=provision)
        assert kind_of(result) == "unavailable"
        assert "Nothing follows from this" in str(result.content)


async def test_two_live_versions_are_compared_word_by_word(live: Open) -> None:
    async with live("ecfr") as ecfr:
        change = await ecfr.ask("compare_versions", provision="us/cfr/29#9910.12", earlier="2020-01-01")
        same = await ecfr.ask(
            "compare_versions", provision="us/cfr/29#9910.12", earlier="2020-01-01", later="2020-02-01"
        )
    assert change["same"] is False
    assert "- once" in change["words"]
    assert same["same"] is True


async def test_an_act_is_found_by_its_title_and_read_as_it_stood(live: Open, replay: Replay) -> None:
    async with live("legislation_gov_uk") as uk:
        now = await uk.call("read_provision", provision="Bears Act 2098, s 3")
        old = await uk.ask("read_provision", provision="uk/ukpga/2098/7#3", on="2010-01-01")
    item, record = record_of(now)
    assert (item.text, record.display) == (RULE, "Bears Act 2098, s 3")
    assert record.work.licence in item.source
    assert record.version.valid_from == date(2018, 4, 1)
    assert (old["valid_from"], old["valid_to"]) == ("2000-01-01", "2018-04-01")
    assert replay.requests[0].query == {"title": "Bears Act", "year": "2098"}


@pytest.mark.parametrize(
    ("number", "day", "is_doubted"),
    [("3", "2025-01-01", True), ("4", "2025-01-01", False), ("3", "2030-01-01", False), ("33", "2025-01-01", False)],
)
async def test_a_text_that_lags_behind_known_changes_is_of_unknown_standing(
    live: Open, replay: Replay, number: str, day: str, is_doubted: bool
) -> None:
    replay.routes |= legislation_routes(EFFECT.format(number=number, day=day))
    async with live("legislation_gov_uk") as uk:
        result = await uk.call("read_provision", provision="uk/ukpga/2098/7#3")
    _, record = record_of(result)
    assert (record.version.status is Status.UNKNOWN) is is_doubted
    assert ("not yet worked into" in record.version.note) is is_doubted


async def test_a_prospective_change_and_an_applied_one_doubt_nothing(live: Open, replay: Replay) -> None:
    effect = EFFECT.format(number="3", day="2025-01-01")
    later = effect.replace('Date="2025-01-01"', 'Prospective="true"')
    done = effect.replace('RequiresApplied="true"', 'RequiresApplied="false"')
    replay.routes |= legislation_routes(later + done)
    async with live("legislation_gov_uk") as uk:
        _, record = record_of(await uk.call("read_provision", provision="uk/ukpga/2098/7#3"))
    assert record.version.status is Status.IN_FORCE


async def test_a_number_of_an_instrument_is_looked_for_as_regulation_article_and_rule(
    live: Open, replay: Replay
) -> None:
    page = act_of("3", RULE).replace("ukpga", "uksi").replace("section/3", "article/3")
    replay.routes["/uk/uksi/2098/7/article/3/"] = lambda _: say_xml(page)
    async with live("legislation_gov_uk") as uk:
        read = await uk.ask("read_provision", provision="uk/uksi/2098/7#3")
    assert read["text"] == RULE
    assert replay.paths == [f"/uk/uksi/2098/7/{kind}/3/data.xml" for kind in ("regulation", "article")]


async def test_a_paragraph_of_a_schedule_has_a_path_of_its_own(live: Open, replay: Replay) -> None:
    async with live("legislation_gov_uk") as uk:
        await uk.call("read_provision", provision="uk/ukpga/2098/7#Sch. 1 para. 2")
    assert replay.paths == ["/uk/ukpga/2098/7/schedule/1/paragraph/2/data.xml"]


async def test_an_act_of_the_union_is_read_in_the_consolidated_text_of_the_day(live: Open, replay: Replay) -> None:
    async with live("eurlex") as eu:
        now = await eu.ask("read_provision", provision="Article 2(1) of Regulation (EU) 2016/777")
        then = await eu.ask("read_provision", provision="eu/32016R0777#2", on="2019-12-31")
    assert (now["text"], now["valid_from"]) == (LATER_ARTICLE, "2020-01-01")
    assert (then["text"], then["valid_from"], then["valid_to"]) == (ARTICLE, "2016-05-23", "2020-01-01")
    assert [path for path in replay.paths if "celex" in path] == [
        "/resource/celex/02016R0777-20200101",
        "/resource/celex/32016R0777",
    ]


async def test_a_consolidated_text_older_than_the_act_is_law_from_when_the_act_is(live: Open, replay: Replay) -> None:
    replay.routes |= eurlex_routes(begin="2021-03-01")
    async with live("eurlex") as eu:
        now = await eu.ask("read_provision", provision="eu/32016R0777#2")
        before = await eu.ask("read_provision", provision="eu/32016R0777#2", on="2020-06-01")
    assert (now["text"], now["valid_from"], now["other_versions"]) == (LATER_ARTICLE, "2021-03-01", [])
    assert before["standing"] == Standing.NOT_YET


async def test_an_act_of_the_union_that_has_ended_is_no_longer_law(live: Open, replay: Replay) -> None:
    replay.routes |= eurlex_routes(end="2024-05-01")
    async with live("eurlex") as eu:
        now = await eu.ask("read_provision", provision="eu/32016R0777#2")
    assert (now["standing"], now["valid_to"]) == (Standing.SUPERSEDED, "2024-05-01")


async def test_a_source_is_not_asked_for_law_of_others(live: Open, replay: Replay) -> None:
    named = ("cn/民法典#1", "us/usc/17#101", "§ 823 BGB", "17 U.S.C. § 101", "x-moskethia/tenancy-act#24")
    for name in ("ecfr", "legislation_gov_uk", "eurlex"):
        async with live(name) as source:
            for one in named:
                result = await source.call("read_provision", provision=one)
                assert kind_of(result) == "elsewhere", one
                assert "was not asked" in str(result.content)
    assert replay.requests == []


async def test_a_reply_is_asked_for_once(live: Open, replay: Replay) -> None:
    async with live("ecfr") as ecfr:
        first = await ecfr.ask("read_provision", provision="us/cfr/29#9910.12")
        count = len(replay.requests)
        again = await ecfr.ask("read_provision", provision="us/cfr/29#9910.12")
    assert (first, count, len(replay.requests)) == (again, 3, 3)


async def test_metier_names_itself_and_the_contact_that_the_user_set(live: Open, replay: Replay) -> None:
    async with live("ecfr", live_contact="law@example.org") as ecfr:
        await ecfr.ask("read_provision", provision="us/cfr/29#9910.12")
    agents = {one.headers["User-Agent"] for one in replay.requests}
    (agent,) = agents
    assert agent.startswith("metier/")
    assert agent.endswith("(+law@example.org)")


async def test_a_list_of_versions_of_another_shape_is_no_answer(live: Open, replay: Replay) -> None:
    for body in ({"content_versions": None}, {}, []):
        replay.routes["/ecfr/versions/title-29.json"] = lambda _, body=body: say_json(body)  # type: ignore[misc]
        async with live("ecfr") as ecfr:
            assert kind_of(await ecfr.call("read_provision", provision="us/cfr/29#9910.12")) == "unavailable"
