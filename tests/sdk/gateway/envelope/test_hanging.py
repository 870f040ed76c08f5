"""A server that says nothing holds up the others for seconds, not for as long as it hangs."""

import asyncio
from dataclasses import replace
from pathlib import Path

from metier.gateway.gateway import Gateway
from metier.gateway.memory.listing import KNOWN_S
from metier.servers.tool import ToolSpec
from tests.sdk.gateway.envelope.serving import Severable, Upstream
from tests.sdk.gateway.parts.virtual import run_virtual, seconds


class Hanging(Severable):
    """A source that never says what tools it has."""

    async def tools(self) -> tuple[ToolSpec, ...]:
        await asyncio.Event().wait()
        raise AssertionError


def test_a_server_that_hangs_keeps_the_tools_it_had_and_is_waited_for_briefly(tmp_path: Path) -> None:
    async def list_tools(*, hangs: bool) -> tuple[list[str], float]:
        gateway = Gateway(tmp_path / "gateway")
        provided = Upstream("a").provided()
        if hangs:
            provided = replace(provided, source=Hanging(provided.source))
        async with gateway.envelope("maps", [provided]) as envelope:
            names = [spec.name for spec in await envelope.tools()]
            waited_s = seconds()
            assert await envelope.tools() is await envelope.tools()
            assert seconds() == waited_s  # it is left alone for a while
        gateway.close()
        return names, waited_s

    healthy, _ = run_virtual(list_tools(hangs=False))
    hung, waited_s = run_virtual(list_tools(hangs=True))
    assert (hung, waited_s) == (healthy, KNOWN_S)
