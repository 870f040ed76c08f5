"""Every tool: its schema, what it returns, its evidence, and errors that say what to do."""

from typing import Any

import pytest

from metier.servers.result import read_evidence
from metier.toolkit import Settings
from metier_legal.law.provision import Standing
from metier_legal.records import ParagraphRecord, ProvisionRecord, ResolutionRecord, SearchRecord, read_record

pytestmark = pytest.mark.anyio
LAND = "x-moskethia"
ARREARS = f"{LAND}/tenancy-act#24"
TOOLS = {
    "list_law", "search_statutes", "read_provision", "search_cases", "read_case", "cited_by", "cites",
    "resolve_citation", "compare_versions", "court_hierarchy", "define_term", "judge_support",
}  # fmt: skip


def records(result: Any) -> list[object]:
    return [read_record(item) for item in read_evidence(result.meta) or ()]


async def test_the_tools_are_those_promised_each_with_schemas_and_marked_as_reading(
    sample: Settings, desk: Any
) -> None:
    async with desk(sample) as legal:
        listed = (await legal.client.list_tools()).tools
    assert {tool.name for tool in listed} == TOOLS
    for tool in listed:
        assert tool.output_schema, tool.name
        assert (tool.description or "").startswith("Returns"), tool.name
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint is True


async def test_the_shelf_names_jurisdictions_the_day_and_that_the_law_is_fictional(sample: Settings, desk: Any) -> None:
    async with desk(sample) as legal:
        shelf = await legal.ask("list_law")
    (holding,) = shelf["holdings"]
    assert (shelf["today"], holding["jurisdiction"], holding["fictional"]) == ("2026-11-26", LAND, True)
    assert any("Tenancy Act" in work for work in holding["works"])


async def test_a_provision_reads_as_it_was_on_the_day(sample: Settings, desk: Any) -> None:
    async with desk(sample) as legal:
        then = await legal.call("read_provision", provision=ARREARS, on="2021-02-03")
        now = await legal.ask("read_provision", provision=ARREARS)
        by_name = await legal.ask("read_provision", provision="Tenancy Act § 24(2)", on="2021-02-03")
    before = then.structured_content
    assert before["text"] != now["text"]
    assert (before["valid_to"], now["standing"]) == ("2022-01-01", Standing.IN_FORCE)
    assert by_name["evidence"] == before["evidence"]
    (record,) = records(then)
    assert isinstance(record, ProvisionRecord)
    assert record.version in record.versions
    assert len(record.versions) >= 2


async def test_two_versions_are_compared_word_by_word(sample: Settings, desk: Any) -> None:
    async with desk(sample) as legal:
        change = await legal.ask("compare_versions", provision=ARREARS, earlier="2021-02-03", later="2023-01-01")
        same = await legal.ask("compare_versions", provision=ARREARS, earlier="2021-02-03", later="2021-06-01")
    assert change["same"] is False
    assert any(line.startswith("-") for line in change["words"])
    assert any(line.startswith("+") for line in change["words"])
    assert (same["same"], same["words"]) == (True, [])


async def test_a_search_says_what_it_came_to_and_leaves_a_record(sample: Settings, desk: Any) -> None:
    async with desk(sample) as legal:
        found = await legal.call("search_statutes", query="terminate lease rent arrears", on="2021-02-03")
        nothing = await legal.call("search_statutes", query="zzzqqq xylograph")
    assert found.structured_content["state"] == "GROUNDED"
    assert ARREARS in [hit["id"] for hit in found.structured_content["hits"]]
    assert nothing.structured_content["state"] == "NO_MATCH"
    for result, state in ((found, "GROUNDED"), (nothing, "NO_MATCH")):
        (record,) = records(result)
        assert isinstance(record, SearchRecord)
        assert record.state == state


