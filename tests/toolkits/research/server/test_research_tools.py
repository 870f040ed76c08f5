"""Every tool: how it looks, what it returns, its evidence, and errors that say what to do."""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier.errors import InputError
from metier.servers.result import FAILURE_KEY, read_evidence
from metier.toolkit import Settings
from metier_research.pages.evidence import HIT, OUTPUT, PASSAGE, kind_of
from metier_research.server.address import read_address
from tests.toolkits.research.server.library import LONG
from tests.toolkits.research.server.websites import html, serve_pages

pytestmark = pytest.mark.anyio
PLAIN = {"search", "visit", "scholar", "python", "read_file", "explore"}
SEED = {"search", "visit", "google_scholar", "PythonInterpreter", "parse_file", "explore"}


def with_options(given: Settings, **options: str) -> Settings:
    return replace(given, options={**given.options, **options})


def text_of(result: Any) -> str:
    return str(result.content[0].text)


@pytest.mark.parametrize(("names", "expected"), [("plain", PLAIN), ("seed", SEED)])
async def test_the_tools_bear_plain_names_or_those_of_the_seed(
    harbour: Settings, desk: Any, names: str, expected: set[str]
) -> None:
    async with desk(with_options(harbour, names=names)) as research:
        listed = {tool.name: tool for tool in (await research.client.list_tools()).tools}
    assert set(listed) == expected
    for name, tool in listed.items():
        assert tool.description, name
        assert tool.output_schema, name
        assert tool.annotations is not None
        for parameter, shape in tool.input_schema["properties"].items():
            assert shape.get("description"), (name, parameter)


async def test_the_seeds_tools_take_the_arguments_that_its_weights_know(harbour: Settings, desk: Any) -> None:
    async with desk(with_options(harbour, names="seed")) as research:
        listed = {tool.name: tool.input_schema for tool in (await research.client.list_tools()).tools}
    shapes = {
        name: ({key: shape["type"] for key, shape in schema["properties"].items()}, schema["required"])
        for name, schema in listed.items()
    }
    assert shapes["search"] == ({"query": "array"}, ["query"])
    assert shapes["visit"] == ({"url": "array", "goal": "string"}, ["url", "goal"])
    assert shapes["google_scholar"] == ({"query": "array"}, ["query"])
    assert shapes["PythonInterpreter"] == ({"code": "string"}, ["code"])
    assert shapes["parse_file"] == ({"files": "array"}, ["files"])
    assert listed["search"]["properties"]["query"]["minItems"] == 1


async def test_only_the_interpreter_does_more_than_read(harbour: Settings, desk: Any) -> None:
    async with desk(harbour) as research:
        tools = (await research.client.list_tools()).tools
    assert {tool.name for tool in tools if not tool.annotations.read_only_hint} == {"python"}
    assert all(not tool.annotations.open_world_hint for tool in tools)


async def test_several_queries_are_answered_in_their_order_and_one_without_hits_says_so(
    harbour: Settings, desk: Any
) -> None:
    async with desk(harbour) as research:
        result = await research.call("search", query=["engineer Borovik", "zyzzyva", "lighthouse"])
    first, none, last = result.structured_content["queries"]
    assert first["hits"][0]["url"] == "wiki://harbour/Ada%20Borovik"
    assert [hit["rank"] for hit in last["hits"]] == list(range(1, len(last["hits"]) + 1))
    assert (none["hits"], "has these words" in none["note"]) == ([], True)
    assert {kind_of(item) for item in read_evidence(result.meta) or ()} == {HIT}


async def test_the_same_query_gives_the_same_bytes(harbour: Settings, desk: Any) -> None:
    async with desk(harbour) as research:
        once = await research.call("search", query=["Skerry"])
        again = await research.call("search", query=["Skerry"])
    assert once.model_dump_json() == again.model_dump_json()


async def test_defect_1_a_query_about_python_reaches_the_search(harbour: Settings, desk: Any) -> None:
    """The seed sent every call with "python" in its text to the interpreter."""
    async with desk(harbour) as research:
        result = await research.call("search", query=["python lighthouse"])
    assert result.structured_content["queries"][0]["hits"]


async def test_a_single_text_is_taken_for_a_list_of_one(harbour: Settings, desk: Any) -> None:
    async with desk(harbour) as research:
        found = await research.ask("search", query="lighthouse")
        read = await research.ask("visit", url="wiki://harbour/Lund", goal="people")
    assert (len(found["queries"]), len(read["pages"])) == (1, 1)


async def test_what_this_machine_does_not_have_is_left_to_other_providers(
    harbour: Settings, desk: Any, tmp_path: Path
) -> None:
    async with desk(harbour) as research:
        nothing = await research.call("search", query=["zyzzyva", "qwxk"])
        works = await research.call("scholar", query=["tides"])
    async with desk(Settings(tmp_path)) as research:
        empty = await research.call("search", query=["Skerry"])
    assert "metier research sample" in text_of(empty)
    assert "openalex" in text_of(works)
    for result in (nothing, works, empty):
        assert (result.is_error, result.meta[FAILURE_KEY]["kind"]) == (True, "elsewhere")


