"""What a mode is given, and what it must do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from pydantic import BaseModel
from pydantic_ai.models import Model
from pydantic_ai.toolsets import AbstractToolset

from metier.answer import Adopted, Answer, Questions, Refusal

Outcome = Answer | Adopted | Refusal | Questions


class Objection(Exception):
    """The guard does not take the outcome; the text says why and is for the model."""


@dataclass(frozen=True, slots=True)
class Finishing:
    """A way to end the run: the name of the tool that the model ends with, and the type that it must give."""

    name: str
    shape: type[BaseModel]
    description: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """What a mode works with.

    Model and toolset are journaled and limited already; `hold` holds an outcome against the checks and raises
    Objection when the model must try again. `retries` is how often the model may give something unusable in a row.
    """

    prompt: str
    instructions: str
    model: Model
    toolset: AbstractToolset[None]
    finishings: tuple[Finishing, ...]
    hold: Callable[[Outcome], None]
    retries: int


class Mode(Protocol):
    """How a run unfolds: works until `hold` takes an outcome. Raises ModelError when the model gives nothing usable."""

    async def __call__(self, assignment: Assignment) -> None:
        """Works on the assignment until the guard has taken an outcome."""
        ...


def finishings_of(answers: "dict[str, type[Answer]]") -> tuple[Finishing, ...]:
    """Returns the ways to end a run of toolkits with these answer types, by toolkit name."""
    single = len(answers) == 1
    gives = [
        Finishing(
            "give_answer" if single else f"give_answer_{name.replace('-', '_')}",
            shape,
            "End with this answer. Every claim must cite evidence that a tool returned in this run.",
        )
        for name, shape in answers.items()
    ]
    return (
        *gives,
        Finishing("adopt_answer", Adopted, "End with the whole answer that a tool returned, named by its evidence id."),
        Finishing("refuse_task", Refusal, "End without an answer, and say why and what would help."),
        Finishing("ask_user", Questions, "End with questions that must be answered first."),
    )
