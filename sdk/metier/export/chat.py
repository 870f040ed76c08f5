"""Journaled messages in the message shape of OpenAI's chat API. Pure."""

from collections.abc import Iterator, Mapping

from metier.canonical import JSON, canonical_json


def chat_messages(message: JSON) -> Iterator[dict[str, JSON]]:
    """Yields what a journaled message is for a chat API: one message for a response, one for each part of a request.

    A part of a kind that chat APIs do not have is told as the user's, in JSON.
    """
    kind, parts = _parts_of(message)
    if kind == "response":
        yield _assistant(parts)
        return
    for part in parts:
        yield _told(part)


def _assistant(parts: list[Mapping[str, JSON]]) -> dict[str, JSON]:
    said = {kind: "".join(_text(part) for part in parts if part.get("part_kind") == kind) for kind in _SPOKEN}
    calls: list[JSON] = [_call(part) for part in parts if part.get("part_kind") == "tool-call"]
    spoken: dict[str, JSON] = {"role": "assistant", "content": said["text"]}
    if said["thinking"]:
        spoken["reasoning_content"] = said["thinking"]
    if calls:
        spoken["tool_calls"] = calls
    return spoken


_SPOKEN = ("text", "thinking")


def _call(part: Mapping[str, JSON]) -> dict[str, JSON]:
    arguments = part.get("args")
    text = arguments if isinstance(arguments, str) else canonical_json({} if arguments is None else arguments)
    name, call = str(part.get("tool_name", "")), str(part.get("tool_call_id", ""))
    return {"id": call, "type": "function", "function": {"name": name, "arguments": text}}


def _told(part: Mapping[str, JSON]) -> dict[str, JSON]:
    match part:
        case {"part_kind": "system-prompt"}:
            return {"role": "system", "content": _text(part)}
        case {"tool_call_id": str(call), "tool_name": str(name)}:
            return {"role": "tool", "content": _text(part), "name": name, "tool_call_id": call}
        case {"content": _}:
            return {"role": "user", "content": _text(part)}
    return {"role": "user", "content": canonical_json(dict(part))}


def _text(part: Mapping[str, JSON]) -> str:
    match part.get("content"):
        case str(text):
            return text
        case [*items] if all(isinstance(item, str) for item in items):
            return "\n".join(str(item) for item in items)
        case content:
            return "" if content is None else canonical_json(content)


def _parts_of(message: JSON) -> tuple[JSON, list[Mapping[str, JSON]]]:
    plain = message if isinstance(message, dict) else {}
    parts = plain.get("parts")
    return plain.get("kind"), [part for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []
