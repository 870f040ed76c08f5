"""The mode outline: a planner gathers evidence into an outline, a writer writes it section by section."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import anyio
from pydantic import BaseModel
from pydantic_ai.messages import ModelMessage
from pydantic_ai.toolsets import AbstractToolset

from metier.answer import Answer, Questions, Refusal
from metier.errors import InputError, ModelError
from metier.evidence import Evidence
from metier.limits import Limits, share_limits
from metier.modes.concluding import conclude, fail
from metier.modes.conversation.conversation import Conversation, Setting, hide_tools
from metier.modes.mode import Assignment, Errand, OutOfLimitsError, Returned
from metier.modes.outline.planning import Planner, read_plan
from metier.modes.outline.tree import Leaf, Plan, leaves_of, show
from metier.modes.outline.writing import RULES, Writer, ask_for_section, show_evidence
from metier.modes.progress import PATIENCE
from metier.modes.react import React
from metier.modes.recall import recall_tools
from metier.trace import Stop


@dataclass(frozen=True, slots=True)
class Outline:
    """Outline and write (WebWeaver, arXiv 2509.13312).

    The planner has the share 1 - `keep` of the limits; it must write the outline at least `revisions` times. A section
    is written from the evidence that its leaf names, shown to the writer for that section only, and is held against
    the checks at once. Stopped at any point, the run gives the sections that are finished. An answer that has no
    sections is written whole, from the evidence that the outline names.
    """

    revisions: int = 2
    keep: float = 0.5
    patience: int = PATIENCE
    name: ClassVar[str] = "outline"

    def __post_init__(self) -> None:
        if not 0 < self.keep < 1 or self.revisions < 1:
            raise InputError(
                "keep is a share between 0 and 1, revisions 1 or more.", hint="For example keep=0.5, revisions=2."
            )

    def check(self, limits: Limits) -> None:
        """Raises InputError for limits that leave nothing to plan or to write with."""
        if limits.model_calls is not None and limits.model_calls < 4:
            raise InputError(
                f"{limits.model_calls} model calls are too few to plan and to write.",
                hint="Raise the limit model_calls.",
            )

    def tools(self, evidence: Mapping[str, Evidence]) -> tuple[AbstractToolset[None], ...]:
        """Returns the tool that looks evidence up."""
        return (recall_tools(evidence),)

    async def __call__(self, assignment: Assignment) -> None:
        """Plans, then writes; a playbook, which does neither, works as it does."""
        if assignment.desk.is_scripted:
            await React(self.patience)(assignment)
            return
        async with assignment.toolset:
            limits = share_limits(assignment.desk.limits, 1, self.keep)
            errand = Errand("planner", limits, Planner(self.patience, self.revisions), prepares=True)
            planned = await assignment.desk.delegate(errand, anyio.CancelScope())
            plan = read_plan(planned.branch.report)
            if plan is None and planned.branch.stop == Stop.ERROR.value:
                fail(planned.branch)
            if plan is None:
                _end_without_plan(assignment, planned)
                return
            answer = next((way.shape for way in assignment.finishings if issubclass(way.shape, Answer)), None)
            part = answer.part() if answer is not None else None
            if answer is None or part is None:
                await _write_whole(assignment, plan)
            else:
                await _write_sections(assignment, answer, part, plan)


async def _write_sections(assignment: Assignment, answer: type[Answer], part: type[BaseModel], plan: Plan) -> None:
    """Writes section by section, and gives what is finished when a limit or the model ends it."""
    writer, desk = Writer(assignment, answer, part, plan), assignment.desk
    ended = ""
    for leaf in leaves_of(plan):
        if not leaf.evidence:
            desk.warn(f"The section {leaf.place!r} is left out: there is no evidence for it.")
            continue
        try:
            await writer.write(leaf)
        except OutOfLimitsError as error:
            ended = error.message
            break
        except ModelError as error:
            writer.skipped.append(f"{leaf.place}: {error.message}")
        for line in writer.take_skipped():
            desk.warn(f"A section is left out: {line}")
    if ended:
        desk.warn(f"The report ends early: {ended} {len(writer.written)} sections are finished.")
    if not writer.written:
        reasons = (ended or "No section could be written from the evidence.", "Nothing is finished.")
        conclude(assignment, Refusal(reasons=reasons))
        return
    conclude(assignment, _assemble(assignment, answer, plan, writer.written))


def _assemble(assignment: Assignment, answer: type[Answer], plan: Plan, parts: Sequence[BaseModel]) -> Answer:
    """Returns the answer that the sections make, under the question where the checks do not hold with its title."""
    entitled = answer.assemble(assignment.question, plan.title, parts)
    claims = {claim.subject for claim in entitled.claims()}
    if all(finding.subject in claims for finding in assignment.desk.judge(entitled).violated):
        return entitled
    return answer.assemble(assignment.question, assignment.question, parts)


async def _write_whole(assignment: Assignment, plan: Plan) -> None:
    """Has an answer without sections written from all the evidence that the outline names."""
    leaves = leaves_of(plan)
    cited = tuple(dict.fromkeys(name for leaf in leaves for name in leaf.evidence))
    known = assignment.desk.evidence
    whole = Leaf((), "the whole answer", show(plan), cited)
    setting = Setting(instructions=f"{assignment.instructions}\n\n{RULES}", arrange=hide_tools)
    conversation = Conversation(assignment, setting)
    evidence = {name: known[name] for name in cited if name in known}
    prompt = ask_for_section(assignment.prompt, show(plan, whole), whole, (), show_evidence(evidence))
    messages: list[ModelMessage] = [conversation.say(prompt)]
    while not (step := await conversation.step(messages)).is_over:
        messages += [step.response, step.request]


def _end_without_plan(assignment: Assignment, planned: Returned) -> None:
    branch = planned.branch
    if branch.kind == "questions":
        conclude(assignment, Questions.model_validate(branch.outcome))
    elif branch.kind == "refusal" and branch.stop == "refused":
        conclude(assignment, Refusal.model_validate(branch.outcome))
    else:
        why = branch.error or branch.reason or branch.stop
        conclude(assignment, Refusal(reasons=(f"No outline was written: {why}",)))
