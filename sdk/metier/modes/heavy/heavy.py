"""The mode heavy: researchers side by side, then a synthesis that sees their reports and answers only."""

import asyncio
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

import anyio
from pydantic_ai.messages import ModelMessage
from pydantic_ai.settings import ModelSettings
from pydantic_ai.tools import ToolDefinition
from pydantic_ai.toolsets import AbstractToolset

from metier.answer import Adopted, Answer, Questions, Refusal
from metier.errors import InputError, MissingError, ModelError, ServerError
from metier.evidence import Evidence
from metier.limits import Limits, share_limits
from metier.modes.concluding import conclude, fail
from metier.modes.conversation.conversation import Conversation, Setting, hide_tools
from metier.modes.heavy.agreement import Comparison, compare
from metier.modes.heavy.straggling import Waiting
from metier.modes.heavy.synthesis import RULES, ask_for_synthesis, disputes_shown, vote
from metier.modes.iterative import Iterative
from metier.modes.mode import Assignment, Errand, Mode, Outcome, OutOfLimitsError, Returned, WaitingError
from metier.modes.react import React
from metier.modes.resum import ReSum

MOST = 16
INNER: dict[str, type[Iterative] | type[React] | type[ReSum]] = {kind.name: kind for kind in (Iterative, React, ReSum)}
HOTTEST = 1.0  # the highest temperature that every provider takes
_LEAST = {"model_calls": 2, "tool_calls": 1, "input_tokens": 1, "output_tokens": 1}
INSTEAD = "the answer most agreed with stands instead."
WELL = frozenset(("answered", "refused", "asked", "limit"))
"""How a researcher ends that did its work."""


@dataclass(frozen=True, slots=True)
class Heavy:
    """n researchers and a synthesis (WebResearcher, arXiv 2509.13309, section 3.3; Tongyi-DeepResearch, heavy mode).

    Each researcher works alone in the mode `inner`, at a temperature of its own (from `temperature` on, `spread` more
    for each next one, less where that would go beyond 1.0) and sees the tools in an order of its own. What becomes of
    some of them is data: errors and time-outs are in the trace. Limits are shared: each has an equal part of what is
    left when `keep` of it is kept for the synthesis. Once half of those that did not fail came back well, one that has
    fallen silent is given up (`idle`, `idle_s`: see `Waiting`). When all failed the run ends with the first one's
    error; resumed, it tries them again.
    """

    researchers: int = 4
    inner: str = Iterative.name
    temperature: float = 0.6
    spread: float = 0.1
    keep: float = 0.15
    idle: float = 0.2
    idle_s: float = 1.0
    name: ClassVar[str] = "heavy"

    def __post_init__(self) -> None:
        if not 1 <= self.researchers <= MOST:
            raise InputError(
                f"Heavy mode has 1 to {MOST} researchers, not {self.researchers}.",
                hint="For example heavy?researchers=8.",
            )
        if self.inner not in INNER:
            raise MissingError(f"Researchers cannot work in {self.inner!r}.", hint=f"Inner modes: {', '.join(INNER)}.")
        if not (0 < self.keep < 1 and 0 < self.idle < math.inf and 0 <= self.idle_s < math.inf):
            raise InputError(
                "keep and idle are shares above 0, keep below 1, idle_s seconds.",
                hint="For example keep=0.15, idle=0.2, idle_s=1.",
            )
        if not (0 <= self.temperature <= HOTTEST and 0 <= self.spread <= HOTTEST):
            raise InputError(
                f"temperature and spread are from 0 to {HOTTEST}.", hint="For example temperature=0.6, spread=0.1."
            )

    def check(self, limits: Limits) -> None:
        """Raises InputError for limits that leave a researcher fewer than two model calls, or nothing of another."""
        each = share_limits(limits, self.researchers, self.keep)
        shares = {name: getattr(each, name) for name in _LEAST}
        few = [name for name, share in shares.items() if share is not None and share < _LEAST[name]]
        few += [f"of {tool}" for tool, most in each.per_tool.items() if not most and limits.per_tool[tool]]
        if few:
            raise InputError(
                f"The limit {few[0]} is too small for {self.researchers} researchers and a synthesis.",
                hint="Raise it, or take fewer researchers.",
            )

    def tools(self, evidence: Mapping[str, Evidence]) -> tuple[AbstractToolset[None], ...]:
        """Returns the tools of the researchers' own mode."""
        return self._mode().tools(evidence)

    async def __call__(self, assignment: Assignment) -> None:
        """Sends the researchers out, and gives the synthesis of what came back."""
        async with assignment.toolset:
            returned = await _Party(self, assignment).gather()
            found = {one.branch.name: one.answer for one in returned if one.answer is not None}
            comparison = compare(found)
            if comparison.disputes:
                assignment.desk.require(disputes_shown(comparison.disputes))
            assignment.desk.report("\n\n".join(one.branch.report for one in returned if one.branch.report))
            if not found:
                _end_without_answer(assignment, returned)
            elif assignment.desk.is_scripted or not await self._synthesise(assignment, returned, comparison):
                _elect(assignment, returned, comparison)

    async def _synthesise(self, assignment: Assignment, returned: tuple[Returned, ...], comparison: Comparison) -> bool:
        """Returns whether a synthesis was given; one that fails, or of which nothing holds, is a warning."""
        setting = Setting(
            model=assignment.desk.model("synthesis", may_be_last=True),
            instructions=f"{assignment.instructions}\n\n{RULES}",
            settings=ModelSettings(temperature=0.2),
            arrange=hide_tools,
        )
        given: list[Outcome] = []

        def hold(outcome: Outcome) -> None:
            assignment.hold(outcome)
            given.append(outcome)

        conversation = Conversation(replace(assignment, hold=hold), setting)
        messages: list[ModelMessage] = [conversation.say(ask_for_synthesis(assignment.prompt, returned, comparison))]
        try:
            while not (step := await conversation.step(messages)).is_over:
                messages += [step.response, step.request]
        except (ModelError, ServerError, OutOfLimitsError) as error:
            assignment.desk.warn(f"The synthesis failed ({error.message}); {INSTEAD}")
            return False
        if isinstance(given[-1], Answer | Adopted) and assignment.desk.answer() is None:
            assignment.desk.warn(f"The synthesis does not hold against the evidence; {INSTEAD}")
            return False
        return True

    def errand(self, at: int, limits: Limits, pulse: Callable[[], None]) -> Errand:
        """Returns the work of researcher number `at`, which counts from 0; `pulse` is called as it works."""
        room = max(HOTTEST - self.temperature, 0.0) / max(self.researchers - 1, 1)
        settings = ModelSettings(temperature=round(self.temperature + min(self.spread, room) * at, 2))
        mode = self._mode()

        async def work(assignment: Assignment) -> None:
            await mode(replace(assignment, settings=settings, arrange=_rotate(at), pulse=pulse))

        return Errand(f"researcher-{at + 1}", limits, work)

    def _mode(self) -> Mode:
        mode: Mode = INNER[self.inner]()
        return mode


