"""Whole runs: the playbook and scripted models over the real tools, live sources behind them, and other hosts."""

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from mcp import Client, StdioServerParameters

from metier.answer import Refusal
from metier.errors import InputError
from metier.evidence import Citation
from metier.limits import Limits
from metier.runtime.copilot import Copilot
from metier.runtime.result import Result
from metier.runtime.runs import replay_run
from metier.testing import ScriptedModel, Seen, call, refuse_network
from metier.toolkit import Call, Calls, Finish, Settings
from metier.trace import ToolCall
from metier_research import SAMPLE_REQUEST, toolkit
from metier_research.report import Report, Statement
from tests.toolkits.research.server.websites import Answer, html, serve_pages

TOOLS = ("search", "visit", "scholar", "python", "read_file", "explore")
END = Finish(Refusal(reasons=("done",)))
METIER = (sys.executable, "-c", "from metier.cli.main import main; main()")


def run(home: Path, *steps: object, task: str = "What is there?", **more: object) -> Result:
    model = ScriptedModel(steps)  # type: ignore[arg-type]
    given = {"limits": Limits(repairs=0), "home": home, "folder": home, **more}
    return Copilot([toolkit], model=model, **given).run_sync(task)  # type: ignore[arg-type]


def calls_of(result: Result) -> list[tuple[str, bool]]:
    return [(made.tool, made.is_error) for made in made_by(result)]


def made_by(result: Result) -> list[ToolCall]:
    """Returns the calls of the toolkit's tools, in their order; how the run ended is none."""
    return [made for turn in result.trace.turns for made in turn.calls if made.tool in TOOLS]


@pytest.mark.anyio
async def test_row_28_the_sample_question_is_answered_offline_and_a_replay_is_the_same(sample: Path) -> None:
    with refuse_network():
        result = await Copilot([toolkit], home=sample).run(SAMPLE_REQUEST, run_id="sample")
    assert isinstance(result.answer, Report), (result.refusal, result.trace.error)
    assert "1,681" in result.answer.exact
    assert (result.verdict.violated, result.trace.removed) == ((), ())
    assert {"search", "visit"} <= {tool for tool, _ in calls_of(result)}
    again = await replay_run("sample", sample, toolkits=[toolkit])
    assert again.to_json() == result.trace.to_json()


def test_row_34_a_model_that_cites_what_it_visited_passes_and_one_that_only_searched_does_not(sample: Path) -> None:
    question = "How many people live in Rodeskum?"
    search = call("search", query=["inhabitants lived in Rodeskum at the last count"])
    quote = "At the last count, 1,681 inhabitants lived in Rodeskum."

    def finish(seen: Seen) -> Finish:
        item = [item for item in seen.evidence if quote in item.text][-1]  # the search's snippet has the words as well
        statement = Statement(text="Rodeskum has 1,681 inhabitants.", citations=(Citation(item.id, quote=quote),))
        return Finish(Report(question=question, title="Rodeskum", answer=statement, exact="1,681"))

    visit = call("visit", url=["wiki://world-1/Rodeskum"], goal="How many people live there?")
    assert isinstance(run(sample, search, visit, finish, task=question).answer, Report)
    refused = run(sample, search, finish, task=question)
    assert refused.answer is None


def test_row_34_a_number_that_cites_nothing_never_passes(sample: Path) -> None:
    bare = Statement(text="Rodeskum has 1,681 inhabitants.", citations=())
    visit = call("visit", url=["wiki://world-1/Rodeskum"], goal="How many people live there?")
    result = run(sample, visit, Finish(Report(question="How many?", title="Rodeskum", answer=bare, exact="1,681")))
    assert result.answer is None
    assert result.refusal is not None
    assert any(reason.startswith("cited: /answer;") for reason in result.refusal.reasons)


