"""Runs as episodes of verifiers (0.4, trace version 1): a graph of messages with their token ids. Pure.

A file of these rows named `traces.jsonl` is what verifiers' own reader loads. A path from a root to a leaf is a branch,
and a branch is a training sample: where a prompt does not go on from the whole sequence before it, a new root begins.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from metier.canonical import JSON
from metier.export.record import Conversation, Record, about, reward_of, shares_of
from metier.tokens import TokenRecord, sequence_of
from metier.trace import Stop, Turn

VERSION = "0.4.0"


def verifiers_rows(record: Record) -> Iterator[dict[str, JSON]]:
    """Yields one row, the run as an episode of one agent."""
    trace, said = record.trace, about(record)
    task: JSON = {"type": "metier", "data": _task(record), "key": trace.task.id, "hash": trace.task.id}
    is_ok = trace.stop not in (Stop.ERROR, Stop.CANCELLED)
    graph = _Graph({turn.tokens.rid: turn.tokens for turn in trace.turns if turn.tokens is not None})
    tools: list[JSON] = [_tool(tool) for tool in record.tools]
    for conversation in record.conversations:
        graph.add(conversation, tools)
    whole: JSON = {
        "version": 1,
        "id": trace.run,
        "verifiers": {"version": VERSION},
        "task": task,
        "agent": {"config": {}, "name": "metier", "trainable": True},
        "tools": tools,
        "nodes": graph.nodes,
        "calls": graph.calls,
        "rewards": {"score": {"score": reward_of(trace), "weight": 1.0}},
        "metrics": dict(shares_of(trace.verdict)),
        "info": {"metier": said},
        "is_completed": True,
        "ok": is_ok,
        "stop_condition": trace.stop.value,
        "errors": [{"type": "MetierError", "message": trace.error}] if trace.error else [],
    }
    yield {"id": trace.run, "env": {"id": "metier"}, "task": task, "ok": is_ok, "traces": [whole]}


def _task(record: Record) -> dict[str, JSON]:
    task = record.trace.task
    return {
        "id": task.id,
        "prompt": task.text,
        "toolkits": [*task.toolkits],
        "constraints": None if task.constraints is None else dict(task.constraints),
        "gold": None if task.gold is None else dict(task.gold),
    }


def _tool(tool: Mapping[str, JSON]) -> dict[str, JSON]:
    function = tool["function"]
    return {"type": "function", **(function if isinstance(function, dict) else {})}


@dataclass(slots=True)
class _Graph:
    """The nodes and model calls of a trace in the making."""

    records: Mapping[str, TokenRecord]
    nodes: list[JSON] = field(default_factory=list)
    calls: list[JSON] = field(default_factory=list)

    def add(self, conversation: Conversation, tools: list[JSON]) -> None:
        """Adds the messages of a conversation, once for each of its token sequences."""
        told: list[Mapping[str, JSON]] = [{"role": "system", "content": conversation.system}]
        told = [*(told if conversation.system else []), *conversation.messages]
        shift = len(told) - len(conversation.messages)
        parent: int | None = None
        before = ""
        for at, message in enumerate(told):
            turn = conversation.turns.get(at - shift)
            if turn is None:
                parent = self._node(message, parent, tools)
                continue
            tokens = turn.tokens
            if tokens is not None and before and not self._goes_on(tokens, before):
                parent = None
                for earlier in told[:at]:
                    parent = self._node(earlier, parent, tools)
                before = ""
            parent = self._sampled(message, parent, turn, before)
            before = tokens.rid if tokens is not None else before

    def _goes_on(self, tokens: TokenRecord, before: str) -> bool:
        known = self.records.get(before)
        return known is not None and tokens.after == before and tokens.kept == known.prompt + len(known.sampled)

    def _node(self, message: Mapping[str, JSON], parent: int | None, tools: list[JSON]) -> int:
        node: dict[str, JSON] = {"parent": parent, "message": _message(message), "sampled": False}
        if parent is None:
            node["tools"] = tools
        self.nodes.append(node)
        return len(self.nodes) - 1

    def _sampled(self, message: Mapping[str, JSON], parent: int | None, turn: Turn, before: str) -> int:
        tokens, at = turn.tokens, len(self.nodes)
        node: dict[str, JSON] = {"parent": parent, "message": _message(message), "sampled": True}
        node["timestamp"] = _seconds(turn.started) + turn.elapsed_s
        if tokens is not None:
            whole = sequence_of(tokens.rid, self.records).ids
            sent = tokens.added if before else whole[: len(whole) - len(tokens.sampled)]
            node["token_ids"] = [*sent, *tokens.sampled]
            node["mask"] = [*[False] * len(sent), *[True] * len(tokens.sampled)]
            known = tokens.logprobs and all(math.isfinite(number) for number in tokens.logprobs)
            node["logprobs"] = [*tokens.logprobs] if known else []
        self.nodes.append(node)
        self.calls.append(_model_call(at, turn))
        return at


def _model_call(node: int, turn: Turn) -> dict[str, JSON]:
    cached = None if turn.tokens is None else turn.tokens.cached
    started = _seconds(turn.started)
    return {
        "node": node,
        "model": turn.model,
        "finish_reason": "length" if turn.tokens is not None and turn.tokens.finish == "length" else "stop",
        "usage": {
            "prompt_tokens": max(turn.input_tokens - (cached or 0), 0),
            "completion_tokens": turn.output_tokens,
            "cached_input_tokens": cached,
        },
        "time": {"start": started, "end": started + turn.elapsed_s},
    }


def _message(message: Mapping[str, JSON]) -> dict[str, JSON]:
    calls = message.get("tool_calls")
    if not isinstance(calls, list):
        return dict(message)
    flat: list[JSON] = [
        {"id": call["id"], "type": "function", **call["function"]}
        for call in calls
        if isinstance(call, dict) and isinstance(call["function"], dict)
    ]
    return {**message, "tool_calls": flat}


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp() if moment else 0.0
