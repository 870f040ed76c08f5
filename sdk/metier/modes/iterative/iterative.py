"""The iterative mode: each round the model sees the question, its own report, and the last action with its result."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart, ThinkingPart, ToolCallPart
from pydantic_ai.toolsets import AbstractToolset

from metier.errors import InputError
from metier.evidence import Evidence
from metier.framing import neutralise
from metier.limits import Limits
from metier.modes.conversation.conversation import Conversation, Setting, Step
from metier.modes.iterative.report import Revision, revise, tell, warnings_of
from metier.modes.mode import Assignment
from metier.modes.progress import PATIENCE, check_patience
from metier.modes.recall import recall_tools

REPORT_CAP = 16_000
"""Characters of the report: about 5,000 tokens, beside an observation of as many (workspace of 40k tokens suffices,
WebResearcher, arXiv 2509.13309)."""
RULES = (
    "You work in rounds, and remember nothing of the rounds before but your report. Each round you are shown the "
    "question, your report so far, and your last action with what came of it.\n"
    "Write in each turn, before you act:\n"
    "<report>\nEverything found so far that matters to the question, rewritten whole: new findings worked in, errors "
    "put right, conflicts between sources named with both sides, what is of no use left out, and what is still open. "
    "Name the evidence of every fact by its id, such as [ev-0123456789abcdef].\n</report>\n"
    "If the last observation was of no use, write the report again as it was. Then call tools, or end. What is no "
    "longer in your report can be had again by recall_evidence."
)


@dataclass(frozen=True, slots=True)
class Iterative:
    """Rounds over a workspace that does not grow (IterResearch; WebResearcher, arXiv 2509.13309, section 3).

    The prompt holds the question, the report of at most `report` characters, and the last action with its observation;
    everything else is dropped from it and stays in the journal. A report that no longer cites what the one before did
    is a warning, and `recall_evidence` gives the model back what it lost.
    """

    report: int = REPORT_CAP
    patience: int = PATIENCE
    name: ClassVar[str] = "iterative"

    def __post_init__(self) -> None:
        check_patience(self.patience)
        if self.report < 1:
            raise InputError(f"A report of {self.report} characters holds nothing.", hint="Give report of 1 or more.")

    def check(self, limits: Limits) -> None:
        """Takes any limits."""

    def tools(self, evidence: Mapping[str, Evidence]) -> tuple[AbstractToolset[None], ...]:
        """Returns the tool that looks evidence up."""
        return (recall_tools(evidence),)

    async def __call__(self, assignment: Assignment) -> None:
        """Works round by round until there is an outcome."""
        setting = Setting(instructions=f"{assignment.instructions}\n\n{RULES}", patience=self.patience)
        conversation = Conversation(assignment, setting)
        desk, revision, last = assignment.desk, Revision(""), list[ModelMessage]()
        rounds = 0
        async with assignment.toolset:
            while True:
                rounds += 1
                told = "" if desk.is_scripted else tell(revision, rounds)
                step = await conversation.step(
                    [conversation.say(workspace(assignment.prompt, revision.text, told)), *last]
                )
                revision = self._revise(assignment, revision, step)
                if step.is_over:
                    return
                last = [essence(step), step.request]

    def _revise(self, assignment: Assignment, old: Revision, step: Step) -> Revision:
        revision = revise(old.text, step.text, assignment.desk.evidence, self.report)
        for warning in warnings_of(revision):
            assignment.desk.warn(warning)
        assignment.desk.report(revision.text)
        return revision


def workspace(question: str, report: str, told: str) -> str:
    """Returns what a round begins with: the question, the report so far, and what the model must know of it."""
    parts = [f"Question:\n{question}", f"Your report so far:\n{neutralise(report) or '(nothing yet)'}", told]
    return "\n\n".join(part for part in parts if part)


def essence(step: Step) -> ModelResponse:
    """Returns the response of a step as the next round sees it: its action, without thoughts and report.

    A signed thought stays with the calls that it led to: servers that sign thoughts refuse the calls without it.
    """
    parts = step.response.parts
    calls = [part for part in parts if isinstance(part, ToolCallPart)]
    signed = [part for part in parts if isinstance(part, ThinkingPart) and part.signature]
    return replace(step.response, parts=[*signed, *calls] if calls else [TextPart("(no action)")])
