"""The mode resum: react until the window is nearly full, then a summary, and on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from pydantic_ai.messages import ModelMessage, ModelRequest, TextPart, UserPromptPart
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.settings import ModelSettings
from pydantic_ai.toolsets import AbstractToolset

from metier.errors import InputError, ModelError, ServerError
from metier.evidence import Evidence
from metier.limits import Limits
from metier.modes.conversation.conversation import Conversation, Setting
from metier.modes.mode import Assignment, OutOfLimitsError
from metier.modes.progress import PATIENCE, check_patience
from metier.modes.recall import recall_tools
from metier.modes.resum.summary import ask_for_summary, digest, read_summary, resume_from
from metier.modes.window import Meter, keep_end

SMALLEST = 2_000
SAMPLING = ModelSettings(temperature=0.6, top_p=0.95, max_tokens=4096)
"""Those of the released summariser (ReSum, arXiv 2509.13313)."""


@dataclass(frozen=True, slots=True)
class ReSum:
    """A conversation that is summed up at the share `at` of `window` tokens (ReSum, arXiv 2509.13313, section 3).

    After a summary the model sees the question and the summary only. When the summariser fails, a digest made without
    a model stands in for it. The whole history stays in the journal, and all evidence can be recalled.
    """

    window: int = 32_768
    at: float = 0.9
    patience: int = PATIENCE
    name: ClassVar[str] = "resum"

    def __post_init__(self) -> None:
        check_patience(self.patience)
        if self.window < SMALLEST or not 0 < self.at <= 1:
            raise InputError(
                f"A window of {self.window} tokens, summed up at {self.at}, leaves no room.",
                hint=f"Give window of {SMALLEST} or more, and at between 0 and 1.",
            )

    def check(self, limits: Limits) -> None:
        """Takes any limits."""

    def tools(self, evidence: Mapping[str, Evidence]) -> tuple[AbstractToolset[None], ...]:
        """Returns the tool that looks evidence up."""
        return (recall_tools(evidence),)

    async def __call__(self, assignment: Assignment) -> None:
        """Works until there is an outcome, from summary to summary."""
        conversation = Conversation(assignment, Setting(patience=self.patience))
        meter, summary = Meter(), ""
        messages: list[ModelMessage] = [conversation.say(assignment.prompt)]
        async with assignment.toolset:
            beside = await conversation.beside()
            meter.begin(messages, beside)
            while True:
                step = await conversation.step(messages)
                if step.is_over:
                    return
                messages += [step.response, step.request]
                meter.add(step.response)
                meter.add(step.request)
                if meter.tokens < self.at * self.window or assignment.desk.is_scripted:
                    continue
                assignment.desk.check_going()
                summary = await self._sum_up(assignment, summary, messages[1:])
                assignment.desk.report(summary)
                messages = [conversation.say(resume_from(assignment.prompt, summary))]
                meter.begin(messages, beside)

    async def _sum_up(self, assignment: Assignment, before: str, messages: list[ModelMessage]) -> str:
        """Returns the model's summary, or the digest when it gives none."""
        asked = ask_for_summary(assignment.prompt, before, messages)
        model = assignment.desk.model("summary")
        try:
            response = await model.request([ModelRequest([UserPromptPart(asked)])], SAMPLING, ModelRequestParameters())
        except (ModelError, ServerError, OutOfLimitsError) as error:
            assignment.desk.warn(
                f"The summary failed ({error.message}); a digest of the conversation stands in for it."
            )
            return self._digest(before, messages)
        summary = read_summary("".join(part.content for part in response.parts if isinstance(part, TextPart)))
        if not summary:
            assignment.desk.warn("The model gave an empty summary; a digest of the conversation stands in for it.")
            return self._digest(before, messages)
        kept = keep_end(summary, self._room)
        if kept != summary:
            assignment.desk.warn(f"The summary was cut at its beginning by {len(summary) - len(kept)} characters.")
        return kept

    def _digest(self, before: str, messages: list[ModelMessage]) -> str:
        """Returns the digest, cut at its old end: all of it stays in the journal."""
        return keep_end(digest(before, messages), self._room)

    @property
    def _room(self) -> int:
        """Returns the tokens that a summary may have: half of the window, so that there is room to go on."""
        return self.window // 2