async def test_a_case_is_read_with_whose_words_each_paragraph_is_and_what_became_of_it(
    sample: Settings, desk: Any
) -> None:
    async with desk(sample) as legal:
        hits = (await legal.ask("search_cases", query="landlord terminate lease arrears", jurisdiction=LAND))["hits"]
        result = await legal.call("read_case", case=hits[0]["id"])
        some = await legal.ask("read_case", case=hits[0]["id"], paragraphs=[2, 1])
    case = result.structured_content
    assert case["treatment_known"] is True
    assert [one["number"] for one in some["paragraphs"]] == [2, 1]
    read = records(result)
    assert all(isinstance(record, ParagraphRecord) for record in read)
    assert len(read) == len(case["paragraphs"]) > 3


async def test_who_cites_whom_is_told_both_ways(sample: Settings, desk: Any) -> None:
    async with desk(sample) as legal:
        citing = await legal.ask("cited_by", target=ARREARS)
        first = citing["mentions"][0]["target"]
        cited = await legal.ask("cites", case=first)
    assert ARREARS in [mention["target"] for mention in cited["mentions"]]


async def test_citations_resolve_or_say_why_not(sample: Settings, desk: Any) -> None:
    text = "Tenancy Act § 24(2), Tenancy Act § 999, 《莫斯克特租赁法》第二十四条第二款 and 17 U.S.C. § 101."
    async with desk(sample) as legal:
        result = await legal.call("resolve_citation", text=text)
    states = {one["written"]: one["state"] for one in result.structured_content["citations"]}
    assert states["Tenancy Act § 24(2)"] == "FOUND"
    assert states["Tenancy Act § 999"] == "NO_SUCH_PIN"
    assert states["《莫斯克特租赁法》第二十四条第二款"] == "FOUND"
    assert states["17 U.S.C. § 101"] == "NOT_IN_CORPUS"
    assert all(isinstance(record, ResolutionRecord) for record in records(result))


async def test_courts_stand_in_their_order(sample: Settings, desk: Any) -> None:
    async with desk(sample) as legal:
        courts = (await legal.ask("court_hierarchy", jurisdiction=LAND))["courts"]
    levels = [level for level, _ in courts]
    assert levels == sorted(levels, reverse=True)
    assert {1, 2, 3} <= set(levels)


async def test_a_term_is_defined_where_the_law_defines_it(sample: Settings, desk: Any) -> None:
    async with desk(sample) as legal:
        defined = await legal.ask("define_term", term="dwelling", jurisdiction=LAND)
        unknown = await legal.ask("define_term", term="hedgehog", jurisdiction=LAND)
    assert any("'dwelling' means" in one["text"] for one in defined["provisions"])
    assert unknown["provisions"] == []


@pytest.mark.parametrize(
    ("tool", "arguments", "says"),
    [
        ("read_provision", {"provision": f"{LAND}/tenancy-act#999"}, "does not exist"),
        ("read_provision", {"provision": "the usual rule"}, "neither the id nor the citation"),
        ("read_provision", {"provision": ARREARS, "on": "1800-01-01"}, "Its versions are"),
        ("read_case", {"case": "[2019] XX 999"}, "search_cases"),
        ("read_case", {"case": "nobody v. nothing"}, "search_cases"),
        ("search_statutes", {"query": "rent", "jurisdiction": "de"}, "There is no law of 'de'"),
        ("court_hierarchy", {"jurisdiction": ""}, "list_law"),
        ("define_term", {"term": " "}, "Give one"),
        ("judge_support", {"claim": "a", "passage": "b"}, "No judge is set"),
        ("resolve_citation", {"text": "x" * 64_001}, "at most 64000"),
    ],
)
async def test_an_error_says_what_to_do(
    sample: Settings, desk: Any, tool: str, arguments: dict[str, object], says: str
) -> None:
    async with desk(sample) as legal:
        assert says in await legal.complain(tool, **arguments)


async def test_without_law_every_tool_says_how_to_get_some(tmp_path: Any, desk: Any) -> None:
    async with desk(Settings(tmp_path / "legal")) as legal:
        assert "metier legal add" in await legal.complain("list_law")
        assert "metier legal add" in await legal.complain("search_statutes", query="rent")
