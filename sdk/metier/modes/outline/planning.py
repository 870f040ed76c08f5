"""The planner: searches, reads, and keeps an outline whose leaves carry evidence until it is ready to be written."""

from collections.abc import Sequence
from dataclasses import replace

from pydantic import ValidationError
from pydantic_ai.messages import ModelMessage, ModelRequest, ToolReturnPart

from metier.answer import Questions, Refusal, Value
from metier.evidence import Evidence
from metier.framing import frame_evidence
from metier.modes.conversation.conversation import Conversation, Setting
from metier.modes.conversation.forms import Form, forms_of
from metier.modes.mode import Assignment, Objection
from metier.modes.outline.tree import Plan, faults_of, gaps_of

SHORT = 240  # characters of each piece of evidence that stays in the planner's prompt
RULES = (
    "You plan a report; somebody else writes it from your outline. Look for evidence with the tools, and write an "
    "outline early with write_outline: headings, at most four levels, each leaf with the ids of the evidence that its "
    "section is to be written from. Every time you have found more, write the whole outline anew: add what is new, "
    "regroup, drop what turned out not to matter. Look again for what has no evidence. Of older results only the ids "
    "and first words stay here; recall_evidence gives any of them again. End with finish_planning when every leaf "
    "has its evidence."
)


class Ready(Value):
    """The outline is ready to be written."""


class Planner:
    """The planner's side of the mode, as work that is sent out."""

    def __init__(self, patience: int, revisions: int) -> None:
        self._patience = patience
        self._revisions = revisions
        self._assignment: Assignment | None = None
        self._plan: Plan | None = None
        self._written = 0
        self._told_gaps = False

    async def __call__(self, assignment: Assignment) -> None:
        """Works until the outline is ready, or the task is refused; the outline is the report, as JSON."""
        self._assignment = assignment
        forms = (
            Form("write_outline", Plan, "Write the whole outline, instead of the one before.", self._write),
            Form("finish_planning", Ready, "End planning: the outline is ready to be written.", self._finish),
            *forms_of([way for way in assignment.finishings if way.shape in (Refusal, Questions)], assignment.hold),
        )
        instructions = f"{assignment.instructions}\n\n{RULES}"
        conversation = Conversation(
            assignment, Setting(forms=forms, instructions=instructions, patience=self._patience, prose=False)
        )
        messages: list[ModelMessage] = [conversation.say(assignment.prompt)]
        while not (step := await conversation.step(messages)).is_over:
            messages = [*messages[:-1], condense(messages[-1]), step.response, step.request]

    def _write(self, plan: Plan) -> str:
        if self._assignment is None:
            raise Objection("The planner has not begun.")
        faults = faults_of(plan, self._assignment.desk.evidence)
        if faults:
            raise Objection("\n".join(faults))
        self._plan, self._written = plan, self._written + 1
        self._assignment.desk.report(plan.model_dump_json())
        gaps = gaps_of(plan)
        return f"Written. Without evidence yet: {'; '.join(gaps)}." if gaps else "Written. Every leaf has evidence."

    def _finish(self, ready: Ready) -> None:
        if self._plan is None:
            raise Objection("There is no outline yet: write it with write_outline.")
        if self._written < self._revisions:
            raise Objection(f"The outline was written {self._written} times: look for more, and revise it first.")
        gaps = gaps_of(self._plan)
        if gaps and not self._told_gaps:
            self._told_gaps = True
            raise Objection(
                f"Without evidence: {'; '.join(gaps)}. Look for it, or take the sections out. Finish again to leave "
                "them out."
            )


def read_plan(text: str) -> Plan | None:
    """Returns the outline that a planner left as its report, or None when it left none."""
    try:
        return Plan.model_validate_json(text)
    except ValidationError:
        return None


def condense(message: ModelMessage) -> ModelMessage:
    """Returns a message with the results of tools cut to their evidence's ids and first words."""
    if not isinstance(message, ModelRequest):
        return message
    parts = [_short(part) if isinstance(part, ToolReturnPart) else part for part in message.parts]
    return replace(message, parts=parts)


def _short(part: ToolReturnPart) -> ToolReturnPart:
    metadata = part.metadata if isinstance(part.metadata, dict) else {}
    evidence: Sequence[Evidence] = metadata.get("evidence") or ()
    return replace(part, content=frame_evidence(evidence, each=SHORT)) if evidence else part
