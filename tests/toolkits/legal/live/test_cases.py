"""Decisions of CourtListener: found, read with every opinion, and looked up by their citations."""

from typing import Any

import pytest
from mcp.types import CallToolResult

from metier.servers.result import FAILURE_KEY, read_evidence
from metier.testing import FrozenClock
from metier_legal.law.case import Part
from metier_legal.records import ParagraphRecord, ResolutionRecord, SearchRecord, read_record
from tests.toolkits.legal.live.conftest import Open
from tests.toolkits.legal.live.law import DISSENT, HOLDING
from tests.toolkits.legal.live.replay import Replay, say_json

pytestmark = pytest.mark.anyio


def records_of(result: CallToolResult) -> list[Any]:
    return [read_record(item) for item in read_evidence(result.meta) or ()]


def kind_of(result: CallToolResult) -> dict[str, Any]:
    failure: dict[str, Any] = (result.meta or {})[FAILURE_KEY]
    return failure


async def test_a_search_says_what_it_came_to_and_leaves_a_record(live: Open, replay: Replay) -> None:
    async with live("courtlistener") as source:
        found = await source.call("search_cases", query="bees", jurisdiction="us", decided_from="2019-01-01")
        nothing = await source.call("search_cases", query="wasps")
    (hit,) = found.structured_content["hits"]
    assert (hit["id"], hit["display"], hit["court_level"]) == ("us/cl/9001", "Arden v. Birch, 599 U.S. 901 (2019)", 3)
    assert hit["excerpt"] == "a keeper of bees owes"
    assert nothing.structured_content["state"] == "NO_MATCH"
    for result, state in ((found, "GROUNDED"), (nothing, "NO_MATCH")):
        (record,) = records_of(result)
        assert isinstance(record, SearchRecord)
        assert record.state == state
    assert replay.requests[0].query["filed_after"] == "2019-01-01"


async def test_a_page_without_the_court_that_is_wanted_is_no_proof_that_there_is_none(
    live: Open, replay: Replay
) -> None:
    whole = replay.routes["/cl/search/"]
    async with live("courtlistener") as source:
        alone = await source.ask("search_cases", query="bees", court="Court of Appeals")
        replay.routes["/cl/search/"] = lambda asked: (
            None if (said := whole(asked)) is None else type(said)(said.body.replace(b'"count": 1', b'"count": 100'))
        )
        told = await source.complain("search_cases", query="other bees", court="Court of Appeals")
    assert alone["state"] == "NO_MATCH"
    assert "None of the first 1 of 100" in told


async def test_a_decision_is_read_with_whose_words_each_paragraph_is(live: Open, replay: Replay) -> None:
    async with live("courtlistener") as source:
        result = await source.call("read_case", case="us/cl/9001")
    view = result.structured_content
    assert (view["court"], view["docket"]) == ("Supreme Court of the United States", "18-77")
    assert [(one["text"], one["part"]) for one in view["paragraphs"]] == [(HOLDING, Part.LEAD), (DISSENT, Part.DISSENT)]
    assert view["treatment_known"] is False
    records = records_of(result)
    assert all(isinstance(record, ParagraphRecord) and not record.treatment_known for record in records)
    assert {item.source for item in read_evidence(result.meta) or ()} == {
        "law:CourtListener, retrieved 2026-12-01T09:00:00Z, public domain"
    }
    assert "/cl/opinions/502/" in replay.paths, "an opinion is asked for by its number, not at the address given"


async def test_what_a_search_showed_is_not_asked_for_again(live: Open, replay: Replay) -> None:
    async with live("courtlistener") as source:
        await source.ask("search_cases", query="bees")
        view = await source.ask("read_case", case="us/cl/9001")
    assert view["docket"] == "18-77"
    assert replay.paths == ["/cl/search/", "/cl/clusters/9001/", "/cl/opinions/501/", "/cl/opinions/502/"]


async def test_a_decision_of_many_opinions_is_read_over_several_minutes(
    live: Open, replay: Replay, clock: FrozenClock
) -> None:
    cluster = replay.routes["/cl/clusters/9001/"]
    numbers = range(501, 510)
    replay.routes["/cl/clusters/9001/"] = lambda asked: (
        None
        if (said := cluster(asked)) is None
        else type(said)(said.body.replace(b'"sub_opinions": [', b'"sub_opinions": [%s, ' % _list(numbers)))
    )
    replay.routes["/cl/opinions/"] = lambda asked: say_json(
        {"id": int(asked.path.split("/")[-2]), "cluster": 9001, "type": "020lead", "plain_text": HOLDING}
    )
    pauses = []
    async with live("courtlistener") as source:
        while (result := await source.call("read_case", case="us/cl/9001")).is_error and len(pauses) < 9:
            failure = kind_of(result)
            assert failure["kind"] == "throttled"
            pauses.append(failure["retry_after_s"])
            clock.advance(failure["retry_after_s"])
    assert not result.is_error
    assert pauses == [60.0, 60.0]
    assert len(replay.paths) == len(set(replay.paths)) == 3 + 9


