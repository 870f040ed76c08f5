"""A key that a server lets slip is in nothing that leaves the envelope, and not on the disk."""

import base64
import logging
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from mcp.types import CallToolResult, EmbeddedResource, ResourceLink, TextContent, TextResourceContents

from metier.errors import ServerError
from metier.evidence import is_intact, record_evidence
from metier.gateway.gateway import Gateway
from metier.servers.result import EVIDENCE_KEY
from metier.servers.source import CallContext, Progress
from metier.trace import CallRecord
from tests.sdk.gateway.envelope.serving import Severable, Time, Upstream, failed

pytestmark = pytest.mark.anyio

CANARY = "s3cret+canary/0815=="
SPELLINGS = (CANARY, quote(CANARY, safe=""), base64.b64encode(CANARY.encode()).decode().rstrip("="), "canary")


def leaky() -> CallToolResult:
    evidence = record_evidence(
        source="a", locator=f"https://x/?key={quote(CANARY, safe='')}", text=CANARY, value=[CANARY]
    )
    return CallToolResult(
        content=[
            TextContent(type="text", text=f"see https://x/?key={CANARY}", _meta={"key": CANARY}),
            ResourceLink(type="resource_link", name="n", uri=f"https://x/?key={quote(CANARY, safe='')}"),
            EmbeddedResource(type="resource", resource=TextResourceContents(uri="a://b", text=CANARY)),
        ],
        structured_content={"by": CANARY, "query": SPELLINGS[2], "number": 1},
        _meta={
            EVIDENCE_KEY: [{name: getattr(evidence, name) for name in evidence.__slots__}],
            "debug": {"key": CANARY},
        },
    )


def check(*things: object) -> None:
    for thing in things:
        text = repr(thing)
        assert [spelling for spelling in SPELLINGS if spelling in text] == []


async def test_a_secret_in_a_result_is_in_no_part_of_it_and_not_on_the_disk(
    gateway: Gateway, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    heard: list[Progress] = []
    upstream = Upstream("a", always=leaky())
    provided = upstream.provided(secrets=(CANARY,), ttl_s=60, cap_tokens=5)
    async with gateway.envelope("maps", [provided]) as envelope:
        results = [
            await envelope.call("search", {"query": "canary"[:3] + CANARY}, CallContext(on_progress=heard.append))
            for _ in range(2)
        ]
    assert len(upstream.calls) == 1
    assert len(heard) == 1
    for result in results:
        check(result, result.content, result.evidence, result.record, heard)
        assert len(result.evidence) == 1
        assert all(map(is_intact, result.evidence))
        assert "[secret]" in result.text
    check(caplog.text)
    for file in (tmp_path / "gateway").iterdir():
        check(file.read_bytes())


@pytest.mark.parametrize("text", [f"HTTP 500 at https://x/?key={CANARY}", f"No such place: {quote(CANARY, safe='')}"])
async def test_a_secret_in_a_failed_result_is_in_no_text_and_no_record(
    gateway: Gateway, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    first, second = Upstream("a", always=failed(text)), Upstream("b")
    providers = [first.provided(secrets=(CANARY,), attempts=2, backoff_s=0), second.provided()]
    async with gateway.envelope("maps", providers) as envelope:
        result = await envelope.call("search", {"query": "inn"})
    assert result.record is not None
    check(result, result.record, caplog.text)


async def test_a_secret_in_an_error_is_in_no_message_hint_cause_or_record(gateway: Gateway, time: Time) -> None:
    records: list[CallRecord] = []
    provided = Upstream("a").provided(secrets=(CANARY,), attempts=1)
    wire = Leaking(provided.source)
    async with gateway.envelope("maps", [replace(provided, source=wire)]) as envelope:
        with pytest.raises(ServerError) as listing:
            await envelope.tools()
        wire.is_cut = False
        await envelope.tools()
        wire.is_cut = True
        with pytest.raises(ServerError) as caught:
            await envelope.call("search", {"query": "inn"}, CallContext(on_record=records.append))
    check(str(records), records)
    for error in (listing.value, caught.value):
        assert "[secret]" in str(error)
        check(str(error), error, error.hint)
        assert error.__cause__ is None
        assert error.__context__ is None


class Leaking(Severable):
    """A source whose errors hold the key that it was reached with."""

    def __init__(self, source: object) -> None:
        super().__init__(source)  # type: ignore[arg-type]
        self.is_cut = True

    def _check(self) -> None:
        if self.is_cut:
            raise ServerError(f"GET https://x/?key={CANARY} failed.", hint=f"Is {CANARY} right?")


async def test_a_secret_in_what_a_tool_says_of_itself_is_masked(gateway: Gateway) -> None:
    provided = Upstream("a").provided(secrets=("Searches.",))
    async with gateway.envelope("maps", [provided]) as envelope:
        described = {spec.name: spec.description for spec in await envelope.tools()}
    assert described["search"] == "[secret]"


async def test_a_key_in_the_address_that_a_failure_quotes_is_masked_though_nobody_told_of_it(gateway: Gateway) -> None:
    upstream = Upstream("a", always=failed(f"GET https://maps.example/v3?key={CANARY}&city=Pau: not found"))
    async with gateway.envelope("maps", [upstream.provided(attempts=1)]) as envelope:
        result = await envelope.call("search", {"query": "inn"})
    check(result)
    assert "key=[secret]&city=Pau" in result.text
