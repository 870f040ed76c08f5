"""What a mode is given, and what it must do."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Protocol, TypeAlias

import anyio
from pydantic import BaseModel
from pydantic_ai.models import Model
from pydantic_ai.settings import ModelSettings
from pydantic_ai.tools import ToolDefinition
from pydantic_ai.toolsets import AbstractToolset

from metier.answer import Adopted, Answer, Questions, Refusal
from metier.check import Check
from metier.errors import MetierError
from metier.evidence import Evidence
from metier.limits import Limits, Pace
from metier.trace import Branch
from metier.verdict import Verdict

Outcome: TypeAlias = Answer | Adopted | Refusal | Questions


class Objection(Exception):
    """The guard does not take the outcome; the text says why and is for the model."""


class OutOfLimitsError(MetierError):
    """A limit is reached and the one last model call is spent."""


class WaitingError(MetierError):
    """A tool call waits for a person's approval; the run stops until it is resumed."""


@dataclass(frozen=True, slots=True)
class Finishing:
    """A way to end the run: the name of the tool that the model ends with, and the type that it must give."""

    name: str
    shape: type[BaseModel]
    description: str


@dataclass(frozen=True, slots=True)
class Errand:
    """Work that a mode sends out: what `work` does with an assignment of its own, under `limits` of its own.

    `name` is its place in the journal and in the trace. An errand that `prepares` has no outcome of its own: what it
    brings is its evidence and its report.
    """

    name: str
    limits: Limits
    work: "Callable[[Assignment], Awaitable[None]]"
    prepares: bool = False


@dataclass(frozen=True, slots=True)
class Returned:
    """An errand that came back, well or not: its branch of the trace, and its answer when it had one."""

    branch: Branch
    answer: Answer | None = None


class Desk(Protocol):
    """What a mode may ask of its run. Everything that has an effect is journaled."""

    @property
    def limits(self) -> Limits:
        """Returns what this assignment may spend in all."""
        ...

    @property
    def evidence(self) -> Mapping[str, Evidence]:
        """Returns what the tools have returned so far, by id: it grows as they do."""
        ...

    @property
    def is_scripted(self) -> bool:
        """Returns whether the model is a playbook, which reads no prompt: it writes no report and weighs none."""
        ...

    @property
    def is_last_call(self) -> bool:
        """Returns whether no model call can be made any more."""
        ...

    def check_going(self) -> None:
        """Raises what ends the run before its next model call: a server's error, WaitingError, OutOfLimitsError."""
        ...

    def model(self, purpose: str, *, may_be_last: bool = False) -> Model:
        """Returns the run's model for calls of a purpose, by which the trace names them: "summary", "synthesis".

        Unless it `may_be_last`, it raises OutOfLimitsError instead of taking the one call that a limit leaves.
        """
        ...

    def answer(self) -> Answer | None:
        """Returns the answer that the guard has taken, or None before and when the run ended otherwise."""
        ...

    def report(self, text: str) -> None:
        """Keeps the report as it stands: a branch that fails or is cut off still gives it."""
        ...

    def warn(self, text: str) -> None:
        """Tells the user what may be wrong with the run: it is in the events, the journal and the trace."""
        ...

    def urge(self, pace: Pace, reason: str) -> None:
        """Sets the least pace of the next model calls: at CONCLUDE the model is told to, at STOP it has one left."""
        ...

    def require(self, check: Check) -> None:
        """Adds a check to those that outcomes are held against from now on."""
        ...

    def judge(self, answer: Answer) -> Verdict:
        """Returns what the checks say of an answer, or of a part of one, without taking it."""
        ...

    def draft(self, text: str) -> Answer | None:
        """Returns the typed answer that prose of a model makes, or None when it makes none."""
        ...

    async def delegate(self, errand: Errand, scope: anyio.CancelScope) -> Returned:
        """Returns how the errand came out; done before, it is read from the journal.

        Cancelling `scope` ends the errand as timed out. Raises WaitingError when it waits for an approval, and what
        says nothing of the run itself: JournalError, StorageError.
        """
        ...


def nothing() -> None:
    """Does nothing."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """What a mode works with. `prompt` is the question as the model is asked it, `question` the user's own words.

    Model and toolset are journaled and limited already; `hold` holds an outcome against the checks and raises
    Objection when the model must try again. `retries` is how often the model may give something unusable in a row.
    `settings` are for every model call, `arrange` picks and orders the tools that the model is shown, and `pulse` is
    called whenever a model call or the calls that it asked for came back.
    """

    question: str
    prompt: str
    instructions: str
    model: Model
    toolset: AbstractToolset[None]
    finishings: tuple[Finishing, ...]
    hold: Callable[[Outcome], None]
    retries: int
    desk: Desk
    settings: ModelSettings | None = None
    arrange: Callable[[list[ToolDefinition]], list[ToolDefinition]] = list
    pulse: Callable[[], None] = nothing


class Mode(Protocol):
    """How a run unfolds, as a frozen dataclass of its options.

    Works until `hold` takes an outcome. Raises ModelError when the model gives nothing usable, and OutOfLimitsError
    when a limit ends it before there is an outcome.
    """

    name: ClassVar[str]

    def check(self, limits: Limits) -> None:
        """Raises InputError for limits under which this mode cannot work."""
        ...

    def tools(self, evidence: Mapping[str, Evidence]) -> tuple[AbstractToolset[None], ...]:
        """Returns tools of the mode's own, over what the run has seen; they are journaled like those of servers."""
        ...

    async def __call__(self, assignment: Assignment) -> None:
        """Works until the guard has taken an outcome."""
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
