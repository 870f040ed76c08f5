"""A source that could not be asked is unavailable: never a finding that something does not exist."""

from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from mcp.types import CallToolResult

from metier.servers.result import EVIDENCE_KEY, FAILURE_KEY
from metier.testing import FrozenClock
from metier_legal.live.serving import make_courtlistener
from tests.toolkits.legal.live.conftest import Open, settings_of
from tests.toolkits.legal.live.law import courtlistener_routes, ecfr_routes
from tests.toolkits.legal.live.replay import BOMB, FAULTS, OUTSIDE, XML_KIND, Replay, Said, serve

pytestmark = pytest.mark.anyio
KEY = "cl-very-secret-token"
CALLS: dict[str, tuple[str, dict[str, object]]] = {
    "ecfr": ("read_provision", {"provision": "us/cfr/29#9910.12"}),
    "legislation_gov_uk": ("read_provision", {"provision": "uk/ukpga/2098/7#3"}),
    "eurlex": ("read_provision", {"provision": "eu/32016R0777#2"}),
    "search": ("search_cases", {"query": "bees"}),
    "case": ("read_case", {"case": "us/cl/9001"}),
    "citation": ("resolve_citation", {"text": "Arden v. Birch, 599 U.S. 901 (2019)"}),
}
ABSENCE = ("no such", "does not exist", "has no ", "no_match", "not_in_corpus", "nothing was found")


def is_unavailable(result: CallToolResult, kind: str = "unavailable") -> dict[str, Any]:
    """Holds the result to be a failure that may pass, with no evidence and no word on what exists; returns its kind."""
    text = "\n".join(block.text for block in result.content if block.type == "text")
    meta = result.meta or {}
    assert result.is_error, text
    assert EVIDENCE_KEY not in meta
    assert result.structured_content is None
    assert not any(word in text.lower() for word in ABSENCE), text
    failure: dict[str, Any] = meta[FAILURE_KEY]
    assert failure["kind"] == kind, text
    return failure


def source_of(name: str) -> str:
    return name if name in ("ecfr", "legislation_gov_uk", "eurlex") else "courtlistener"


@pytest.mark.parametrize("fault", sorted(set(FAULTS) - {"hang", "huge", "patience", "impatience", "busy"}))
@pytest.mark.parametrize("name", CALLS)
async def test_no_fault_of_a_source_is_taken_for_an_answer(live: Open, replay: Replay, name: str, fault: str) -> None:
    tool, arguments = CALLS[name]
    replay.fault = fault
    async with live(source_of(name)) as source:
        is_unavailable(await source.call(tool, **arguments))
    assert replay.requests


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize(("fault", "pause"), [("patience", 17.0), ("impatience", 60.0), ("busy", 9.0)])
async def test_a_source_that_asks_for_patience_is_throttled_for_as_long_as_it_says(
    live: Open, replay: Replay, name: str, fault: str, pause: float
) -> None:
    tool, arguments = CALLS[name]
    replay.fault = fault
    async with live(source_of(name)) as source:
        assert is_unavailable(await source.call(tool, **arguments), "throttled")["retry_after_s"] == pause


async def test_a_source_that_never_answers_is_given_up_in_time(live: Open, replay: Replay) -> None:
    replay.fault = "hang"
    async with live("ecfr", live_timeout_s="0.3") as source:
        result = await source.call("read_provision", provision="us/cfr/29#9910.12")
    replay.released.set()
    is_unavailable(result)


async def test_an_answer_of_200_megabytes_is_not_read(live: Open, replay: Replay) -> None:
    replay.fault = "huge"
    async with live("ecfr") as source:
        is_unavailable(await source.call("read_provision", provision="us/cfr/29#9910.12"))
    assert replay.sent_bytes < 100 << 20


async def test_a_source_that_is_not_there_is_unavailable(live: Open, replay: Replay) -> None:
    with serve({}) as gone:
        address = gone.address
    async with live("ecfr", ecfr_url=address) as source:
        is_unavailable(await source.call("read_provision", provision="us/cfr/29#9910.12"))


@pytest.mark.parametrize("body", [BOMB, OUTSIDE, b"<DIV8 N='9910.12' TYPE='SECTION'><HEAD>cut", b"\xff\xfe<broken"])
async def test_hostile_and_broken_xml_is_unavailable_and_nothing_of_it_is_expanded(
    live: Open, replay: Replay, body: bytes
) -> None:
    for path in ("/ecfr/full/", "/uk/ukpga/"):
        replay.routes[path] = lambda _: Said(body, XML_KIND)
    for name in ("ecfr", "legislation_gov_uk"):
        tool, arguments = CALLS[name]
        async with live(name) as source:
            result = await source.call(tool, **arguments)
        is_unavailable(result)
        assert "root:" not in str(result)


async def test_a_text_that_is_listed_and_not_there_is_a_contradiction_and_no_finding(
    live: Open, replay: Replay
) -> None:
    replay.routes["/ecfr/full/"] = lambda _: None
    replay.routes["/resource/"] = lambda _: None
    for name in ("ecfr", "eurlex"):
        tool, arguments = CALLS[name]
        async with live(name) as source:
            result = await source.call(tool, **arguments)
        assert (result.meta or {})[FAILURE_KEY]["kind"] == "unavailable"


async def test_another_law_than_was_asked_for_is_not_given_out(live: Open, replay: Replay) -> None:
    section = ecfr_routes()["/ecfr/full/"]
    replay.routes["/ecfr/full/"] = lambda asked: (
        None if (said := section(asked)) is None else Said(said.body.replace(b"9910.12", b"9910.99"), said.kind)
    )
    async with live("ecfr") as source:
        is_unavailable(await source.call("read_provision", provision="us/cfr/29#9910.12"))
    async with live("eurlex") as source:
        result = await source.call("read_provision", provision="eu/32016R0778#2")
    assert (result.meta or {})[FAILURE_KEY]["kind"] == "refused"  # Cellar lists no such act: that is its answer


async def test_the_key_goes_to_its_own_source_in_a_header_and_into_no_error(tmp_path: Path) -> None:
    with serve(courtlistener_routes()) as ours, serve({}) as theirs:
        settings = settings_of(ours, tmp_path, courtlistener_token=KEY)
        moved = Said(b"", status=302, headers={"Location": f"{theirs.address}/cl/search/"})
        async with Client(make_courtlistener(settings, clock=FrozenClock())) as client:
            await client.call_tool("search_cases", {"query": "bees"})
            ours.routes["/cl/search/"] = lambda _: moved
            failed = await client.call_tool("search_cases", {"query": "wasps"})
        is_unavailable(failed)
        assert [one.headers["Authorization"] for one in ours.requests] == [f"Token {KEY}"] * 2
        assert not any(KEY in f"{one.path}{one.query}" for one in ours.requests)
        assert theirs.requests == []
        assert KEY not in str(failed)