async def test_a_short_page_is_read_whole_with_its_links_and_dates(harbour: Settings, desk: Any) -> None:
    async with desk(harbour) as research:
        result = await research.call("visit", url=["wiki://harbour/Skerry"], goal="who built the lighthouse?")
    (page,) = result.structured_content["pages"]
    (item,) = read_evidence(result.meta) or ()
    assert "".join(passage["text"] for passage in page["passages"]) == item.text
    assert (page["modified"], page["error"], kind_of(item)) == ("2024-05-01", "", PASSAGE)
    assert {link["text"] for link in page["links"]} == {"Skerry Lighthouse", "Ada Borovik"}
    assert f"[{item.id}]" in text_of(result)


async def test_a_long_page_gives_the_passages_for_the_goal_and_says_how_to_read_on(
    harbour: Settings, desk: Any
) -> None:
    async with desk(harbour) as research:
        result = await research.call("visit", url=[LONG], goal="what did the lamp burn, and until when?")
        (page,) = result.structured_content["pages"]
        assert any("whale oil until 1921" in passage["text"] for passage in page["passages"])
        assert page["characters"] > 40_000
        assert sum(len(passage["text"]) for passage in page["passages"]) <= 8_000
        assert f"{LONG}#char=FROM,TO" in text_of(result)
        assert len(text_of(result)) < 12_000
        part = page["passages"][0]
        span = await research.call("visit", url=[f"{LONG}#char={part['start']},{part['end']}"], goal="the same")
    assert span.structured_content["pages"][0]["passages"] == [part]
    known = {item.id for item in read_evidence(result.meta) or ()}
    assert {item.id for item in read_evidence(span.meta) or ()} <= known


async def test_row_9_two_goals_for_one_page_keep_both_evidences(harbour: Settings, desk: Any) -> None:
    async with desk(harbour) as research:
        lamp = await research.call("visit", url=[LONG], goal="lamp whale oil electric")
        chapter = await research.call("visit", url=[LONG], goal="chapter 7 weather keeper")
    first, second = ({item.locator for item in read_evidence(one.meta) or ()} for one in (lamp, chapter))
    assert second - first
    assert first - second


async def test_what_is_outdated_says_so_to_the_model_and_in_the_evidence(harbour: Settings, desk: Any) -> None:
    async with desk(harbour) as research:
        result = await research.call("visit", url=["wiki://harbour/Lund"], goal="people")
    (item,) = read_evidence(result.meta) or ()
    assert "Marked as outdated" in text_of(result)
    assert isinstance(item.value, dict)
    assert item.value["outdated"] == "Replaced by a newer count."


async def test_one_page_that_fails_does_not_lose_the_others(harbour: Settings, desk: Any) -> None:
    urls = ["wiki://harbour/Nowhere", "wiki://harbour/Lund", "file:///etc/passwd", "ftp://a.example/", "javascript:1"]
    async with desk(harbour) as research:
        pages = (await research.ask("visit", url=urls, goal="people"))["pages"]
        refused = await research.call("visit", url=["wiki://harbour/Nowhere"], goal="people")
    assert [bool(page["error"]) for page in pages] == [True, False, True, True, True]
    assert [page["url"] for page in pages] == urls
    assert (refused.is_error, refused.meta[FAILURE_KEY]["kind"]) == (True, "refused")


async def test_the_web_is_off_until_the_user_allows_it(harbour: Settings, desk: Any) -> None:
    with serve_pages(lambda path: (200, {"Content-Type": "text/html"}, html("Secret", "A page."))) as site:
        async with desk(harbour) as research:
            told = await research.complain("visit", url=[site.root], goal="anything")
            walked = await research.complain("explore", site=site.root, question="What is there?")
    assert "--set web=on" in told
    assert "--set web=on" in walked
    assert site.asked == []


async def test_pages_of_the_web_are_read_and_their_letters_stay(harbour: Settings, desk: Any) -> None:
    texts = iter(("The bridge has 17 arches.", "The bridge has 99 arches."))

    def answer(path: str) -> tuple[int, dict[str, str], bytes]:
        return 200, {"Content-Type": "text/html"}, html("Bridge", next(texts), links={"On": "/on?a=1"})

    with serve_pages(answer) as site:
        options = with_options(harbour, web="on", private=site.host)
        async with desk(options) as research:
            first = await research.ask("visit", url=[f"{site.root}bridge"], goal="arches")
            again = await research.ask("visit", url=[f"{site.root}bridge#char=0,40"], goal="arches")
    assert "17 arches" in first["pages"][0]["passages"][0]["text"]
    assert {"text": "On", "url": f"{site.root}on?a=1"} in first["pages"][0]["links"]
    assert first["pages"][0]["digest"] == again["pages"][0]["digest"]


async def test_no_private_address_is_reached_without_its_name(harbour: Settings, desk: Any) -> None:
    with serve_pages(lambda path: (200, {"Content-Type": "text/html"}, html("Inside", "A page."))) as site:
        async with desk(with_options(harbour, web="on")) as research:
            await research.complain("visit", url=[site.root, "http://169.254.169.254/latest/"], goal="keys")
    assert site.asked == []


