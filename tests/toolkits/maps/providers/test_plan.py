"""How a plan is carried out: in batches, against the schemas of the remote tools, and to an end."""

import asyncio
from collections.abc import Generator
from typing import Any

import pytest
from pydantic import BaseModel

from metier.errors import ServerError
from metier.servers.connection import Connection
from metier.testing import FrozenClock, serve_tools
from metier_maps.providers.plan import Inquiry, Outcome, Plan, Reply, carry_out, inquire

pytestmark = pytest.mark.anyio
CLOCK = FrozenClock()


class Nothing(BaseModel):
    """No value."""


def told(replies: tuple[Reply, ...]) -> Outcome:
    return Outcome(Nothing(), " ".join(reply.text for reply in replies))


def plan_of(*batch: Inquiry) -> Plan:
    return told((yield batch))


async def test_the_calls_of_a_batch_are_made_at_once() -> None:
    waiting, all_there = [0], asyncio.Event()

    async def meet(name: str) -> str:
        """Waits for the other two."""
        waiting[0] += 1
        if waiting[0] == 3:
            all_there.set()
        await all_there.wait()
        return name

    async with Connection("meeting", serve_tools("meeting", meet), timeout_s=20.0) as remote:
        batch = [inquire("meet", name=name) for name in "abc"]
        outcome = await carry_out(lambda specs: plan_of(*batch), remote, CLOCK)
    assert outcome.text == "a b c"  # and come back in their order


async def test_the_first_call_that_fails_ends_the_plan_and_the_others() -> None:
    ended: list[str] = []

    def watched() -> Generator[tuple[Inquiry, ...], tuple[Reply, ...], Outcome]:
        try:
            return told((yield (inquire("wait"), inquire("wait"))))
        finally:
            ended.append("plan")

    async def wait() -> str:
        """Never answers."""
        await asyncio.Event().wait()
        return ""

    async with Connection("waiting", serve_tools("waiting", wait), timeout_s=0.2) as remote:
        with pytest.raises(ServerError, match="did not answer"):
            await carry_out(lambda specs: watched(), remote, CLOCK)
    assert ended == ["plan"]


WRONG: dict[str, Inquiry] = {
    "a missing argument": inquire("greet", name=None),
    "an empty argument": inquire("greet", name=""),
    "an argument that the tool does not have": inquire("greet", name="Ada", loudly=True),
    "a tool that there is not": inquire("shout", name="Ada"),
}


@pytest.mark.parametrize("what", [*WRONG])
async def test_what_the_remote_tool_does_not_take_is_never_sent(what: str) -> None:
    heard: list[str] = []

    def greet(name: str, *, warmly: bool = False) -> str:
        """Greets somebody."""
        heard.append(name)
        return name

    async with Connection("greeter", serve_tools("greeter", greet)) as remote:
        with pytest.raises(ServerError) as failure:
            await carry_out(lambda specs: plan_of(inquire("greet", name="Bob"), WRONG[what]), remote, CLOCK)
    assert not failure.value.sent
    assert heard == []


def test_what_is_missing_is_no_argument() -> None:
    given: dict[str, Any] = {"keywords": "x", "city": None, "count": 0}
    assert inquire("search", **given).arguments == {"keywords": "x", "count": 0}
