"""A run as rows are made from it: its trace, the tools that the model was offered, its conversations. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from metier.canonical import JSON
from metier.export.chat import chat_messages
from metier.journal import Entry
from metier.runtime.effects.ledger import failure_in, pace_in
from metier.runtime.effects.model import OUTCOMES
from metier.runtime.effects.notes import text_of
from metier.runtime.effects.tools import TOOLS, definitions_in
from metier.runtime.fold import End, Header, fold
from metier.trace import Trace, Turn
from metier.verdict import Outcome, Verdict

_WORTH = {Outcome.HOLDS: 1.0, Outcome.UNKNOWN: 0.5, Outcome.VIOLATED: 0.0}


@dataclass(frozen=True, slots=True)
class Conversation:
    """What a model was shown and what it said, oldest first, in the message shape of OpenAI's chat API.

    `system` is what it was instructed. `turns` are the model calls of this run by the place of what they answered in
    `messages`; an assistant's message without one was in the history that the conversation began with.
    """

    system: str
    messages: tuple[Mapping[str, JSON], ...]
    turns: Mapping[int, Turn]


@dataclass(frozen=True, slots=True)
class Record:
    """A finished run. `tools` are function definitions as OpenAI's chat API has them, outcomes included."""

    header: Header
    trace: Trace
    tools: tuple[Mapping[str, JSON], ...]
    conversations: tuple[Conversation, ...]


def record_of(header: Header, entries: Sequence[Entry], end: End | None) -> Record:
    """Returns the run with this header, effects and end; raises JournalError for unreadable effects."""
    trace = fold(header, entries, end)
    turns = {turn.path: turn for turn in trace.turns}
    return Record(header, trace, tuple(_tools(entries)), tuple(_conversations(entries, turns)))


def about(record: Record) -> dict[str, JSON]:
    """Returns what every row says of its run, whatever its format.

    `reward` is the verdict's score where the run gave an answer, and 0 where it gave none; `checks` is the share of
    each check's findings that hold (unknown counts half).
    """
    trace, task = record.trace, record.trace.task
    policy = {span.version: None for turn in trace.turns if turn.tokens for span in turn.tokens.spans}
    return {
        "run": trace.run,
        "task": {
            "id": task.id,
            "text": task.text,
            "toolkits": [*task.toolkits],
            "constraints": None if task.constraints is None else dict(task.constraints),
            "gold": None if task.gold is None else dict(task.gold),
        },
        "mode": trace.mode,
        "model": trace.model,
        "policy": [*policy],
        "stop": trace.stop.value,
        "outcome": trace.kind,
        "reward": reward_of(trace),
        "checks": dict(shares_of(trace.verdict)),
        "turns": len(trace.turns),
        "tool_calls": trace.usage.tool_calls,
        "evidence": [item.id for item in trace.evidence],
    }


def reward_of(trace: Trace) -> float:
    """Returns the score of the answer, from 0 to 1; 0 for a run that gave none."""
    return trace.verdict.score if trace.kind == "answer" else 0.0


def shares_of(verdict: Verdict) -> Mapping[str, float]:
    """Returns, by check, the share of its findings that hold; an unknown one counts half."""
    worths: dict[str, list[float]] = {}
    for finding in verdict.findings:
        worths.setdefault(finding.rule, []).append(_WORTH[finding.outcome])
    return {rule: sum(worth) / len(worth) for rule, worth in sorted(worths.items())}


def _tools(entries: Sequence[Entry]) -> Iterable[Mapping[str, JSON]]:
    listing = next((entry.output for entry in entries if entry.kind == TOOLS), None)
    for tool in definitions_in(listing):
        yield _function(tool.name, tool.description or "", tool.parameters_json_schema)
    outputs = (entry.output for entry in entries if isinstance(entry.output, dict))
    outcomes = next((output[OUTCOMES] for output in outputs if OUTCOMES in output), None)
    for tool in definitions_in({"tools": outcomes}):
        yield _function(tool.name, tool.description or "", tool.parameters_json_schema)


def _function(name: str, description: str, schema: Mapping[str, JSON]) -> Mapping[str, JSON]:
    return {"type": "function", "function": {"name": name, "description": description, "parameters": dict(schema)}}


@dataclass(slots=True)
class _Open:
    """A conversation in the making: the journaled messages that its newest call was made with, and what was told."""

    system: str
    shown: list[JSON]
    replies: dict[int, Entry] = field(default_factory=dict)
    notes: dict[int, str] = field(default_factory=dict)

    def goes_on_in(self, system: str, shown: list[JSON]) -> bool:
        return system == self.system and len(shown) > len(self.shown) and shown[: len(self.shown)] == self.shown


def _conversations(entries: Sequence[Entry], turns: Mapping[str, Turn]) -> Iterable[Conversation]:
    conversations: list[_Open] = []
    for entry in entries:
        if entry.kind != "model" or failure_in(entry.output) is not None or entry.path not in turns:
            continue
        given = entry.input if isinstance(entry.input, dict) else {}
        shown, system = given.get("messages"), str(given.get("instructions") or "")
        messages = shown if isinstance(shown, list) else []
        found = next((one for one in reversed(conversations) if one.goes_on_in(system, messages)), None)
        if found is None:
            found = _Open(system, messages)
            conversations.append(found)
        found.shown = messages
        found.replies[len(messages)] = entry
        note = text_of(pace_in(entry.output))
        if note and note not in found.notes.values():
            found.notes[len(messages) - 1] = note
    for one in conversations:
        yield _closed(one, turns)


def _closed(open_one: _Open, turns: Mapping[str, Turn]) -> Conversation:
    last = max(open_one.replies)
    messages: list[Mapping[str, JSON]] = []
    placed: dict[int, Turn] = {}
    for at, shown in enumerate([*open_one.shown, _response(open_one.replies[last])]):
        if at in open_one.replies:
            placed[len(messages)] = turns[open_one.replies[at].path]
        messages += chat_messages(shown)
        if at in open_one.notes:
            messages.append({"role": "user", "content": open_one.notes[at]})
    return Conversation(open_one.system, tuple(messages), placed)


def _response(entry: Entry) -> JSON:
    return entry.output.get("response") if isinstance(entry.output, dict) else None
