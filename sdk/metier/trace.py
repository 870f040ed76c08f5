"""A run read back."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pydantic import TypeAdapter

from metier.canonical import JSON, canonical_json
from metier.evidence import Evidence
from metier.limits import Usage
from metier.task import Task
from metier.tokens import TokenRecord
from metier.verdict import Verdict

FORMAT = 3


class Stop(StrEnum):
    """Why a run ended; WAITING is a run that has not: a tool call waits for a person's approval."""

    ANSWERED = "answered"
    REFUSED = "refused"
    ASKED = "asked"
    LIMIT = "limit"
    ERROR = "error"
    CANCELLED = "cancelled"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at a provider: `outcome` is "ok", "failed" (the tool said so) or the fault that ended it, in a word.

    `waited_s` is what was waited before it (rate limit, back-off), `elapsed_s` what it took.
    """

    provider: str
    outcome: str
    waited_s: float
    elapsed_s: float
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CallRecord:
    """What the envelope round a tool call did: who answered, after which attempts, from the cache or not, at what cost.

    `cache` is "hit", "miss", "shared" (another call's answer, made at the same time) or "off". `degraded` says why a
    later provider answered than the first in order; empty when the first did. `bytes` is the size of the whole answer,
    `capped` whether the model was shown less than that. `tool` is the provider's, `parts` are the calls that were made
    of other tools to answer this one; their cost is in `cost_usd`.
    """

    provider: str
    cache: str
    attempts: tuple[Attempt, ...]
    elapsed_s: float
    bytes: int
    cost_usd: float = 0.0
    degraded: str = ""
    capped: bool = False
    tool: str = ""
    parts: "tuple[CallRecord, ...]" = ()


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One tool call and what came back. Times are ISO 8601 in UTC and seconds."""

    path: str
    server: str
    tool: str
    arguments: Mapping[str, JSON]
    text: str
    value: JSON
    evidence: tuple[str, ...]
    is_error: bool
    started: str
    elapsed_s: float
    record: CallRecord | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """What a run's tool calls cost together: the sums of their records. Times in seconds, `bytes` of whole answers.

    `inner` are the calls that were made to answer others. Attempts, kept answers and waits are counted in these too;
    bytes, time and cost of a call hold theirs already.
    """

    calls: int = 0
    inner: int = 0
    attempts: int = 0
    cached: int = 0
    degraded: int = 0
    bytes: int = 0
    waited_s: float = 0.0
    elapsed_s: float = 0.0
    cost_usd: float = 0.0


def with_parts(record: CallRecord) -> Iterator[CallRecord]:
    """Yields the record, and those of the calls that were made to answer it, at any depth."""
    yield record
    for part in record.parts:
        yield from with_parts(part)


def sum_records(records: Iterable[CallRecord]) -> Totals:
    """Returns the sums over `records`; a shared answer counts as cached."""
    kept = tuple(records)
    every = [one for record in kept for one in with_parts(record)]
    attempts = [attempt for record in every for attempt in record.attempts]
    return Totals(
        calls=len(kept),
        inner=len(every) - len(kept),
        attempts=len(attempts),
        cached=sum(record.cache in ("hit", "shared") for record in every),
        degraded=sum(bool(record.degraded) for record in kept),
        bytes=sum(record.bytes for record in kept),
        waited_s=math.fsum(attempt.waited_s for attempt in attempts),
        elapsed_s=math.fsum(record.elapsed_s for record in kept),
        cost_usd=math.fsum(record.cost_usd for record in kept),
    )


@dataclass(frozen=True, slots=True)
class Branch:
    """A part of a run that worked on its own: a researcher of the mode `heavy`.

    `name` begins the paths of its turns. `stop` is why it ended, "timeout" when it was not waited for any longer;
    `kind` and `outcome` are those of a trace, `report` what it wrote, `evidence` the ids of what its tools returned.
    """

    name: str
    stop: str
    kind: str
    outcome: JSON
    report: str
    evidence: tuple[str, ...]
    usage: Usage
    reason: str = ""
    removed: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class Warned:
    """What the run warned of, at the turn `path`."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One model call: what it said, what it called, what it cost.

    `tokens` are those that the server was sent and sampled, where it gave them and no secret was masked in what they
    spell; `retry` is the text of the guard's or the validator's objection that this turn answers. `purpose` says what
    the call was for where a mode makes calls of several kinds ("summary", "synthesis"); empty for the work itself.
    """

    path: str
    model: str
    text: str
    thinking: str
    calls: tuple[ToolCall, ...]
    input_tokens: int
    output_tokens: int
    started: str
    elapsed_s: float
    retry: str = ""
    tokens: TokenRecord | None = None
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Trace:
    """A run read back: its task, turns, tool calls, evidence, verdict, usage and stop reason.

    `outcome` is the answer, refusal or questions as JSON, by `kind` ("answer", "refusal", "questions" or "none").
    `removed` lists the claims that the guard took out, `error` what ended the run when an error did. `branches` are
    the parts that worked on their own, `warnings` what the run warned of.
    """

    run: str
    task: Task
    mode: str
    model: str
    turns: tuple[Turn, ...]
    evidence: tuple[Evidence, ...]
    kind: str
    outcome: JSON
    verdict: Verdict
    usage: Usage
    stop: Stop
    reason: str = ""
    removed: tuple[str, ...] = ()
    error: str = ""
    branches: tuple[Branch, ...] = ()
    warnings: tuple[Warned, ...] = ()
    format: int = field(default=FORMAT)

    def to_json(self) -> str:
        """Returns the trace as canonical JSON: equal traces are equal bytes."""
        return canonical_json(_TRACE.dump_python(self, mode="json"))

    @classmethod
    def from_json(cls, text: str | bytes) -> "Trace":
        """Returns the trace that `to_json` wrote; raises pydantic.ValidationError for anything else."""
        return _TRACE.validate_json(text)


_TRACE: TypeAdapter[Trace] = TypeAdapter(Trace)
