"""A journal folded into a trace. Pure: the same journal gives the same bytes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pydantic import TypeAdapter
from pydantic_ai.messages import ModelResponse, TextPart, ThinkingPart, ToolCallPart

from metier.canonical import JSON, is_json
from metier.errors import JournalError
from metier.evidence import Evidence
from metier.journal import Entry
from metier.limits import Limits, Usage
from metier.runtime.effects.ledger import EVIDENCE, failure_in
from metier.runtime.effects.messages import load_response
from metier.runtime.effects.records import tokens_in
from metier.runtime.effects.tools import RECORD, TOOLS, definitions_in
from metier.task import Task
from metier.trace import Branch, Stop, ToolCall, Trace, Turn, Warned
from metier.verdict import Verdict

UNFINISHED = "The run has not ended: resume it."
WAITING = "A call waits for approval: resume the run with --approve or --deny."
NOT_MADE = "This call was not made: its arguments or the limits of the run forbade it."

BRANCH: TypeAdapter[Branch] = TypeAdapter(Branch)


@dataclass(frozen=True, slots=True)
class Header:
    """What a run begins with, as its journal keeps it."""

    run: str
    task: Task
    mode: str
    model: str
    limits: Limits
    toolkits: tuple[str, ...]
    servers: tuple[str, ...]
    metier: str
    started: str
    profile: str = ""


@dataclass(frozen=True, slots=True)
class End:
    """What a run ended with, as its journal keeps it."""

    kind: str
    outcome: JSON
    verdict: Verdict
    stop: Stop
    reason: str
    removed: tuple[str, ...]
    error: str


HEADER: TypeAdapter[Header] = TypeAdapter(Header)
END: TypeAdapter[End] = TypeAdapter(End)


def fold(header: Header, entries: Sequence[Entry], end: End | None) -> Trace:
    """Returns the trace of the run with this header, effects and end; raises JournalError for unreadable effects."""
    stop, reason = (Stop.WAITING, WAITING) if is_waiting(entries) else (Stop.CANCELLED, UNFINISHED)
    ended = end or End("none", None, Verdict(), stop, reason, (), "")
    ordered = sorted(entries, key=lambda entry: _order(entry.path))
    servers = _servers(ordered)
    tools = {entry.path: entry for entry in ordered if entry.kind == "tool"}
    models = [entry for entry in ordered if entry.kind == "model"]
    turns = tuple(_turn(entry, tools, servers) for entry in models)
    wall = max((entry.wall_s for entry in ordered), default=0.0)
    return Trace(
        run=header.run,
        task=header.task,
        mode=header.mode,
        model=header.model,
        turns=turns,
        evidence=tuple({item.id: item for entry in tools.values() for item in _evidence(entry)}.values()),
        kind=ended.kind,
        outcome=ended.outcome,
        verdict=ended.verdict,
        usage=_usage(turns, models, tools.values(), wall),
        stop=ended.stop,
        reason=ended.reason,
        removed=ended.removed,
        error=ended.error,
        branches=tuple(_branch(entry, turns, models, tools) for entry in ordered if entry.kind == "branch"),
        warnings=tuple(_warning(entry) for entry in ordered if entry.kind == "warning"),
    )


def _branch(entry: Entry, turns: Sequence[Turn], models: Sequence[Entry], tools: Mapping[str, Entry]) -> Branch:
    """Returns a part of the run; what it used is counted as for the whole, so that the parts sum up to it."""
    branch = BRANCH.validate_python(entry.output)
    own = f"{branch.name}/"
    used = _usage(
        [turn for turn in turns if turn.path.startswith(own)],
        [model for model in models if model.path.startswith(own)],
        [tool for path, tool in tools.items() if path.startswith(own)],
        branch.usage.wall_s,
    )
    return replace(branch, usage=used)


def _warning(entry: Entry) -> Warned:
    text = entry.output.get("text") if isinstance(entry.output, dict) else ""
    return Warned(entry.path, str(text))


def branch_evidence(entries: Sequence[Entry], branch: str) -> tuple[Evidence, ...]:
    """Returns what the tools returned in a part of the run that worked on its own, each piece once, oldest first."""
    own = [entry for entry in entries if entry.kind == "tool" and entry.path.startswith(f"{branch}/")]
    return tuple({item.id: item for entry in own for item in _evidence(entry)}.values())


def is_waiting(entries: Iterable[Entry]) -> bool:
    """Returns whether a call of the run waits for a person's approval."""
    paths = {entry.path for entry in entries}
    waiting = (path.removesuffix("/waiting") for path in paths if path.endswith("/waiting"))
    return any(path not in paths and f"{path}/approval" not in paths for path in waiting)


