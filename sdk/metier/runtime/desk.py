"""The desk of a run: what its mode may ask of it, and the parts of it that work on their own."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

import anyio
from pydantic import ValidationError
from pydantic_ai.models import Model
from pydantic_ai.tools import RunContext
from pydantic_ai.toolsets import AbstractToolset, CombinedToolset
from pydantic_ai.usage import RunUsage

from metier.answer import Answer, Refusal
from metier.canonical import JSON, canonical_json
from metier.check import Check
from metier.errors import CheckError, ModelError, ServerError
from metier.evidence import Evidence
from metier.limits import Limits, Pace, Standing
from metier.modes.mode import Assignment, Errand, Mode, OutOfLimitsError, Returned, WaitingError
from metier.runtime.briefing import instructions_of, prompt_of, ways_to_finish
from metier.runtime.effects.ledger import Ledger
from metier.runtime.effects.model import JournaledModel
from metier.runtime.effects.models import PLAYBOOK
from metier.runtime.effects.tools import JournaledToolset
from metier.runtime.events import BranchFinished, BranchStarted, RunWarned
from metier.runtime.fold import BRANCH, branch_evidence
from metier.runtime.guard import Guard, Settled, kind_of
from metier.runtime.session import Session
from metier.trace import Branch, Stop
from metier.verdict import Verdict

UNUSABLE = 10  # unusable outcomes in a row, beyond the guard's objections, before the model is given up
TIMEOUT = "timeout"


class RunDesk:
    """The desk of a run, or of a part of it: the thin driver between a mode and the run's ledger and guard."""

    def __init__(self, session: Session, ledger: Ledger, mode: Mode) -> None:
        self._session = session
        self._ledger = ledger
        self._mode = mode
        self._report = ""
        self._listing = anyio.Lock()
        self._warned: dict[str, int] = {}
        limits = ledger.limits
        self._guard = Guard(
            session.header.task,
            session.toolkits,
            ledger.evidence,
            limits.repairs,
            lambda: not ledger.last_call,
            session.emit,
        )

    @property
    def limits(self) -> Limits:
        """Returns what may be spent here."""
        return self._ledger.limits

    @property
    def evidence(self) -> Mapping[str, Evidence]:
        """Returns what the tools have returned here."""
        return self._ledger.evidence

    @property
    def is_scripted(self) -> bool:
        """Returns whether the model is a playbook."""
        return self._session.header.model == PLAYBOOK

    @property
    def is_last_call(self) -> bool:
        """Returns whether no model call can be made any more."""
        return bool(self._ledger.last_call)

    def check_going(self) -> None:
        """Raises what ends the run before its next model call."""
        self._ledger.check_going()

    def model(self, purpose: str, *, may_be_last: bool = False) -> Model:
        """Returns the run's model, journaled for a purpose."""
        return JournaledModel(self._session.model, self._ledger, purpose, may_be_last=may_be_last)

    def answer(self) -> Answer | None:
        """Returns the answer that the guard has taken."""
        settled = self._guard.settled
        return settled.outcome if settled is not None and isinstance(settled.outcome, Answer) else None

    def report(self, text: str) -> None:
        """Keeps the report as it stands."""
        self._report = text

    def warn(self, text: str) -> None:
        """Tells the user what may be wrong, and journals it at the turn that it is about."""
        ledger = self._ledger
        turn = str(ledger.turn)
        at = self._warned.get(turn, 0)
        self._warned[turn] = at + 1
        shown = ledger.redaction.text(text)
        ledger.note("warning", f"{turn}/warning/{at}", {"text": shown})
        ledger.emit(RunWarned(ledger.path(turn), shown))

    def urge(self, pace: Pace, reason: str) -> None:
        """Sets the least pace of the next model calls."""
        self._ledger.urged = Standing(pace, reason)

    def require(self, check: Check) -> None:
        """Adds a check to those that outcomes are held against."""
        self._guard.required.append(check)

    def judge(self, answer: Answer) -> Verdict:
        """Returns what the checks say of an answer."""
        return self._guard.judge(answer)

    def draft(self, text: str) -> Answer | None:
        """Returns the first answer that a toolkit of the run makes of prose; raises CheckError for a broken one."""
        for kit in self._session.toolkits:
            if kit.draft is None:
                continue
            try:
                drafted = kit.draft(self._session.header.task, text, self.evidence)
            except Exception as error:  # a stranger's code may raise anything
                raise CheckError(
                    f"The toolkit {kit.name!r} cannot draft an answer: {error!r}.",
                    hint="This is a defect of the toolkit.",
                ) from error
            if drafted is not None:
                return drafted
        return None

    async def delegate(self, errand: Errand, scope: anyio.CancelScope) -> Returned:
        """Returns how the errand came out, from the journal when it was done before."""
        ledger = self._ledger
        done = ledger.find(ledger.path(f"{errand.name}/end"), None)
        if done is not None:
            branch = BRANCH.validate_python(done.output)
            ledger.join(branch.usage, branch_evidence(ledger.journal.entries(), branch.name))
            ledger.emit(BranchFinished(branch.name, branch.stop, len(branch.evidence), journaled=True))
            return Returned(branch, self._read_answer(branch))
        await self._list_tools()
        begun = ledger.note("begun", f"{errand.name}/begun", {})
        child = ledger.fork(ledger.path(errand.name), errand.limits)
        desk = RunDesk(self._session, child, self._mode)
        ledger.emit(BranchStarted(child.branch))
        settled = Settled(None, Stop.CANCELLED, reason="It was not waited for any longer.")
        with scope:
            settled = await desk.settle(errand.work, prepares=errand.prepares)
        if settled.stop is Stop.WAITING:
            ledger.waiting += child.waiting
            raise WaitingError(settled.reason)
        stop = TIMEOUT if scope.cancelled_caught else settled.stop.value
        return self._take_back(errand, desk, settled, stop, begun.wall_s)

    async def settle(self, work: Callable[[Assignment], Awaitable[None]], *, prepares: bool = False) -> Settled:
        """Returns how `work` came out; what says nothing of the run itself is raised, and cancellation let through.

        Work that only `prepares` may end without an outcome.
        """
        ledger, guard = self._ledger, self._guard
        try:
            await work(self._assignment())
        except OutOfLimitsError as error:
            reasons = (error.message, "No answer was found before.")
            return Settled(Refusal(reasons=reasons), Stop.LIMIT, reason=error.message)
        except WaitingError as error:
            return Settled(None, Stop.WAITING, reason=str(error))
        except (ServerError, ModelError, CheckError) as error:
            return Settled(None, Stop.ERROR, reason=f"blame: {error.blame}", error=str(error))
        if guard.settled is None and prepares:
            return Settled(None, Stop.ANSWERED)
        if guard.settled is None:
            raise ModelError("The mode ended without an outcome.")
        return _at_limit(guard.settled, ledger.last_call) if ledger.last_call else guard.settled

    def _assignment(self) -> Assignment:
        session, ledger = self._session, self._ledger
        return Assignment(
            question=session.header.task.text,
            prompt=prompt_of(session.header),
            instructions=instructions_of(session.toolkits),
            model=JournaledModel(session.model, ledger),
            toolset=self._toolset(ledger),
            finishings=ways_to_finish(session.toolkits),
            hold=self._guard.hold,
            retries=ledger.limits.repairs + UNUSABLE,
            desk=self,
        )

    def _toolset(self, ledger: Ledger) -> JournaledToolset:
        own: tuple[AbstractToolset[None], ...] = self._mode.tools(ledger.evidence)
        tools = CombinedToolset([self._session.toolset, *own]) if own else self._session.toolset
        return JournaledToolset(tools, ledger=ledger)

    async def _list_tools(self) -> None:
        """Lists the tools once for all parts of the run, which otherwise would each ask the servers for them."""
        model = JournaledModel(self._session.model, self._ledger)
        async with self._listing:
            await self._toolset(self._ledger).get_tools(RunContext(deps=None, model=model, usage=RunUsage()))

    def _take_back(self, errand: Errand, desk: "RunDesk", settled: Settled, stop: str, begun_s: float) -> Returned:
        """Returns the part as its journal keeps it, without secrets: a resumed run must see the same."""
        ledger, child = self._ledger, desk._ledger
        branch = Branch(
            name=child.branch,
            stop=stop,
            kind=kind_of(settled.outcome),
            outcome=None if settled.outcome is None else settled.outcome.model_dump(mode="json", by_alias=True),
            report=desk._report,
            evidence=tuple(child.evidence),
            usage=replace(child.usage, wall_s=max(round(child.wall() - begun_s, 3), 0.0)),
            reason=settled.reason,
            removed=settled.removed,
            error=settled.error,
        )
        output: dict[str, JSON] = BRANCH.dump_python(branch, mode="json")
        kept = ledger.note("branch", f"{errand.name}/end", output, failed=stop == Stop.ERROR.value)
        ledger.join(child.usage, child.evidence.values())
        ledger.emit(BranchFinished(branch.name, branch.stop, len(branch.evidence), journaled=False))
        answer = settled.outcome if isinstance(settled.outcome, Answer) else None
        return Returned(BRANCH.validate_python(kept.output), answer)

    def _read_answer(self, branch: Branch) -> Answer | None:
        if branch.kind != "answer":
            return None
        text = canonical_json(branch.outcome)
        for kit in self._session.toolkits:
            try:
                return kit.answer.model_validate_json(text)
            except ValidationError:
                continue
        return None


def _at_limit(settled: Settled, limit: str) -> Settled:
    return Settled(
        outcome=settled.outcome,
        stop=Stop.LIMIT,
        verdict=settled.verdict,
        reason=settled.reason or f"The limit {limit} is reached; this is what the run had by then.",
        removed=settled.removed,
    )
