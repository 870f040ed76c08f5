"""The plug-in contract: what a trade gives to metier. An outsider's toolkit looks exactly like ours."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from metier.answer import Adopted, Answer, Questions, Refusal
from metier.canonical import JSON
from metier.check import Check
from metier.evidence import Evidence
from metier.task import Task
from metier.trace import Trace
from metier.verdict import Verdict

if TYPE_CHECKING:
    from mcp.server import MCPServer
    from rich.console import RenderableType
    from typer import Typer

    from metier.servers.source import ToolSource

API_VERSION = 1


@dataclass(frozen=True, slots=True)
class Settings:
    """What a toolkit may know of its surroundings: the folder for its data (made on first write) and its options."""

    data: Path
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Need:
    """Something a toolkit can use from outside. `kind` is data, key, program or package; `fix` says what to do."""

    name: str
    kind: str
    present: bool
    required: bool
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call that a playbook wants made."""

    tool: str
    arguments: Mapping[str, JSON]


@dataclass(frozen=True, slots=True)
class Observation:
    """A call that was made, and what came back: the text, the structured value and the evidence."""

    call: Call
    text: str
    value: JSON
    evidence: tuple[Evidence, ...]
    is_error: bool


@dataclass(frozen=True, slots=True)
class Calls:
    """Make these calls, in parallel. `thought` says why, for the trace."""

    calls: tuple[Call, ...]
    thought: str = ""


@dataclass(frozen=True, slots=True)
class Finish:
    """End the run with this outcome."""

    outcome: Answer | Adopted | Refusal | Questions
    thought: str = ""


Move: TypeAlias = Calls | Finish


class Playbook(Protocol):
    """A toolkit's deterministic policy: from what is known so far to the next move. Pure; needs no weights.

    `observations` are in the order of their calls; `objections` are the guard's, the newest last.
    """

    def __call__(self, task: Task, observations: Sequence[Observation], objections: Sequence[str]) -> Move:
        """Returns the next move."""
        ...


@dataclass(frozen=True, slots=True)
class Delivery:
    """A finished run as a renderer gets it."""

    task: Task
    answer: Answer
    verdict: Verdict
    evidence: Mapping[str, Evidence]
    trace: Trace | None = None


@dataclass(frozen=True, slots=True)
class Renderer:
    """One file made from a delivery. Rendering is deterministic: the same delivery gives the same bytes."""

    filename: str
    render: Callable[[Delivery, Settings], bytes]


@dataclass(frozen=True, slots=True)
class Provider:
    """A live source that can answer some of a toolkit's own tools, in their names and shapes, in order with others.

    `make` gives a server in this process with those `tools`. When `remote` names tools, a registered server that has
    them stands behind it and is handed over, and the server that `make` gives opens it (`async with`) in its lifespan;
    otherwise the provider speaks to its source itself and is handed None.
    `policy` are envelope settings for a tool of the toolkit, `remote_policy` for a remote one ("*" for all):
    quotas, rates, how long an answer may be kept and whether it may be stored. `secrets` names options and environment
    variables that hold keys. `terms` says in one line what the source demands of its users.
    """

    name: str
    summary: str
    tools: tuple[str, ...]
    make: "Callable[[Settings, ToolSource | None], MCPServer[Any]]"
    remote: tuple[str, ...] = ()
    policy: Mapping[str, Mapping[str, JSON]] = field(default_factory=dict)
    remote_policy: Mapping[str, Mapping[str, JSON]] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    terms: str = ""


@dataclass(frozen=True, slots=True)
class Toolkit:
    """A trade, as a plug-in: an entry point of group `metier.toolkits` names one of these.

    `server` makes the MCP server whose tools these are; `show` gives the answer for the terminal; `folder` names the
    output folder of an answer; `sample` is a request that works out of the box, once `world` has installed the
    toolkit's projection of the embedded fictional country of that seed, by the same import code as real data
    (idempotent). `providers` are the live sources that a user may put before or after the toolkit's own server. `draft`
    makes a typed answer of the prose of a model that gives no other, from the task and the evidence of the run; pure.
    """

    name: str
    summary: str
    instructions: str
    server: "Callable[[Settings], MCPServer[Any]]"
    answer: type[Answer]
    checks: tuple[Check, ...]
    playbook: Playbook | None = None
    tasks: Callable[[int, int], Iterable[Task]] | None = None
    renderers: tuple[Renderer, ...] = ()
    show: "Callable[[Delivery], RenderableType] | None" = None
    folder: Callable[[Answer], str] | None = None
    commands: "Typer | None" = None
    needs: Callable[[Settings], tuple[Need, ...]] | None = None
    sample: str = ""
    world: Callable[[Settings, int], None] | None = None
    providers: tuple[Provider, ...] = ()
    draft: "Callable[[Task, str, Mapping[str, Evidence]], Answer | None] | None" = None
    api_version: int = API_VERSION
