"""One session of a run: from its journal, as far as that goes, and on from there."""

import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from pydantic_ai.messages import ModelMessage, ModelResponse
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.settings import ModelSettings
from pydantic_ai.toolsets import AbstractToolset

from metier.answer import Answer, Questions, Refusal
from metier.canonical import JSON, canonical_json
from metier.clock import Clock
from metier.errors import CheckError, JournalError, ModelError, ServerError
from metier.evidence import Evidence
from metier.journal import Journal
from metier.modes.mode import Assignment, Finishing, finishings_of
from metier.modes.registry import find_mode
from metier.redaction import Redaction
from metier.runtime.approval import Approval, Approve
from metier.runtime.effects.ledger import Ledger, OutOfLimitsError, WaitingError
from metier.runtime.effects.model import JournaledModel, translated
from metier.runtime.effects.tools import JournaledToolset
from metier.runtime.events import Event
from metier.runtime.fold import End, Header
from metier.runtime.framing import RULE
from metier.runtime.guard import Guard, Settled
from metier.toolkit import Toolkit
from metier.trace import Stop

_LOG = logging.getLogger(__name__)
UNUSABLE = 10  # unusable outcomes in a row, beyond the guard's objections, before the model is given up
MANNER = (
    "Work on the task with the tools. State only what a tool returned in this run and cite it by its evidence id. "
    "What you cannot support, leave out or refuse. Where a tool returned the whole answer, adopt it."
)


@dataclass(frozen=True, slots=True)
class Session:
    """All that one session of a run needs. `replaying` performs no effect."""

    header: Header
    toolkits: tuple[Toolkit, ...]
    model: Model
    toolset: AbstractToolset[None]
    journal: Journal
    clock: Clock
    redaction: Redaction
    emit: Callable[[Event], None]
    replaying: bool = False
    approve: Approve | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a session came out, with the evidence of the run by id and the calls that wait for approval."""

    settled: Settled
    evidence: Mapping[str, Evidence]
    wall_s: float
    waiting: tuple[Approval, ...] = ()


async def perform(session: Session) -> Outcome:
    """Returns how the run came out: an answer, a refusal, questions, calls that wait, or the error that ended it.

    Raises JournalError and StorageError, which say nothing of the run itself, and lets cancellation through; in both
    cases the journal stays as it is and the run can be resumed.
    """
    header = session.header
    ledger = Ledger(
        session.journal,
        header.limits,
        session.clock,
        session.redaction,
        session.emit,
        replaying=session.replaying,
        approve=session.approve,
    )
    guard = Guard(
        header.task,
        session.toolkits,
        ledger.evidence,
        header.limits.repairs,
        lambda: not ledger.last_call,
        session.emit,
    )
    settled = await _settle(session, ledger, guard)
    if ledger.last_call and settled.stop not in (Stop.ERROR, Stop.WAITING):
        settled = _at_limit(settled, ledger.last_call)
    return Outcome(settled, dict(ledger.evidence), ledger.wall(), tuple(ledger.waiting))


async def _settle(session: Session, ledger: Ledger, guard: Guard) -> Settled:
    mode, assignment = session.header.mode, _assignment(session, ledger, guard)
    try:
        async with _entered(session, ledger):
            await find_mode(mode)(assignment)
    except OutOfLimitsError as error:
        reasons = (error.message, "No answer was found before.")
        return Settled(Refusal(reasons=reasons), Stop.LIMIT, reason=error.message)
    except WaitingError as error:
        return Settled(None, Stop.WAITING, reason=str(error))
    except (ServerError, ModelError, CheckError) as error:
        return Settled(None, Stop.ERROR, reason=f"blame: {error.blame}", error=str(error))
    if guard.settled is None:
        raise ModelError(f"The mode {mode!r} ended without an outcome.")
    return guard.settled


@asynccontextmanager
async def _entered(session: Session, ledger: Ledger) -> AsyncIterator[None]:
    """Holds the model open, with the connections that it pools; a replay opens none.

    A model that does not open fails its first call, which is journaled. What closing it raises is logged: the run has
    come out by then. A model that its user has entered stays open after.
    """
    if session.replaying:
        yield
        return
    try:
        with translated():
            await session.model.__aenter__()
    except (ServerError, ModelError) as error:
        ledger.unopened = error
        yield
        return
    try:
        yield
    finally:
        try:
            with translated():
                await session.model.__aexit__(None, None, None)
        except (ServerError, ModelError) as error:
            _LOG.warning("the model did not close: %s", error)


def _assignment(session: Session, ledger: Ledger, guard: Guard) -> Assignment:
    return Assignment(
        prompt=prompt_of(session.header),
        instructions="\n\n".join([MANNER, RULE, *(kit.instructions for kit in session.toolkits)]),
        model=JournaledModel(session.model, ledger),
        toolset=JournaledToolset(session.toolset, ledger=ledger),
        finishings=ways_to_finish(session.toolkits),
        hold=guard.hold,
        retries=session.header.limits.repairs + UNUSABLE,
    )


def ways_to_finish(toolkits: Sequence[Toolkit]) -> tuple[Finishing, ...]:
    """Returns the ways to end a run of these toolkits."""
    return finishings_of({toolkit.name: toolkit.answer for toolkit in toolkits})


def prompt_of(header: Header) -> str:
    """Returns what the model is asked: the task, its typed constraints, and the day the run began."""
    lines = [header.task.text, f"(Today is {header.started[:10]}, UTC.)"]
    if header.task.constraints:
        lines.append(f"Constraints, as JSON: {canonical_json(dict(header.task.constraints))}")
    return "\n".join(lines)


def end_of(settled: Settled, redaction: Redaction) -> End:
    """Returns how the run ended, as its journal keeps it."""
    kinds: dict[type, str] = {Refusal: "refusal", Questions: "questions", type(None): "none"}
    outcome: JSON = None if settled.outcome is None else settled.outcome.model_dump(mode="json", by_alias=True)
    return End(
        kind="answer" if isinstance(settled.outcome, Answer) else kinds[type(settled.outcome)],
        outcome=redaction.json(outcome),
        verdict=settled.verdict,
        stop=settled.stop,
        reason=redaction.text(settled.reason),
        removed=tuple(redaction.text(line) for line in settled.removed),
        error=redaction.text(settled.error),
    )


def _at_limit(settled: Settled, limit: str) -> Settled:
    return Settled(
        outcome=settled.outcome,
        stop=Stop.LIMIT,
        verdict=settled.verdict,
        reason=settled.reason or f"The limit {limit} is reached; this is what the run had by then.",
        removed=settled.removed,
    )


class RecordedModel(Model):
    """The model of a replay: it has a name, and a call that reaches it is an effect that must not be performed."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    @property
    def model_name(self) -> str:
        """Returns the name of the model that was recorded."""
        return self._name

    @property
    def system(self) -> str:
        """Returns the provider."""
        return "recorded"

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        """Raises JournalError."""
        raise JournalError("A replay asked the model.", hint="The journal does not hold the whole run: resume it.")
