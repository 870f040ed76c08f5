"""One session of a run: from its journal, as far as that goes, and on from there."""

import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from pydantic_ai.messages import ModelMessage, ModelResponse
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.settings import ModelSettings

from metier.canonical import JSON
from metier.errors import JournalError, ModelError, ServerError
from metier.evidence import Evidence
from metier.modes.registry import find_mode
from metier.redaction import Redaction
from metier.runtime.approval import Approval
from metier.runtime.desk import RunDesk
from metier.runtime.effects.ledger import Ledger
from metier.runtime.effects.model import translated
from metier.runtime.fold import End
from metier.runtime.guard import Settled, kind_of
from metier.runtime.session import Session

_LOG = logging.getLogger(__name__)


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
    mode = find_mode(header.mode)
    desk = RunDesk(session, ledger, mode)
    async with _entered(session, ledger):
        settled = await desk.settle(mode)
    return Outcome(settled, dict(ledger.evidence), ledger.wall(), tuple(ledger.waiting))


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


def end_of(settled: Settled, redaction: Redaction) -> End:
    """Returns how the run ended, as its journal keeps it."""
    outcome: JSON = None if settled.outcome is None else settled.outcome.model_dump(mode="json", by_alias=True)
    return End(
        kind=kind_of(settled.outcome),
        outcome=redaction.json(outcome),
        verdict=settled.verdict,
        stop=settled.stop,
        reason=redaction.text(settled.reason),
        removed=tuple(redaction.text(line) for line in settled.removed),
        error=redaction.text(settled.error),
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
