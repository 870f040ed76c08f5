"""The style of Tongyi-DeepResearch: tools as text in the system prompt, results as text in user turns. Pure.

These weights were trained without a template's own tools: the signatures stand in the system message between `<tools>`
tags, calls come in `<tool_call>`, a Python tool's code in `<code>` beside an empty object, and results go back in a
user message between `<tool_response>` tags.
"""

import json
from collections.abc import Iterable, Sequence

from metier_sglang.text.dialogue import Call, Message, Tool
from metier_sglang.text.masking import Mask
from metier_sglang.text.messages import build_message, build_tools, read_arguments

PYTHON_TOOL = "PythonInterpreter"  # the one tool whose argument is not JSON

_BEFORE = (
    "# Tools\n\nYou may call one or more functions. Their signatures stand within <tools></tools> XML tags:\n<tools>\n"
)
_AFTER = (
    "\n</tools>\n\nFor each function call, return a JSON object with the function's name and arguments within "
    '<tool_call></tool_call> XML tags:\n<tool_call>\n{"name": <function-name>, "arguments": <args-json-object>}'
    "\n</tool_call>"
)
_PYTHON = (
    f"\n\nFor {PYTHON_TOOL} the arguments are an empty object, and the code follows it:\n<tool_call>\n"
    f'{{"name": "{PYTHON_TOOL}", "arguments": {{}}}}\n<code>\nCode here\n</code>\n</tool_call>'
)


def tell_tools(tools: Sequence[Tool], mask: Mask) -> str:
    """Returns the part of the system message that tells the tools, "" for none; its own tags are not masked."""
    if not tools:
        return ""
    lines = (json.dumps(tool, ensure_ascii=False) for tool in build_tools(tools, mask, extra={}))
    python = _PYTHON if any(tool.name == PYTHON_TOOL for tool in tools) else ""
    return f"{_BEFORE}{chr(10).join(lines)}{_AFTER}{python}"


def build_plain(messages: Iterable[Message], mask: Mask) -> list[dict[str, object]]:
    """Returns messages without calls and results in their shape; results in a row share one user message."""
    built: list[dict[str, object]] = []
    results: list[str] = []
    for message in messages:
        if message.role == "tool":
            results.append(f"<tool_response>\n{mask.mask(message.content)}\n</tool_response>")
            continue
        if results:
            built.append({"role": "user", "content": "\n".join(results)})
            results = []
        built.append(_build_one(message, mask))
    if results:
        built.append({"role": "user", "content": "\n".join(results)})
    return built


def add_tools(built: list[dict[str, object]], told: str) -> list[dict[str, object]]:
    """Returns the messages with `told` at the end of the system message, or as one."""
    if not told:
        return built
    if built and built[0]["role"] == "system":
        return [{"role": "system", "content": f"{built[0]['content']}\n\n{told}"}, *built[1:]]
    return [{"role": "system", "content": told}, *built]


def _build_one(message: Message, mask: Mask) -> dict[str, object]:
    if message.role != "assistant":
        return build_message(message, mask, takes_parts=False)
    thinking = [f"<think>\n{mask.mask(message.thinking)}\n</think>"] if message.thinking else []
    content = [mask.mask(message.content)] if message.content else []
    said = [*thinking, *content, *(_write_call(call, mask) for call in message.calls)]
    return {"role": "assistant", "content": "\n".join(said)}


def _write_call(call: Call, mask: Mask) -> str:
    arguments = read_arguments(call, mask)
    code = arguments.get("code") if isinstance(arguments, dict) and len(arguments) == 1 else None
    body = ""
    if call.name == PYTHON_TOOL and isinstance(code, str) and "</code>" not in code:
        arguments, body = {}, f"\n<code>\n{code}\n</code>"
    written = arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)
    name = json.dumps(mask.mask(call.name), ensure_ascii=False)
    return f'<tool_call>\n{{"name": {name}, "arguments": {written}}}{body}\n</tool_call>'
