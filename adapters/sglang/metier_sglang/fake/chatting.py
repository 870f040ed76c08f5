"""The chat route's request as a dialogue and sampling parameters. Pure."""

from collections.abc import Mapping
from typing import Any

from metier.canonical import canonical_json
from metier_sglang.fake.service import RefusedError
from metier_sglang.text.dialogue import Call, Dialogue, Message, Tool

_SAME = (
    "temperature", "top_p", "top_k", "min_p", "stop", "stop_token_ids", "ignore_eos", "no_stop_trim", "logit_bias",
    "skip_special_tokens", "regex", "ebnf", "presence_penalty", "frequency_penalty", "repetition_penalty",
)  # fmt: skip


def read_dialogue(body: Mapping[str, Any]) -> Dialogue:
    """Returns the messages and tools of a chat request; raises RefusedError for none and for unknown roles."""
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        raise RefusedError("Messages cannot be empty.")
    tools = [] if body.get("tool_choice") == "none" else body.get("tools") or []
    thinking = (body.get("chat_template_kwargs") or {}).get("enable_thinking")
    return Dialogue(
        tuple(_read_message(message) for message in messages),
        tuple(_read_tool(tool["function"]) for tool in tools),
        None if thinking is None else bool(thinking),
    )


def read_sampling(body: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the sampling parameters of a chat request; without a limit on its tokens the context is the limit."""
    sampling = {name: body[name] for name in _SAME if body.get(name) is not None}
    sampling["max_new_tokens"] = body.get("max_completion_tokens") or body.get("max_tokens")
    wanted = body.get("response_format") or {}
    if wanted.get("type") == "json_schema":
        sampling["json_schema"] = canonical_json((wanted.get("json_schema") or {}).get("schema") or {})
    elif wanted.get("type") == "json_object":
        sampling["json_schema"] = '{"type":"object"}'
    return sampling


def _read_message(message: Mapping[str, Any]) -> Message:
    role = message.get("role")
    if role not in {"system", "developer", "user", "assistant", "tool"}:
        raise RefusedError(f"'role' must be one of 'system', 'developer', 'user', 'assistant', 'tool', not {role!r}.")
    calls = [call["function"] | {"id": call.get("id") or ""} for call in message.get("tool_calls") or []]
    content = message.get("content")
    return Message(
        role="system" if role == "developer" else role,
        content=_text_of(content),
        thinking=message.get("reasoning_content") or "",
        calls=tuple(Call(call["name"], call.get("arguments") or "{}", call["id"]) for call in calls),
        name=message.get("name") or "",
        call_id=message.get("tool_call_id") or "",
        images=_images_of(content),
    )


def _read_tool(function: Mapping[str, Any]) -> Tool:
    return Tool(function["name"], function.get("description") or "", function.get("parameters") or {})


def _text_of(content: Any) -> str:
    if isinstance(content, list):
        return "".join(part.get("text", "") for part in content if part.get("type") == "text")
    return content or ""


def _images_of(content: Any) -> tuple[str, ...]:
    if not isinstance(content, list):
        return ()
    return tuple(part["image_url"]["url"] for part in content if part.get("type") == "image_url")