class _Party:
    """The researchers while they are out."""

    def __init__(self, heavy: Heavy, assignment: Assignment) -> None:
        self._heavy = heavy
        self._desk = assignment.desk
        self._limits = share_limits(assignment.desk.limits, heavy.researchers, heavy.keep)
        self._waiting = Waiting(idle=heavy.idle, idle_s=heavy.idle_s)
        self._scopes = [anyio.CancelScope() for _ in range(heavy.researchers)]
        self._active_s = [0.0] * heavy.researchers
        self._healthy_s: list[float] = []
        self._failed = 0
        self._started_s = 0.0

    async def gather(self) -> tuple[Returned, ...]:
        """Returns how all came back, in their order; raises WaitingError when some wait for an approval."""
        self._started_s = anyio.current_time()
        out = [asyncio.create_task(self._send(at)) for at in range(self._heavy.researchers)]
        try:
            came = await asyncio.gather(*out)
        finally:
            for task in out:
                task.cancel()
            await asyncio.gather(*out, return_exceptions=True)
        waiting = [one for one in came if isinstance(one, WaitingError)]
        if waiting:
            raise waiting[0]
        return tuple(one for one in came if isinstance(one, Returned))

    async def _send(self, at: int) -> Returned | WaitingError:
        errand = self._heavy.errand(at, self._limits, lambda: self._see(at))
        try:
            returned = await self._desk.delegate(errand, self._scopes[at])
        except WaitingError as error:
            return error
        if returned.branch.stop in WELL:
            took_s = anyio.current_time() - self._started_s
            self._healthy_s.append(max(took_s, returned.branch.usage.wall_s))  # one of an earlier session took longer
        else:
            self._failed += 1
        for other in range(self._heavy.researchers):
            self._set_deadline(other)
        return returned

    def _see(self, at: int) -> None:
        self._active_s[at] = anyio.current_time() - self._started_s
        self._set_deadline(at)

    def _set_deadline(self, at: int) -> None:
        able = self._heavy.researchers - self._failed
        deadline_s = self._waiting.deadline_s(self._healthy_s, able, self._active_s[at])
        if deadline_s is not None:
            self._scopes[at].deadline = self._started_s + deadline_s


def _rotate(by: int) -> Callable[[list[ToolDefinition]], list[ToolDefinition]]:
    """Returns what gives tools in another order: models prefer what stands first."""

    def arrange(tools: list[ToolDefinition]) -> list[ToolDefinition]:
        start = by % len(tools) if tools else 0
        return [*tools[start:], *tools[:start]]

    return arrange


def _elect(assignment: Assignment, returned: tuple[Returned, ...], comparison: Comparison) -> None:
    answer = vote(returned, comparison)
    conclude(assignment, answer if answer is not None else _refusal(returned))


def _end_without_answer(assignment: Assignment, returned: tuple[Returned, ...]) -> None:
    """Ends with the questions that a researcher has, or with what kept them; raises the error when all failed."""
    if not any(one.branch.stop in WELL for one in returned):
        fail(returned[0].branch)
    asked = next((one.branch for one in returned if one.branch.kind == "questions"), None)
    conclude(assignment, _refusal(returned) if asked is None else Questions.model_validate(asked.outcome))


def _refusal(returned: tuple[Returned, ...]) -> Refusal:
    reasons = [f"{one.branch.name}: {one.branch.error or one.branch.reason or one.branch.stop}" for one in returned]
    refused = [Refusal.model_validate(one.branch.outcome) for one in returned if one.branch.kind == "refusal"]
    options = {option.change: option for one in refused for option in one.options}
    return Refusal(reasons=("No researcher came back with an answer.", *reasons), options=tuple(options.values()))
