"""The runs that are kept: listed, read back, and replayed."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import anyio
from pydantic import ValidationError

from metier.clock import SystemClock
from metier.discovery import load_toolkit
from metier.errors import InputError, JournalError, MetierError, MissingError
from metier.home import home_folder, run_folder, runs_folder
from metier.journal import FILE, Entry, Journal
from metier.redaction import Redaction
from metier.runtime.effects.tools import NoTools
from metier.runtime.events import Event
from metier.runtime.fold import END, HEADER, End, Header, fold, is_waiting
from metier.runtime.run import RecordedModel, end_of, perform
from metier.runtime.session import Session
from metier.toolkit import Toolkit
from metier.trace import Stop, Trace

UNFINISHED = "unfinished"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run in a list.

    `stop` is why it ended, "unfinished" while it has not, "waiting" while a call waits for approval, and "damaged" when
    it cannot be read.
    """

    run: str
    started: str
    text: str
    toolkits: tuple[str, ...]
    model: str
    stop: str


def list_runs(home: Path | None = None) -> tuple[RunLine, ...]:
    """Returns the runs below `home`, the newest first. A damaged one is listed as such and hides no other."""
    folder = runs_folder(home or home_folder())
    found = [_line(path.parent) for path in folder.glob(f"*/{FILE}")] if folder.is_dir() else []
    return tuple(sorted(found, key=lambda line: (line.started, line.run), reverse=True))


def open_header(run: str, home: Path | None = None) -> Header:
    """Returns what the run began with (task, toolkits, mode, model, limits); raises MissingError and JournalError."""
    with _opened(run, home) as journal:
        return read_header(journal)


def open_trace(run: str, home: Path | None = None) -> Trace:
    """Returns the trace of `run`, also of one that has not ended; raises MissingError and JournalError."""
    return fold(*open_run(run, home))


def open_run(run: str, home: Path | None = None) -> tuple[Header, tuple[Entry, ...], End | None]:
    """Returns what the run began with, its effects, and its end when it has come; raises what `open_trace` raises."""
    with _opened(run, home) as journal:
        return read_header(journal), journal.entries(), _end(journal)


def replay(run: str, home: Path | None = None, *, toolkits: Sequence[Toolkit] | None = None) -> Trace:
    """Returns the trace of `run` made anew: its code runs again, and every effect is looked up, none performed.

    Neither a model nor a server is opened. Raises JournalError when an effect is missing, or when today's code comes
    to another end than the journal. `toolkits` are needed when the run had toolkits that are not installed.
    """

    async def go() -> Trace:
        return await replay_run(run, home, toolkits=toolkits)

    return wait_for(go)


async def replay_run(run: str, home: Path | None = None, *, toolkits: Sequence[Toolkit] | None = None) -> Trace:
    """Returns what `replay` returns, from async code."""
    with _opened(run, home) as journal:
        header, end = read_header(journal), _end(journal)
        if end is None:
            raise JournalError(f"The run {run!r} has not ended.", hint="Resume it, then replay it.")
        session = Session(
            header=header,
            toolkits=tuple(toolkits) if toolkits else tuple(load_toolkit(name) for name in header.toolkits),
            model=RecordedModel(header.model),
            toolset=NoTools(),
            journal=journal,
            clock=SystemClock(),
            redaction=Redaction(),
            emit=_ignore,
            replaying=True,
        )
        again = end_of((await perform(session)).settled, Redaction())
        if again != end:
            raise JournalError(
                f"The run {run!r} ended with {end.stop.value}; replayed, it ends otherwise ({again.stop.value}).",
                hint="The toolkit or its checks changed since.",
            )
        return fold(header, journal.entries(), again)


def _opened(run: str, home: Path | None) -> Journal:
    folder = run_folder(home or home_folder(), run)
    if not (folder / FILE).is_file():
        raise MissingError(f"There is no run {run!r}.", hint="`metier trace list` names the runs.")
    return Journal.open(folder, write=False)


def read_header(journal: Journal) -> Header:
    """Returns what the run began with; raises JournalError for a header of another shape or of another run."""
    try:
        header = HEADER.validate_python(journal.header)
    except ValidationError as error:
        raise JournalError(f"The journal in {journal.folder} has no header that can be read.") from error
    if header.run != journal.folder.name:
        raise JournalError(
            f"The journal in {journal.folder} is that of the run {header.run!r}.", hint="Name the folder so again."
        )
    return header


def wait_for(work: Callable[[], Awaitable[T]]) -> T:
    """Returns what `work` gives, from code that is not async; raises InputError where an event loop runs already."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return anyio.run(work)
    raise InputError("This cannot wait inside a running event loop.", hint="Await the async form: run or replay_run.")


def _end(journal: Journal) -> End | None:
    ended = journal.end
    try:
        return None if ended is None else END.validate_python(ended)
    except ValidationError as error:
        raise JournalError(f"The journal in {journal.folder} has no end that can be read.") from error


def _line(folder: Path) -> RunLine:
    try:
        with Journal.open(folder, write=False) as journal:
            header, end = read_header(journal), _end(journal)
            stop = end.stop.value if end is not None else _standing(journal)
    except MetierError:
        return RunLine(folder.name, "", "", (), "", "damaged")
    return RunLine(folder.name, header.started, header.task.text, header.toolkits, header.model, stop)


def _standing(journal: Journal) -> str:
    return Stop.WAITING.value if is_waiting(journal.entries()) else UNFINISHED


def _ignore(event: Event) -> None:
    """Does nothing with the events of a replay."""