def _list(numbers: range) -> bytes:
    return ", ".join(map(str, [*numbers][2:])).encode()


async def test_citations_are_looked_up_and_each_answer_says_of_whom_and_when(live: Open, replay: Replay) -> None:
    text = (
        "My client's secret: see Arden v. Birch, 599 U.S. 901 (2019); Cole v. Dean, 599 U.S. 902 (2019); "
        "Ember v. Finch, 599 U.S. 905 (2019); 29 C.F.R. § 9910.12."
    )
    async with live("courtlistener") as source:
        result = await source.call("resolve_citation", text=text)
    states = {one["written"]: one["state"] for one in result.structured_content["citations"]}
    assert list(states.values()) == ["FOUND", "AMBIGUOUS", "NOT_IN_CORPUS", "NOT_IN_CORPUS"]
    records = records_of(result)
    assert all(isinstance(record, ResolutionRecord) for record in records)
    assert records[0].candidates == ("us/cl/9001",)
    items = read_evidence(result.meta) or ()
    assert "has no decision at that volume and page" in items[2].text
    assert "was not asked" in items[3].text
    assert all("CourtListener, retrieved 2026-12-01T09:00:00Z" in item.source for item in items)
    (asked,) = replay.requests
    assert asked.form == {"text": "599 U.S. 901\n599 U.S. 902\n599 U.S. 905"}, "nothing but the citations is sent"


async def test_a_decision_is_read_by_its_citation_alone(live: Open, replay: Replay) -> None:
    async with live("courtlistener") as source:
        await source.ask("search_cases", query="bees")
        view = await source.ask("read_case", case="599 U.S. 901", paragraphs=[1])
    assert (view["id"], view["more"]) == ("us/cl/9001", 1)
    assert replay.paths[1] == "/cl/citation-lookup/"


async def test_no_answer_of_the_lookup_says_that_a_decision_does_not_exist(live: Open) -> None:
    async with live("courtlistener") as source:
        states = await source.ask("resolve_citation", text="Ember v. Finch, 599 U.S. 905 (2019)")
        told = await source.call("read_case", case="Ember v. Finch, 599 U.S. 905 (2019)")
    assert {one["state"] for one in states["citations"]} == {"NOT_IN_CORPUS"}
    assert "no proof that there is none" in str(told.content)


@pytest.mark.parametrize(("citation", "kind"), [("599 F.2d 903", "throttled"), ("1 F.3d 7", "unavailable")])
async def test_citations_that_were_not_looked_at_make_the_whole_answer_unavailable(
    live: Open, citation: str, kind: str
) -> None:
    async with live("courtlistener") as source:
        result = await source.call(
            "resolve_citation", text=f"Arden v. Birch, 599 U.S. 901 (2019); A v. B, {citation} (1999)"
        )
    assert kind_of(result)["kind"] == kind
    assert read_evidence(result.meta) is None


async def test_sixty_citations_a_minute_are_kept(live: Open, replay: Replay, clock: FrozenClock) -> None:
    def text(first: int) -> str:
        return "; ".join(f"{first + i} U.S. 1" for i in range(40))

    async with live("courtlistener") as source:
        await source.ask("resolve_citation", text=text(100))
        refused = await source.call("resolve_citation", text=text(200))
        clock.advance(60.0)
        await source.ask("resolve_citation", text=text(200))
    assert kind_of(refused) == {"kind": "throttled", "retry_after_s": 60.0}
    assert len(replay.requests) == 2


async def test_another_jurisdiction_is_left_to_others_and_asks_nothing(live: Open, replay: Replay) -> None:
    async with live("courtlistener") as source:
        results = [
            await source.call("search_cases", query="bees", jurisdiction="de"),
            await source.call("search_cases", query="bees", cites="us/usc/17#101"),
            await source.call("read_case", case="BGH, Urteil vom 12. Mai 2010 - I ZR 214/07"),
            await source.call("read_case", case="x-moskethia/case/1"),
            await source.call("resolve_citation", text="§ 823 Abs. 1 BGB"),
            await source.call("resolve_citation", text="no citation at all"),
            await source.call("resolve_citation", text="Arden v. Birch, 599 U.S. 901 (2019)", jurisdiction="uk"),
        ]
    assert {kind_of(result)["kind"] for result in results} == {"elsewhere"}
    assert replay.requests == []
