"""What happens while a run goes, as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from metier.canonical import JSON
from metier.runtime.result import Result


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A run began, or went on when `resumed`."""

    run: str
    resumed: bool


@dataclass(frozen=True, slots=True)
class ModelStarted:
    """A model call was asked for. `path` names it in the run."""

    path: str
    model: str


@dataclass(frozen=True, slots=True)
class ModelFinished:
    """A model call came back, from the journal when `journaled`. `text` is what it said beside its calls."""

    path: str
    text: str
    calls: int
    input_tokens: int
    output_tokens: int
    elapsed_s: float
    journaled: bool


@dataclass(frozen=True, slots=True)
class ToolStarted:
    """A tool call was asked for."""

    path: str
    tool: str
    arguments: Mapping[str, JSON]


@dataclass(frozen=True, slots=True)
class ToolFinished:
    """A tool call came back with `evidence` pieces of evidence, from the journal when `journaled`."""

    path: str
    server: str
    tool: str
    evidence: int
    is_error: bool
    elapsed_s: float
    journaled: bool


@dataclass(frozen=True, slots=True)
class ToolProgressed:
    """A tool call that goes on says how far it is: `done` of `total` (None: unknown). `message` is the server's."""

    path: str
    tool: str
    done: float
    total: float | None
    message: str


@dataclass(frozen=True, slots=True)
class Objected:
    """The guard sent an answer back. `reasons` are the sentences the model was given."""

    reasons: tuple[str, ...]
    repair: int


@dataclass(frozen=True, slots=True)
class RunWarned:
    """The run warns of something at the turn `path`: what was lost or left out, or may be wrong."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class BranchStarted:
    """A part of the run began to work on its own."""

    branch: str


@dataclass(frozen=True, slots=True)
class BranchFinished:
    """A part of the run came back; `stop` says how, from the journal when `journaled`."""

    branch: str
    stop: str
    evidence: int
    journaled: bool


@dataclass(frozen=True, slots=True)
class RunFinished:
    """A run ended with `result`."""

    run: str
    result: Result


Event: TypeAlias = (
    RunStarted
    | ModelStarted
    | ModelFinished
    | ToolStarted
    | ToolProgressed
    | ToolFinished
    | Objected
    | RunWarned
    | BranchStarted
    | BranchFinished
    | RunFinished
)


_LOGGED: dict[type, tuple[str, tuple[str, ...]]] = {
    RunStarted: ("run started", ("resumed",)),
    ModelStarted: ("model asked", ("path", "model")),
    ModelFinished: ("model answered", ("path", "calls", "input_tokens", "output_tokens", "elapsed_s", "journaled")),
    ToolStarted: ("tool called", ("path", "tool")),
    ToolProgressed: ("tool goes on", ("path", "tool", "done", "total")),
    ToolFinished: ("tool returned", ("path", "server", "tool", "evidence", "is_error", "elapsed_s", "journaled")),
    Objected: ("answer sent back", ("repair",)),
    RunWarned: ("run warned", ("path",)),
    BranchStarted: ("branch started", ("branch",)),
    BranchFinished: ("branch ended", ("branch", "stop", "evidence", "journaled")),
    RunFinished: ("run ended", ("run",)),
}


def describe(event: Event) -> str:
    """Returns `event` as a log line: names and counts, no text of prompts or documents."""
    name, fields = _LOGGED[type(event)]
    return " ".join([name, *(f"{field}={getattr(event, field)}" for field in fields)])
