"""The copilot: what a user of metier holds in hand."""

import asyncio
import logging
import secrets as randomness
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from importlib.metadata import version
from pathlib import Path

from pydantic_ai.models import Model

from metier.answer import Answer, Questions, Refusal
from metier.canonical import JSON, canonical_json
from metier.clock import Clock, SystemClock, iso_time
from metier.errors import InputError, JournalError
from metier.gateway.gateway import CacheMode
from metier.home import home_folder, make_folder, run_folder, write_atomically
from metier.journal import Journal
from metier.limits import Limits
from metier.log import bind_run
from metier.modes.mode import Mode
from metier.modes.registry import find_mode, spell_mode
from metier.redaction import Redaction, redaction_of
from metier.runtime.approval import Approve
from metier.runtime.briefing import ways_to_finish
from metier.runtime.effects.models import PLAYBOOK, name_of, open_model, with_profile
from metier.runtime.equipment import Equipment, Workplace, equip
from metier.runtime.events import Event, RunFinished, RunStarted, describe
from metier.runtime.fold import END, HEADER, End, Header, fold
from metier.runtime.result import Result
from metier.runtime.run import Outcome, end_of, perform
from metier.runtime.runs import read_header, wait_for
from metier.runtime.session import Session
from metier.servers.source import Ask
from metier.servers.target import Target
from metier.task import Task
from metier.toolkit import Toolkit
from metier.trace import Stop

Listener = Callable[[Event], None]
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Copilot:
    """Runs tasks with toolkits and a model, and never gives an answer that its checks find violated.

    `toolkits` are names of installed toolkits or Toolkit values. `model` is "playbook", any model string of
    pydantic-ai, an adapter's, or a Model. `servers` are further tool servers: names of registered ones, or
    (name, target). `home` is where runs and data are kept, `folder` where the project's own files are looked for.
    `secrets` are values to mask wherever the run writes; those of `servers` are masked too. `options` go to every
    toolkit's server. `approve` is asked before a registered server changes something; without it, or without its
    answer, the run stops there and can be resumed. `ask` puts a server's own questions to the user. `cache` is what
    becomes of answers that may be kept: used and kept, neither ("off"), or the only source ("replay"). `mode` is how a
    run unfolds: a name, a name with options ("heavy?researchers=8"), or a mode of `metier.modes`. `profile` is how
    requests are written for the model and its text is read: "tongyi", "none", or as the model's name asks for.

        copilot = Copilot(["maps"])
        result = copilot.run_sync("Two days in Andorra by car from 4 December 2026")
        print(result.answer, result.verdict.score, result.trace.usage)
    """

    toolkits: Sequence[str | Toolkit]
    _: KW_ONLY
    model: str | Model = PLAYBOOK
    servers: Sequence[str | tuple[str, Target]] = ()
    limits: Limits = field(default_factory=Limits)
    mode: str | Mode = "react"
    home: Path | None = None
    secrets: Sequence[str] = field(default=(), repr=False)
    options: Mapping[str, str] = field(default_factory=dict)
    clock: Clock = field(default_factory=SystemClock)
    folder: Path | None = None
    approve: Approve | None = None
    ask: Ask | None = None
    cache: CacheMode = "read-write"
    profile: str = ""

    async def run(
        self,
        task: str | Task,
        constraints: Mapping[str, JSON] | None = None,
        *,
        run_id: str | None = None,
        on_event: Listener | None = None,
    ) -> Result:
        """Returns the outcome of a new run of `task`.

        Raises CallerError for what the caller must put right (no such toolkit, no model, no writable folder). What a
        model, tool or server does wrong is in the result: `stop` is error and `trace.error` says what happened.
        Cancelled or killed, the run can be resumed.
        """
        find_mode(spell_mode(self.mode)).check(self.limits)
        equipment = self._equip()
        header = self._header(task, constraints, run_id, hide=redaction_of((*self.secrets, *equipment.secrets)))
        ready = self._ready(header, equipment)
        folder = run_folder(self._home, header.run)
        with Journal.create(folder, HEADER.dump_python(header, mode="json")) as journal:
            return await self._go(journal, ready, on_event, resumed=False)

    def run_sync(
        self, task: str | Task, constraints: Mapping[str, JSON] | None = None, *, on_event: Listener | None = None
    ) -> Result:
        """Returns what `run` returns, from code that is not async; raises InputError inside a running event loop."""

        async def go() -> Result:
            return await self.run(task, constraints, on_event=on_event)

        return wait_for(go)

    async def resume(self, run_id: str, *, on_event: Listener | None = None) -> Result:
        """Returns the outcome of the run `run_id`, going on where its journal ends.

        No finished model or tool call is made again; one that had begun but not come back is, unless it may have
        changed something, and so is one that failed because a server was dead. A call that waits for approval is asked
        about again. Raises JournalError when this copilot is not the one that began the run.
        """
        with Journal.open(run_folder(self._home, run_id), write=True) as journal:
            header = read_header(journal)
            names = self._toolkit_names
            if names != header.toolkits:
                raise JournalError(
                    f"The run {run_id!r} has the toolkits {', '.join(header.toolkits)}, not {', '.join(names)}.",
                    hint="Resume it with the toolkits it began with.",
                )
            return await self._go(journal, self._ready(header, self._equip()), on_event, resumed=True)

    async def stream(
        self, task: str | Task, constraints: Mapping[str, JSON] | None = None, *, run_id: str | None = None
    ) -> AsyncGenerator[Event, None]:
        """Yields what happens while a new run of `task` goes; the last event is RunFinished with the result.

        Raises what `run` raises. Leaving the loop early cancels the run, which can be resumed.
        """
        events: asyncio.Queue[Event | None] = asyncio.Queue()

        async def go() -> None:
            try:
                await self.run(task, constraints, run_id=run_id, on_event=events.put_nowait)
            finally:
                events.put_nowait(None)

        running = asyncio.create_task(go(), name="metier run")
        try:
            while (event := await events.get()) is not None:
                yield event
            await running
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    def __post_init__(self) -> None:
        if isinstance(self.toolkits, str):
            raise InputError("The toolkits are one text.", hint=f"Give a list: Copilot([{self.toolkits!r}]).")

    @property
    def _home(self) -> Path:
        return self.home or home_folder()

    def _header(
        self, task: str | Task, constraints: Mapping[str, JSON] | None, run_id: str | None, *, hide: Redaction
    ) -> Header:
        if isinstance(task, Task) and constraints is not None:
            raise InputError("A Task has its constraints in it.", hint="Leave out `constraints`.")
        asked = Task(task, self._toolkit_names, constraints) if isinstance(task, str) else task
        _hold_readable(asked)
        now = self.clock.now()
        return Header(
            run=run_id or f"{now:%Y%m%d-%H%M%S}-{randomness.token_hex(3)}",
            task=Task(
                hide.text(asked.text), asked.toolkits, _hidden(asked.constraints, hide), _hidden(asked.gold, hide)
            ),
            mode=spell_mode(self.mode),
            model=name_of(self.model),
            limits=self.limits,
            toolkits=self._toolkit_names,
            servers=self._server_names,
            metier=version("metier"),
            started=iso_time(now),
            profile=self.profile,
        )

    @property
    def _toolkit_names(self) -> tuple[str, ...]:
        return tuple(kit if isinstance(kit, str) else kit.name for kit in self.toolkits)

    @property
    def _server_names(self) -> tuple[str, ...]:
        return tuple(server if isinstance(server, str) else server[0] for server in self.servers)

    def _equip(self) -> Equipment:
        place = Workplace(self._home, self.folder or Path.cwd(), self.cache, self.ask)
        return equip(self.toolkits, self.servers, self.options, place)

    def _ready(self, header: Header, equipment: Equipment) -> "_Ready":
        kits = equipment.toolkits
        model = open_model(self.model, task=header.task, toolkits=kits, finishings=ways_to_finish(kits))
        return _Ready(header, equipment, with_profile(model, header.profile))

    async def _go(self, journal: Journal, ready: "_Ready", listen: Listener | None, *, resumed: bool) -> Result:
        emit, header, equipment = _logged(listen), ready.header, ready.equipment
        session = Session(
            header=header,
            toolkits=equipment.toolkits,
            model=ready.model,
            toolset=equipment.toolset,
            journal=journal,
            clock=self.clock,
            redaction=redaction_of((*self.secrets, *equipment.secrets)),
            emit=emit,
            approve=self.approve,
        )
        with bind_run(header.run):
            emit(RunStarted(header.run, resumed))
            outcome = await perform(session)
            result = self._conclude(session, outcome)
            emit(RunFinished(header.run, result))
        return result

    def _conclude(self, session: Session, outcome: Outcome) -> Result:
        """Returns the result after the end, if it has come, is in the journal and the trace beside it."""
        journal, end = session.journal, end_of(outcome.settled, session.redaction)
        written = END.dump_python(end, mode="json")
        if end.stop is not Stop.WAITING and journal.end != written:
            journal.finish(written, started=iso_time(self.clock.now()), wall_s=outcome.wall_s)
        return _result(session, outcome, end)