async def test_a_site_is_walked_and_the_clicks_are_told(harbour: Settings, desk: Any) -> None:
    found = {
        "/": html(
            "Port", "Welcome to the port.", links={"Ferries": "/ferries", "News": "/news", "Out": "http://x.example/"}
        ),
        "/ferries": html("Ferries", "Two ferries sail.", links={"Ferry to Skerry": "/skerry", "Home": "/"}),
        "/news": html("News", "Nothing new."),
        "/skerry": html("Ferry to Skerry", "The ferry to Skerry leaves at 06:40 on weekdays."),
    }

    def answer(path: str) -> tuple[int, dict[str, str], bytes]:
        return (200, {"Content-Type": "text/html"}, found[path]) if path in found else (404, {}, b"")

    with serve_pages(answer) as site:
        async with desk(with_options(harbour, web="on", private=site.host)) as research:
            result = await research.call("explore", site=site.root, question="When does the ferry to Skerry leave?")
    walk = result.structured_content
    assert (walk["enough"], walk["path"][-1]["url"], walk["refused"]) == (True, f"{site.root}skerry", 1)
    assert "06:40" in walk["pages"][-1]["passages"][0]["text"]
    assert all(kind_of(item) == PASSAGE for item in read_evidence(result.meta) or ())


async def test_a_wiki_is_walked_from_what_its_search_finds(harbour: Settings, desk: Any) -> None:
    async with desk(harbour) as research:
        walk = await research.ask("explore", site="wiki://harbour", question="In which year was Ada Borovik born?")
        nothing = await research.complain("explore", site="wiki://harbour", question="zyzzyva?")
    assert any("1831" in passage["text"] for page in walk["pages"] for passage in page["passages"])
    assert "has the words" in nothing


async def test_a_program_prints_and_its_output_can_be_cited(harbour: Settings, desk: Any) -> None:
    async with desk(with_options(harbour, isolation="limits")) as research:
        result = await research.call("python", code="print(6 * 7)")
        quiet = await research.call("python", code="x = 1")
        broken = await research.call("python", code="print('so far'); 1 / 0")
    (item,) = read_evidence(result.meta) or ()
    assert (item.text, kind_of(item), result.structured_content["isolation"]) == ("42\n", OUTPUT, "limits")
    assert text_of(quiet) == "Finished execution."
    assert (quiet.meta is None or not read_evidence(quiet.meta), read_evidence(broken.meta)) == (True, ())
    assert broken.structured_content["exit"] != 0
    assert "ZeroDivisionError" in text_of(broken)


async def test_files_are_read_below_named_folders_only(harbour: Settings, desk: Any, tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "tides.txt").write_text("High water at Skerry is at 06:40.")
    (tmp_path / "secret.txt").write_text("The password is lighthouse.")
    async with desk(harbour) as research:
        assert "--set files=FOLDER" in await research.complain("read_file", files=["tides.txt"])
    async with desk(with_options(harbour, files=str(tmp_path / "notes"))) as research:
        result = await research.call("read_file", files=["tides.txt", "../secret.txt"], goal="high water")
        again = await research.ask("visit", url=["file:tides.txt#char=0,10"], goal="high water")
    read, refused = result.structured_content["pages"]
    assert read["passages"][0]["text"] == "High water at Skerry is at 06:40."
    assert "password" not in text_of(result)
    assert refused["error"]
    assert again["pages"][0]["passages"][0]["text"] == "High water"


@pytest.mark.parametrize(
    "options",
    [
        {"web": "perhaps"},
        {"names": "fancy"},
        {"isolation": "prayer"},
        {"hits": "0"},
        {"hits": "many"},
        {"extractor": "a model"},
        {"extractor": "http://127.0.0.1:1/v1"},
        {"agent": "two\nlines"},
    ],
)
async def test_an_option_that_says_nothing_is_refused(harbour: Settings, desk: Any, options: dict[str, str]) -> None:
    with pytest.raises(InputError):
        async with desk(with_options(harbour, **options)):
            pass


@pytest.mark.parametrize("url", ["", " ", "https://a b/", f"https://a.example/{'a' * 5_000}", "wiki://x#char=9,3"])
async def test_what_is_no_address_is_told_to_the_model(harbour: Settings, desk: Any, url: str) -> None:
    async with desk(harbour) as research:
        assert "Give" in await research.complain("visit", url=[url], goal="anything")


@settings(max_examples=60)
@given(st.text(max_size=80))
def test_any_text_is_an_address_without_a_fragment_or_no_address(text: str) -> None:
    with suppress(InputError):
        assert "#" not in read_address(text).url


async def test_a_title_is_understood_as_a_model_reads_it(harbour: Settings, desk: Any) -> None:
    async with desk(harbour) as research:
        pages = (await research.ask("visit", url=["wiki://harbour/Ada Borovik#Life"], goal="born"))["pages"]
    assert pages[0]["url"] == "wiki://harbour/Ada%20Borovik"
