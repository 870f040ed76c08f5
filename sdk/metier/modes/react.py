"""The plain mode: think, call tools, look, and again, until there is an outcome."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from pydantic_ai.messages import ModelMessage
from pydantic_ai.toolsets import AbstractToolset

from metier.evidence import Evidence
from metier.limits import Limits
from metier.modes.conversation.conversation import Conversation, Setting
from metier.modes.mode import Assignment
from metier.modes.progress import PATIENCE, check_patience


@dataclass(frozen=True, slots=True)
class React:
    """One conversation, all of it in the model's context (ReAct, Yao et al. 2023).

    `patience` is the number of turns without new evidence after which the model is told so; 0 never tells it.
    """

    patience: int = PATIENCE
    name: ClassVar[str] = "react"

    def __post_init__(self) -> None:
        check_patience(self.patience)

    def check(self, limits: Limits) -> None:
        """Takes any limits."""

    def tools(self, evidence: Mapping[str, Evidence]) -> tuple[AbstractToolset[None], ...]:
        """Returns no tools of its own."""
        return ()

    async def __call__(self, assignment: Assignment) -> None:
        """Works in one conversation until there is an outcome."""
        conversation = Conversation(assignment, Setting(patience=self.patience))
        messages: list[ModelMessage] = [conversation.say(assignment.prompt)]
        async with assignment.toolset:
            while True:
                step = await conversation.step(messages)
                if step.is_over:
                    return
                messages += [step.response, step.request]
