"""The ledger of a run: where it stands, what it has spent and seen, and the one door to its journal."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace

import anyio
from pydantic import TypeAdapter

from metier.canonical import JSON
from metier.clock import Clock, iso_time
from metier.errors import JournalError, MetierError, ModelError, ServerError
from metier.evidence import Evidence
from metier.journal import Entry, Journal
from metier.limits import Limits, Pace, Standing, Usage, is_tool_spent, standing_of
from metier.redaction import Redaction
from metier.runtime.approval import Approval, Approve
from metier.runtime.events import Event

LAST_CALL_S = 60.0  # grace for the one last model call after the time is up

EVIDENCE: TypeAdapter[tuple[Evidence, ...]] = TypeAdapter(tuple[Evidence, ...])
_KINDS: dict[str, type[MetierError]] = {"ServerError": ServerError, "ModelError": ModelError}


class OutOfLimitsError(MetierError):
    """A limit is reached and the one last model call is spent."""


class WaitingError(MetierError):
    """A tool call waits for a person's approval; the run stops until it is resumed."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a tool call of the current turn is journaled; `refusal` says why it is not made, when it is not."""

    path: str
    refusal: str = ""


@dataclass(slots=True)
class Ledger:
    """One run's state. Not pure on purpose: it is the thin driver round the journal.

    `replaying` looks up every effect and performs none. `slots` are those of the current turn's tool calls, by the id
    of the call; `last_call` names the limit under which the last model call was made, and is empty before. `waiting`
    are the calls of this turn that nobody has approved or denied yet, `unopened` why the model did not open.
    """

    journal: Journal
    limits: Limits
    clock: Clock
    redaction: Redaction
    emit: Callable[[Event], None]
    replaying: bool = False
    approve: Approve | None = None
    waiting: list[Approval] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)
    evidence: dict[str, Evidence] = field(default_factory=dict)
    turn: int = 0
    last_call: str = ""
    failure: MetierError | None = None
    unopened: MetierError | None = None
    slots: dict[str, Slot] = field(default_factory=dict)
    _base_s: float = 0.0
    _opened_s: float = 0.0

    def __post_init__(self) -> None:
        self._base_s = self.journal.wall_s
        self._opened_s = self.clock.seconds()

    @property
    def run(self) -> str:
        """Returns the id of the run."""
        return self.journal.folder.name

    def wall(self) -> float:
        """Returns the seconds the run has taken, over all its sessions."""
        return self._base_s if self.replaying else round(self._base_s + self.clock.seconds() - self._opened_s, 3)

    def standing(self) -> Standing:
        """Returns the standing of the model call about to be made: the last one that a limit allows is a stop."""
        ahead = replace(self.usage, model_calls=self.usage.model_calls + 1, wall_s=self.wall())
        return standing_of(self.limits, ahead)

    def begin_turn(self) -> str:
        """Returns the name of the next turn; raises a tool server's error, WaitingError or OutOfLimitsError."""
        if self.failure is not None:
            raise self.failure
        if self.waiting:
            names = ", ".join(f"{one.server}/{one.tool}" for one in self.waiting)
            raise WaitingError(f"The call of {names} waits for approval.", hint="Resume the run to say yes or no.")
        if self.last_call:
            raise OutOfLimitsError(f"The limit {self.last_call} is reached.")
        self.turn += 1
        return str(self.turn)

    def find(self, path: str, content: JSON) -> Entry | None:
        """Returns the journaled effect, or None when it has to be made; raises JournalError in a replay without it."""
        entry = self.journal.lookup(path, content)
        if self.replaying and entry is None:
            raise JournalError(
                f"The journal has no effect {path}.", hint="The run is unfinished: resume it, then replay it."
            )
        return None if entry is not None and entry.failed and not self.replaying else entry

    async def perform(
        self,
        kind: str,
        path: str,
        content: JSON,
        act: Callable[[], Awaitable[dict[str, JSON]]],
        *,
        aside: Callable[[], dict[str, JSON]] = dict,
        mask: Callable[[dict[str, JSON]], JSON] | None = None,
    ) -> Entry:
        """Returns the entry of an effect made now; it is on the disk when this returns. `aside` is kept beside it.

        `mask` takes the secrets out of the output, by default wherever one stands.

        What `act` raises as ServerError, ModelError or OutOfLimitsError is journaled as a failure, which a replay
        repeats and a resumed run makes again.
        """
        started, before = iso_time(self.clock.now()), self.clock.seconds()
        failed = False
        try:
            output = await act()
        except (ServerError, ModelError, OutOfLimitsError) as error:
            kind = next((name for name, known in _KINDS.items() if isinstance(error, known)), "OutOfLimitsError")
            output = {"failure": [kind, error.message, error.hint]}
            failed = True
        elapsed = round(self.clock.seconds() - before, 3)
        kept = (mask or self.redaction.json)({**output, **aside()})
        entry = Entry(path, kind, content, kept, started, elapsed, self.wall(), failed)
        self.journal.record(entry)
        return entry

    async def in_time(self, act: Callable[[], Awaitable[dict[str, JSON]]], grace_s: float = 0.0) -> dict[str, JSON]:
        """Returns what `act` gives; raises OutOfLimitsError when the time of the run is up before."""
        limit = self.limits.wall_s
        if limit is None:
            return await act()
        with anyio.move_on_after(max(limit - self.wall(), grace_s)):
            return await act()
        raise OutOfLimitsError("The limit wall_s is reached.")

    def admit(self, calls: Sequence[tuple[str, str]], *, stopped: bool) -> None:
        """Gives each call (id, tool) of this turn its slot, in order, so that limits fall on the same ones again."""
        self.slots = {}
        for at, (call, tool) in enumerate(calls):
            refusal = self._refusal(tool, stopped=stopped)
            self.slots[call] = Slot(f"{self.turn}/tool/{at}-{tool}", refusal)
            if not refusal:
                per_tool = {**self.usage.per_tool, tool: self.usage.per_tool.get(tool, 0) + 1}
                self.usage = replace(self.usage, tool_calls=self.usage.tool_calls + 1, per_tool=per_tool)

    def _refusal(self, tool: str, *, stopped: bool) -> str:
        most = self.limits.tool_calls
        if stopped:
            return "Tools are withdrawn: the run is at its limit. End it with what you have."
        if most is not None and self.usage.tool_calls >= most:
            return "No more tool calls are allowed in this run. End it with what you have."
        if is_tool_spent(self.limits, self.usage, tool):
            return f"No more calls of {tool} are allowed in this run. Go on without it."
        return ""

    async def ask_approval(self, approval: Approval, *, waited: bool) -> bool | None:
        """Returns what the person says to the call; without an answer it is noted as waiting."""
        asked = replace(approval, waited=waited)
        said = None if self.approve is None else await self.approve(asked)
        if said is None:
            self.waiting.append(asked)
        return said

    def pay(self, record: JSON) -> None:
        """Adds what a tool call cost, by the record of the envelope, to what the run has spent."""
        cost = record.get("cost_usd") if isinstance(record, dict) else None
        if isinstance(cost, float) and cost:
            self.usage = replace(self.usage, money_usd=self.usage.money_usd + cost)

    def fail(self, error: MetierError) -> None:
        """Notes that the run must end with `error` at its next turn; calls made in parallel still come back."""
        self.failure = self.failure or error


def failure_in(output: JSON) -> MetierError | None:
    """Returns the error that a journaled effect failed with, or None."""
    match output:
        case {"failure": [str(kind), str(message), str(hint)]}:
            return _KINDS.get(kind, OutOfLimitsError)(message, hint=hint)
    return None


def pace_in(output: JSON) -> Standing:
    """Returns the standing that a journaled model call was made under."""
    match output:
        case {"pace": str(pace), "limit": str(limit)}:
            return Standing(Pace(pace), limit)
    return Standing(Pace.GO)