def _turn(entry: Entry, tools: Mapping[str, Entry], servers: Mapping[str, str]) -> Turn:
    output = entry.output if isinstance(entry.output, dict) else {}
    failed = failure_in(output)
    try:
        response = ModelResponse([]) if failed else load_response(output.get("response"))
    except (TypeError, ValueError) as error:
        raise JournalError(f"The journal holds no response at {entry.path}.", hint="It is damaged.") from error
    return Turn(
        path=entry.path,
        model=response.model_name or "",
        text="".join(part.content for part in response.parts if isinstance(part, TextPart)),
        thinking="".join(part.content for part in response.parts if isinstance(part, ThinkingPart)),
        calls=tuple(_calls(entry, response, tools, servers)),
        input_tokens=response.usage.input_tokens,
        output_tokens=response.usage.output_tokens,
        started=entry.started,
        elapsed_s=entry.elapsed_s,
        retry=str(entry.input.get("retry", "")) if isinstance(entry.input, dict) else "",
        tokens=tokens_in(response, entry.path),
        purpose=str(entry.input.get("purpose", "")) if isinstance(entry.input, dict) else "",
    )


def _calls(
    entry: Entry, response: ModelResponse, tools: Mapping[str, Entry], servers: Mapping[str, str]
) -> Iterable[ToolCall]:
    """Yields the tool calls of a turn, and the call that ended the run or meant to, under the server `metier`."""
    turn = entry.path.removesuffix("model")
    at = 0
    for part in response.parts:
        if not isinstance(part, ToolCallPart):
            continue
        if part.tool_name not in servers:
            yield ToolCall(
                f"{turn}end", "metier", part.tool_name, _arguments(part), "", None, (), False, entry.started, 0.0
            )
            continue
        path = f"{turn}tool/{at}-{part.tool_name}"
        at += 1
        yield _call(path, part, tools.get(path), entry, servers[part.tool_name])


def _call(path: str, part: ToolCallPart, made: Entry | None, turn: Entry, server: str) -> ToolCall:
    if made is None:
        return ToolCall(path, server, part.tool_name, _arguments(part), NOT_MADE, None, (), True, turn.started, 0.0)
    output = made.output if isinstance(made.output, dict) else {}
    failure = failure_in(output)
    return ToolCall(
        path=path,
        server=server,
        tool=part.tool_name,
        arguments=_arguments(part),
        text=failure.message if failure else str(output.get("text", "")),
        value=output.get("value"),
        evidence=tuple(item.id for item in _evidence(made)),
        is_error=failure is not None or bool(output.get("is_error")),
        started=made.started,
        elapsed_s=made.elapsed_s,
        record=None if output.get("record") is None else RECORD.validate_python(output["record"]),
    )


def _usage(turns: Sequence[Turn], models: Sequence[Entry], tools: Iterable[Entry], wall_s: float) -> Usage:
    per_tool: dict[str, int] = {}
    for entry in tools:
        name = str(entry.input.get("tool", "")) if isinstance(entry.input, dict) else ""
        per_tool[name] = per_tool.get(name, 0) + 1
    paid = [entry.output.get("money_usd", 0.0) for entry in models if isinstance(entry.output, dict)]
    paid += [call.record.cost_usd for turn in turns for call in turn.calls if call.record is not None]
    return Usage(
        model_calls=len(turns),
        tool_calls=sum(per_tool.values()),
        input_tokens=sum(turn.input_tokens for turn in turns),
        output_tokens=sum(turn.output_tokens for turn in turns),
        wall_s=wall_s,
        money_usd=sum(money for money in paid if isinstance(money, float)),
        per_tool=dict(sorted(per_tool.items())),
    )


def _servers(entries: Iterable[Entry]) -> dict[str, str]:
    listing = next((entry.output for entry in entries if entry.kind == TOOLS), None)
    return {tool.name: str((tool.metadata or {}).get("server", "")) for tool in definitions_in(listing)}


def _evidence(entry: Entry) -> tuple[Evidence, ...]:
    stated = entry.output.get("evidence") if isinstance(entry.output, dict) else None
    return EVIDENCE.validate_python(tuple(stated)) if isinstance(stated, list) else ()


def _arguments(part: ToolCallPart) -> dict[str, JSON]:
    try:
        arguments: dict[str, JSON] = part.args_as_dict()
    except (AssertionError, ValueError):
        return {"unreadable": str(part.args)}
    return arguments if is_json(arguments) else {"unreadable": str(part.args)}


def _order(path: str) -> tuple[tuple[int, int, str], ...]:
    """Returns a key that sorts `2/model` before `10/model`, and a turn's model call before its tool calls.

    The parts of a run that worked on their own come before its own turns, which read what they brought.
    """
    parts = path.replace("-", "/", 2).split("/")
    return tuple((1, int(part), "") if part.isdigit() else (0, 0, part) for part in parts)
