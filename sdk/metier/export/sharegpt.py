"""Conversations as ShareGPT rows, in the spelling of LLaMA-Factory: human, gpt, function_call, observation. Pure."""

import json
from collections.abc import Iterator, Mapping, Sequence

from metier.canonical import JSON, canonical_json, read_back
from metier.export.record import Record, about

_FROM = {"user": "human", "tool": "observation", "system": "human", "assistant": "gpt"}


def sharegpt_rows(record: Record) -> Iterator[dict[str, JSON]]:
    """Yields a row for each conversation: `conversations`, `system`, `tools` (JSON in text), and what its run was.

    Loaders want turns that alternate: what the model was told between two of its messages is one turn, an observation
    when a tool's result is in it. Calls made at once are one function_call with a list of them. What the model thought
    stands before what it said, between <think> and </think>.
    """
    tools = canonical_json([tool["function"] for tool in record.tools])
    for conversation in record.conversations:
        turns: list[JSON] = [*_turns(conversation.messages)]
        yield {"conversations": turns, "system": conversation.system, "tools": tools, **about(record)}


def _turns(messages: Sequence[Mapping[str, JSON]]) -> Iterator[dict[str, JSON]]:
    told: list[Mapping[str, JSON]] = []
    for message in messages:
        if message["role"] != "assistant":
            told.append(message)
            continue
        if told:
            yield _told(told)
        told = []
        yield _said(message)
    if told:
        yield _told(told)


def _told(messages: Sequence[Mapping[str, JSON]]) -> dict[str, JSON]:
    speakers = {_FROM[str(message["role"])] for message in messages}
    text = "\n\n".join(str(message["content"]) for message in messages)
    return {"from": "observation" if "observation" in speakers else "human", "value": text}


def _said(message: Mapping[str, JSON]) -> dict[str, JSON]:
    thought = message.get("reasoning_content")
    before = f"<think>\n{thought}\n</think>\n\n" if thought else ""
    said, calls = str(message.get("content") or ""), message.get("tool_calls")
    if not isinstance(calls, list):
        return {"from": "gpt", "value": f"{before}{said}"}
    made: list[JSON] = [_call(call) for call in calls]
    text = f"{said}\n\n" if said else ""
    return {"from": "function_call", "value": f"{before}{text}{canonical_json(made[0] if len(made) == 1 else made)}"}


def _call(call: JSON) -> dict[str, JSON]:
    function = call["function"] if isinstance(call, dict) else None
    named = function if isinstance(function, dict) else {}
    text = str(named.get("arguments", "{}"))
    try:
        arguments = read_back(json.loads(text))  # which knows no NaN and no infinity, unlike `loads`
    except (ValueError, RecursionError):
        arguments = text  # what the model gave is no JSON; it stays as it is
    return {"name": named.get("name"), "arguments": arguments}
