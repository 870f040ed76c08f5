"""A person's word on a call: for that call alone, once, and on the tool as it was when the run began."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from metier.errors import ToolError
from metier.runtime.approval import Approval
from metier.runtime.effects.permission import check_unchanged
from metier.servers.catalog import Catalog
from metier.testing import call
from metier.toolkit import Call, Calls
from metier.trace import Stop
from tests.sdk.runtime.test_registered import END, copilot, define, notes, register

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(120)]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_of_two_calls_that_wait_the_approved_one_is_made_once_and_the_other_waits_on(tmp_path: Path) -> None:
    await register(tmp_path, define(tmp_path))
    both = Calls((Call("write_note", {"text": "milk"}), Call("write_note", {"text": "arsenic"})))
    first = await copilot(tmp_path, [both]).run("Note both.", run_id="r")
    assert (first.stop, len(first.waiting), notes(tmp_path)) == (Stop.WAITING, 2, "")
    asked: list[object] = []

    async def only_milk(approval: Approval) -> bool | None:
        asked.append(approval.arguments["text"])
        return True if approval.arguments["text"] == "milk" else None

    second = await copilot(tmp_path, [], approve=only_milk).resume("r")
    assert (second.stop, [one.arguments["text"] for one in second.waiting]) == (Stop.WAITING, ["arsenic"])
    assert (sorted(map(str, asked)), notes(tmp_path)) == (["arsenic", "milk"], "milk\n")

    async def never(approval: Approval) -> bool | None:
        asked.append(approval.arguments["text"])
        return False

    third = await copilot(tmp_path, [END], approve=never).resume("r")
    assert (third.stop, notes(tmp_path), asked[2:]) == (Stop.REFUSED, "milk\n", ["arsenic"])


async def test_a_resumed_run_does_not_use_what_it_would_have_to_ask_about_now(tmp_path: Path) -> None:
    await register(tmp_path, define(tmp_path))
    begun = await copilot(tmp_path, [call("write_note", text="milk")]).run("Note milk.", run_id="r")
    assert begun.stop is Stop.WAITING
    Catalog.open(tmp_path, tmp_path).add(replace(define(tmp_path), cautious=True), replace=True)

    async def approve(approval: Approval) -> bool | None:
        return False

    ended = await copilot(tmp_path, [call("count_notes"), END], approve=approve).resume("r")
    assert "may change something now" in ended.trace.turns[1].calls[0].text


LISTED = {"server": "a", "tool": "send", "repeatable": True, "needs_approval": False}


@pytest.mark.parametrize(
    "now", [{"needs_approval": True}, {"repeatable": False}, {"server": "b"}, {"tool": "send.all"}]
)
def test_a_tool_that_is_another_or_asks_more_than_when_the_run_began_is_not_called(now: Mapping[str, Any]) -> None:
    with pytest.raises(ToolError, match="when the run began"):
        check_unchanged("send", LISTED, {**LISTED, **now})


def test_a_tool_that_asks_less_now_goes_on_as_it_was_begun() -> None:
    check_unchanged("send", {**LISTED, "needs_approval": True, "repeatable": False}, LISTED)
    check_unchanged("own", {}, {})
