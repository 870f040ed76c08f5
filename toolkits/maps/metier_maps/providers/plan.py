"""A conversation with a remote server: what to ask next, given what came back. Plans are pure; `carry_out` performs."""

import asyncio
from collections.abc import Callable, Generator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from pydantic import BaseModel

from metier.canonical import JSON
from metier.clock import Clock, iso_time
from metier.errors import ServerError
from metier.evidence import Evidence
from metier.servers.source import PLAIN, CallContext, ToolSource
from metier.servers.tool import ToolSpec


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A call of a remote tool that a plan wants made."""

    tool: str
    arguments: Mapping[str, JSON]


@dataclass(frozen=True, slots=True)
class Reply:
    """What a remote tool said, and when it was heard.

    `retrieved` is when the source gave it (ISO 8601); empty for an answer that was kept, whose age is not told.
    """

    text: str
    is_error: bool
    heard: datetime
    retrieved: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a plan comes to: the value of the toolkit's tool, its text and its evidence."""

    value: BaseModel
    text: str
    evidence: tuple[Evidence, ...] = ()


Plan: TypeAlias = Generator[tuple[Inquiry, ...], tuple[Reply, ...], Outcome]
Specs: TypeAlias = Mapping[str, ToolSpec]


def inquire(tool: str, **arguments: JSON) -> Inquiry:
    """Returns the call of a remote tool, without the arguments that are None: what is missing is never sent."""
    return Inquiry(tool, {name: value for name, value in arguments.items() if value is not None})


async def carry_out(
    make_plan: Callable[[Specs], Plan], remote: ToolSource, clock: Clock, context: CallContext = PLAIN
) -> Outcome:
    """Returns what the plan comes to, the calls of each batch made in parallel; the first that fails ends it.

    Raises what the plan and the calls raise, and ServerError for a call that does not fit the remote tool's schema.
    """
    specs = {spec.name: spec for spec in await remote.tools()}
    with closing(make_plan(specs)) as plan:
        try:
            batch = next(plan)
            while True:
                for inquiry in batch:
                    _hold_against(specs, inquiry, remote.name)
                batch = plan.send(await _ask_all(batch, remote, clock, context))
        except StopIteration as done:
            outcome: Outcome = done.value
            return outcome


async def _ask_all(
    batch: tuple[Inquiry, ...], remote: ToolSource, clock: Clock, context: CallContext
) -> tuple[Reply, ...]:
    try:
        async with asyncio.TaskGroup() as group:
            asked = [group.create_task(_ask(inquiry, remote, clock, context)) for inquiry in batch]
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None
    return tuple(task.result() for task in asked)


async def _ask(inquiry: Inquiry, remote: ToolSource, clock: Clock, context: CallContext) -> Reply:
    result = await remote.call(inquiry.tool, inquiry.arguments, context)
    heard = clock.now()
    kept = result.record is not None and result.record.cache == "hit"
    return Reply(result.text, result.is_error, heard, "" if kept else iso_time(heard))


def _hold_against(specs: Specs, inquiry: Inquiry, server: str) -> None:
    """Raises ServerError for a call that the remote tool does not take: servers send on what they do not check."""
    spec = specs.get(inquiry.tool)
    if spec is None:
        raise ServerError(f"The server {server!r} has no tool {inquiry.tool!r}.", sent=False)
    given = inquiry.arguments
    known = spec.input_schema.get("properties", {})
    wrong = [name for name in spec.input_schema.get("required", ()) if given.get(name) in (None, "", [])]
    wrong += [name for name in given if name not in known]
    if wrong:
        raise ServerError(
            f"The tool {inquiry.tool!r} of the server {server!r} takes other arguments ({wrong[0]!r:.60}).",
            hint="It is of another version than metier knows.",
            sent=False,
        )
