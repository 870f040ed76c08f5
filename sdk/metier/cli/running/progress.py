"""The steps of a run, as they happen, on standard error; on a terminal also what is going on just now."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from rich.console import Console
from rich.status import Status
from rich.text import Text

from metier.canonical import JSON
from metier.cli.wording import count, in_short, one_line, seconds, shorten
from metier.runtime.events import (
    BranchFinished,
    Event,
    ModelFinished,
    ModelStarted,
    Objected,
    RunStarted,
    RunWarned,
    ToolFinished,
    ToolProgressed,
    ToolStarted,
)


class Progress:
    """Listens to a run and shows its steps on `console`. `run` is the id of the run, once it has begun."""

    def __init__(self, console: Console) -> None:
        self.run = ""
        self._console = console
        self._status: Status | None = None
        self._arguments: dict[str, Mapping[str, JSON]] = {}
        self._busy: dict[str, str] = {}

    @contextmanager
    def shown(self) -> Iterator["Progress"]:
        """Shows what is going on as long as the context lasts, on a terminal."""
        if not self._console.is_terminal:
            yield self
            return
        with self._console.status(Text("starting")) as status:
            self._status = status
            yield self
        self._status = None

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """Shows nothing moving as long as the context lasts, so that a person can be asked something."""
        if self._status is not None:
            self._status.stop()
        yield
        if self._status is not None:
            self._status.start()

    def __call__(self, event: Event) -> None:
        """Takes note of an event and shows it."""
        match event:
            case RunStarted():
                self.run = event.run
            case ModelStarted():
                self._busy[event.path] = f"thinking ({one_line(event.model)})"
            case ToolStarted():
                self._arguments[event.path] = event.arguments
                self._busy[event.path] = f"{one_line(event.tool)}({in_short(event.arguments, 50)})"
            case ToolProgressed():
                self._busy[event.path] = f"{one_line(event.tool)} {_far(event)}"
            case ModelFinished() | ToolFinished():
                self._busy.pop(event.path, None)
        for line in lines_of(event, self._arguments):
            self._console.print(Text(line), soft_wrap=True)
        if self._status is not None:
            self._status.update(Text(" · ".join(self._busy.values()) or "working"))


def lines_of(event: Event, arguments: Mapping[str, Mapping[str, JSON]]) -> tuple[str, ...]:
    """Returns the lines that say what happened; `arguments` are those of the calls by path. Pure."""
    match event:
        case RunStarted():
            return (f"run {event.run}{' goes on' if event.resumed else ''}",)
        case ModelFinished(text=text) if text.strip():
            return (f"  {_part(event.path)}{shorten(text, 110)}",)
        case ToolFinished():
            return (f"  {_part(event.path)}{_tool_line(event, arguments.get(event.path, {}))}",)
        case Objected():
            return tuple(f"  objection: {shorten(reason, 160)}" for reason in event.reasons)
        case RunWarned() | BranchFinished():
            return (_aside(event),)
        case _:
            return ()


def _aside(event: RunWarned | BranchFinished) -> str:
    if isinstance(event, RunWarned):
        return f"  warning: {_part(event.path)}{shorten(event.text, 200)}"
    return f"  {one_line(event.branch)} is back: {event.stop}, {_pieces(event.evidence)}"


def _far(event: ToolProgressed) -> str:
    share = f"{event.done:g} of {event.total:g}" if event.total else f"{event.done:g}"
    return shorten(f"{share} {event.message}", 60)


def _part(path: str) -> str:
    """Returns which part of the run a path belongs to, where it has parts that work on their own."""
    first = path.partition("/")[0]
    return "" if first.isdigit() else f"{one_line(first)}: "


def _pieces(evidence: int) -> str:
    return count(evidence, "piece of evidence", "pieces of evidence")


def _tool_line(event: ToolFinished, arguments: Mapping[str, JSON]) -> str:
    came = "failed" if event.is_error else _pieces(event.evidence)
    when = "from the journal" if event.journaled else seconds(event.elapsed_s)
    return f"{one_line(event.tool)}({in_short(arguments)})  {when}, {came}"
