"""The ledger of a run: where it stands, what it has spent and seen, and the one door to its journal."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

import anyio
from pydantic import TypeAdapter

from metier.canonical import JSON
from metier.clock import Clock, iso_time
from metier.errors import JournalError, MetierError, ModelError, ServerError
from metier.evidence import Evidence
from metier.journal import Entry, Journal
from metier.limits import Limits, Pace, Standing, Usage, add_usage, is_tool_spent, standing_of
from metier.modes.mode import OutOfLimitsError, WaitingError
from metier.redaction import Redaction
from metier.runtime.approval import Approval, Approve
from metier.runtime.events import Event

LAST_CALL_S = 60.0  # grace for the one last model call after the time is up

EVIDENCE: TypeAdapter[tuple[Evidence, ...]] = TypeAdapter(tuple[Evidence, ...])
_ORDER = (Pace.GO, Pace.CONCLUDE, Pace.STOP)
_UNENDED = ("error", "cancelled", "waiting")
"""Stops of a run that is gone on with when it is resumed."""
_KINDS: dict[str, type[MetierError]] = {"ServerError": ServerError, "ModelError": ModelError}


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
    `branch` is the name of the part of the run whose ledger this is, empty for the run itself: its turns are journaled
    below it. `urged` is the least standing that the mode wants.
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
    branch: str = ""
    urged: Standing = field(default_factory=lambda: Standing(Pace.GO))
    _brought: dict[str, tuple[Evidence, ...]] = field(default_factory=dict)
    _fresh: set[str] = field(default_factory=set)
    _base_s: float = 0.0
    _opened_s: float = 0.0
    _has_ended: bool = False

    def __post_init__(self) -> None:
        self._base_s = self.journal.wall_s
        self._opened_s = self.clock.seconds()
        end = self.journal.end
        self._has_ended = isinstance(end, dict) and end.get("stop") not in _UNENDED

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
        return max(standing_of(self.limits, ahead), self.urged, key=lambda standing: _ORDER.index(standing.pace))

    def fork(self, name: str, limits: Limits) -> "Ledger":
        """Returns the ledger of a part of the run that works on its own: it shares the journal, and nothing it counts.

        What it has spent and seen is added by `join` when it is back.
        """
        ledger = replace(
            self,
            limits=limits,
            branch=name,
            waiting=[],
            usage=Usage(),
            evidence={},
            turn=0,
            last_call="",
            failure=None,
            slots={},
            urged=Standing(Pace.GO),
            _brought={},
            _fresh=set(),
        )
        return ledger

    def join(self, usage: Usage, evidence: Iterable[Evidence]) -> None:
        """Adds what a part of the run has spent and seen."""
        self.usage = add_usage(self.usage, usage)
        self.evidence.update((item.id, item) for item in evidence)

    def bring(self, path: str, evidence: tuple[Evidence, ...]) -> None:
        """Adds what the tool call at `path` returned: in the order of this turn's calls, whichever came back first.

        A prompt that shows evidence is so the same when the run is resumed.
        """
        self._brought[path] = evidence
        for name in self._fresh:
            del self.evidence[name]
        arrived = [item for slot in self.slots.values() for item in self._brought.get(slot.path, ())]
        self._fresh = {item.id for item in arrived if item.id not in self.evidence}
        self.evidence.update((item.id, item) for item in arrived)

    def check_going(self) -> None:
        """Raises what ends the run before its next turn: a server's error, WaitingError or OutOfLimitsError."""
        if self.failure is not None:
            raise self.failure
        if self.waiting:
            names = ", ".join(f"{one.server}/{one.tool}" for one in self.waiting)
            raise WaitingError(f"The call of {names} waits for approval.", hint="Resume the run to say yes or no.")
        if self.last_call:
            raise OutOfLimitsError(f"The limit {self.last_call} is reached.")

    def begin_turn(self) -> str:
        """Returns the path of the next turn; raises what `check_going` raises."""
        self.check_going()
        self.turn += 1
        return self.path(str(self.turn))

    def path(self, name: str) -> str:
        """Returns the path of something in this part of the run."""
        return f"{self.branch}/{name}" if self.branch else name

    def note(self, kind: str, name: str, output: dict[str, JSON], *, failed: bool = False) -> Entry:
        """Journals something that the run itself finds, once: it stays what it was when the run is resumed.

        Returns it as it stands in the journal, without secrets. One that `failed` is found out again by a resumed run.
        """
        path = self.path(name)
        found = self.find(path, None)
        if found is not None:
            return found
        kept = self.redaction.json(output)
        entry = Entry(path, kind, None, kept, iso_time(self.clock.now()), 0.0, self.wall(), failed)
        self.journal.record(entry)
        return entry

    def find(self, path: str, content: JSON) -> Entry | None:
        """Returns the journaled effect, or None when it has to be made; raises JournalError in a replay without it."""
        entry = self.journal.lookup(path, content)
        if self.replaying and entry is None:
            raise JournalError(
                f"The journal has no effect {path}.", hint="The run is unfinished: resume it, then replay it."
            )
        return (
            None if entry is not None and entry.failed and not self.replaying and not self._is_passed(path) else entry
        )

    def _is_passed(self, path: str) -> bool:
        """Returns whether the run went on past what failed, or came to its end with it: then it stays failed.

        It went on past a model call when it warned of it or made the next one, past a part when it made its own first.
        """
        if self._has_ended:
            return True
        if path.endswith("/end"):
            return self.journal.has(self.path("1/model"))
        later = (f"{self.turn + 1}/model", f"{self.turn}/warning/0")
        return path == self.path(f"{self.turn}/model") and any(self.journal.has(self.path(name)) for name in later)

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
            raised = next((name for name, known in _KINDS.items() if isinstance(error, known)), "OutOfLimitsError")
            output = {"failure": [raised, error.message, error.hint]}
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
        self.slots, self._brought, self._fresh = {}, {}, set()
        for at, (call, tool) in enumerate(calls):
            refusal = self._refusal(tool, stopped=stopped)
            self.slots[call] = Slot(self.path(f"{self.turn}/tool/{at}-{tool}"), refusal)
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