@dataclass(frozen=True, slots=True)
class _Ready:
    header: Header
    equipment: Equipment
    model: Model


def _result(session: Session, outcome: Outcome, end: End) -> Result:
    trace = fold(session.header, session.journal.entries(), end)
    write_atomically(make_folder(session.journal.folder) / "trace.json", trace.to_json().encode())
    given = outcome.settled.outcome
    return Result(
        run=session.header.run,
        answer=given if isinstance(given, Answer) else None,
        refusal=given if isinstance(given, Refusal) else None,
        questions=given if isinstance(given, Questions) else None,
        verdict=trace.verdict,
        evidence=outcome.evidence,
        stop=trace.stop,
        trace=trace,
        waiting=outcome.waiting,
    )


def _hold_readable(task: Task) -> None:
    """Raises InputError for a task that no journal can keep: empty, not text, or with constraints that are not JSON."""
    if not task.text.strip():
        raise InputError("The task is empty.", hint="Say what is wanted, in a sentence.")
    try:
        task.text.encode()
        canonical_json([task.constraints, task.gold])
    except UnicodeEncodeError as error:
        raise InputError("The task holds bytes that are not text.", hint="Write it in UTF-8.") from error
    except (TypeError, ValueError) as error:
        hint = "Give texts, numbers, lists and mappings; a date as text, such as 2026-12-04."
        raise InputError(f"The constraints are not JSON: {error}.", hint=hint) from error


def _hidden(value: Mapping[str, JSON] | None, hide: Redaction) -> dict[str, JSON] | None:
    hidden = hide.json(None if value is None else dict(value))
    return hidden if isinstance(hidden, dict) else None


def _logged(listen: Listener | None) -> Listener:
    def emit(event: Event) -> None:
        _LOG.info(describe(event))
        if listen is not None:
            listen(event)

    return emit