def test_dead_pages_put_no_other_tool_to_rest(sample: Path) -> None:
    """A page that fails is no fault of this server: its breaker stays closed."""
    dead = [call("visit", url=[f"wiki://world-1/No Such {at}"], goal="anything") for at in range(7)]
    result = run(sample, *dead, call("search", query=["Rodeskum"]), END)
    assert calls_of(result) == [*([("visit", True)] * 7), ("search", False)]


def test_row_24_what_the_wikis_do_not_have_is_asked_of_the_next_provider_in_the_same_shape(sample: Path) -> None:
    found = {"results": [{"url": "https://a.example/", "title": "Zyzzyva", "content": "A weevil.", "engine": "x"}]}

    def answer(path: str) -> Answer:
        return 200, {"Content-Type": "application/json"}, json.dumps(found).encode()

    (sample / "metier.toml").write_text('[toolkits.research]\nproviders = ["local", "searxng"]\n')
    try:
        with serve_pages(answer) as site:
            both = Calls((Call("search", {"query": ["zyzzyva qwxk"]}), Call("search", {"query": ["Rodeskum"]})))
            result = run(sample, both, END, options={"searxng_url": site.root}, cache="off")
    finally:
        (sample / "metier.toml").unlink()
    live, local = made_by(result)
    assert live.record is not None
    assert local.record is not None
    assert (live.record.provider, local.record.provider, len(site.asked)) == ("searxng", "research", 1)
    shapes = [made.value["queries"][0] for made in (live, local)]  # type: ignore[call-overload, index]
    assert set(shapes[0]) == set(shapes[1])
    assert set(shapes[0]["hits"][0]) == set(shapes[1]["hits"][0])
    assert "https://a.example/" in live.text
    assert "world-1" in local.text


def test_defect_2_two_visits_in_one_turn_are_both_made(sample: Path) -> None:
    """The seed ran the first call of a turn and dropped the others."""
    with serve_pages(lambda path: (200, {"Content-Type": "text/html"}, html("A", "Page."))) as site:
        options = {"web": "on", "private": site.host}
        both = Calls(tuple(Call("visit", {"url": [f"{site.root}{at}"], "goal": "g"}) for at in range(2)))
        result = run(sample, both, END, options=options)
    assert calls_of(result) == [("visit", False), ("visit", False)]
    assert sorted(path for path in site.asked if path != "/robots.txt") == ["/0", "/1"]


@pytest.mark.anyio
async def test_the_same_tools_are_served_over_stdio(sample: Path) -> None:
    environ = {**os.environ, "METIER_HOME": str(sample), "METIER_OPTIONS": "names=seed"}
    command = [*METIER, "mcp", "serve", "research"]
    async with Client(StdioServerParameters(command=command[0], args=command[1:], env=environ)) as client:
        listed = (await client.list_tools()).tools
        result = await client.call_tool("visit", {"url": ["wiki://world-1/Rodeskum"], "goal": "people"})
    assert {tool.name for tool in listed} >= {"search", "visit", "google_scholar", "PythonInterpreter", "parse_file"}
    for tool in listed:
        assert tool.description
        assert all(shape.get("description") for shape in tool.input_schema["properties"].values()), tool.name
    assert not result.is_error
    assert "1,681 inhabitants" in str(result.structured_content)


def test_an_option_that_says_nothing_ends_the_run_before_it_begins(sample: Path) -> None:
    with pytest.raises(InputError, match="isolation=prayer"):
        run(sample, options={"isolation": "prayer"})


def test_the_toolkit_says_what_it_needs(sample: Path, tmp_path: Path) -> None:
    assert toolkit.needs is not None
    there = {need.kind: need for need in toolkit.needs(Settings(sample / "research"))}
    missing = {need.kind: need for need in toolkit.needs(Settings(tmp_path))}
    assert (there["data"].present, missing["data"].present, missing["data"].required) == (True, False, True)
    keyed = toolkit.needs(replace(Settings(tmp_path), options={"brave_key": "k" * 20}))
    assert next(need for need in keyed if need.kind == "key").present
