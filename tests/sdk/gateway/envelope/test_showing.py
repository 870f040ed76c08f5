"""What the model is shown of a long answer, and how it reads on; what pictures and links come to."""

import re

import pytest

from metier.errors import ToolError
from metier.gateway.gateway import Gateway
from metier.gateway.results.shortening import estimate_tokens
from tests.sdk.gateway.envelope.serving import Upstream

pytestmark = pytest.mark.anyio

LONG = "".join(f"line {number} of a long answer, 中文\n" for number in range(8_000))


async def test_a_long_answer_is_shown_in_part_kept_whole_and_read_to_its_end(gateway: Gateway) -> None:
    upstream, pages = Upstream("a", says=LONG), gateway.pages()
    async with gateway.envelope("maps", [upstream.provided(cap_tokens=500, ttl_s=60)]) as envelope, pages:
        result = await envelope.call("search", {"query": "inn"})
        again = await envelope.call("search", {"query": "inn"})
        assert result.record is not None
        assert result.record.capped
        assert result.record.bytes > len(LONG)
        assert again.text == result.text
        assert estimate_tokens(result.text) <= 580
        assert result.content[0].type == "text"
        assert result.content[0].text == result.text
        assert result.evidence[0].text == LONG
        found = re.search(r'read_result\(handle="(r-[0-9a-f]{16})", start=(\d+)\)', result.text)
        assert found is not None
        (spec,) = await pages.tools()
        assert (spec.name, spec.read_only) == ("read_result", True)
        text, start = LONG[: int(found[2])], int(found[2])
        assert result.text.startswith(text[:1000])
        while start < len(LONG):
            page = await pages.call("read_result", {"handle": found[1], "start": start})
            assert estimate_tokens(page.text) <= 4_100
            assert page.evidence == ()
            head, body = page.text.split("\n", 1)
            text += body
            start += len(body)
        assert head.endswith("this is the end]")
    assert text == LONG


async def test_an_answer_that_fits_is_left_as_it_is(gateway: Gateway) -> None:
    upstream = Upstream("a", says="x" * 2_000)
    async with (
        gateway.envelope("maps", [upstream.provided(cap_tokens=500)]) as capped,
        gateway.envelope("maps", [Upstream("a", says=LONG).provided(cap_tokens=None)]) as free,
    ):
        assert (await capped.call("search", {"query": "inn"})).text == "x" * 2_000
        assert (await free.call("search", {"query": "inn"})).text == LONG


@pytest.mark.parametrize(
    ("tool", "arguments", "message"),
    [
        ("read_result", {"handle": "r-0000000000000000"}, "no result"),
        ("read_result", {"handle": "../../etc/passwd"}, "no result"),
        ("read_result", {"handle": "r-0'; drop table texts; --"}, "no result"),
        ("read_result", {"handle": 3}, "one tool"),
        ("read_result", {"start": 3}, "one tool"),
        ("read_result", {"handle": "r-0000000000000000", "start": "3"}, "one tool"),
        ("write_result", {"handle": "r-0000000000000000"}, "one tool"),
    ],
)
async def test_a_page_that_cannot_be_read_is_refused_with_a_reason(
    gateway: Gateway, tool: str, arguments: dict[str, object], message: str
) -> None:
    with pytest.raises(ToolError, match=message):
        await gateway.pages().call(tool, arguments)  # type: ignore[arg-type]


async def test_a_start_beyond_the_end_is_refused(gateway: Gateway) -> None:
    for store in (True, False):
        handle = gateway._shared.shelves.put("short", store=store)
        with pytest.raises(ToolError, match="character 5"):
            await gateway.pages().call("read_result", {"handle": handle, "start": 5})


async def test_pictures_and_meta_survive_the_cache(gateway: Gateway) -> None:
    async with gateway.envelope("maps", [Upstream("a").provided(ttl_s=60)]) as envelope:
        first = await envelope.call("picture", {"query": "a view"})
        second = await envelope.call("picture", {"query": "a view"})
    assert second.record is not None
    assert second.record.cache == "hit"
    assert first.content == second.content
    assert [block.type for block in second.content] == ["text", "image"]
    assert second.meta["unit"] == "px"
