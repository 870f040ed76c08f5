"""Conversations as templates take them: messages and tools in OpenAI's shape, every text in them masked. Pure.

The shapes are those that SGLang's chat route gives templates (0.5.23), so that a prompt rendered here has the same
tokens as one rendered by the server.
"""

import json
from collections.abc import Iterable, Mapping, Sequence

from metier.canonical import JSON
from metier.errors import InputError
from metier_sglang.text.dialogue import Call, Message, Tool
from metier_sglang.text.masking import Mask
from metier_sglang.text.template import Prepared

SERVER_FIELDS: Mapping[str, JSON] = {"defer_loading": None}  # what SGLang's chat route adds to each tool it renders


def merge_systems(messages: Sequence[Message]) -> list[Message]:
    """Returns the messages with all system messages as one at the head, for many templates refuse others."""
    systems = [message.content for message in messages if message.role == "system" and message.content]
    others = [message for message in messages if message.role != "system"]
    return [Message("system", "\n\n".join(systems)), *others] if systems else others


def build_message(message: Message, mask: Mask, *, takes_parts: bool) -> dict[str, object]:
    """Returns a message as a template takes it; raises InputError for an image where the weights take none."""
    built: dict[str, object] = {"role": message.role, "content": mask.mask(message.content)}
    if message.images:
        if not takes_parts:
            raise InputError("These weights take no images.", hint="Leave the images out, or serve weights that do.")
        text = [{"type": "text", "text": built["content"]}] if message.content else []
        built["content"] = [*({"type": "image"} for _ in message.images), *text]
    if message.thinking:
        built["reasoning_content"] = mask.mask(message.thinking)
    if message.calls:
        built["tool_calls"] = [build_call(call, mask) for call in message.calls]
    if message.role == "tool":
        built |= {"tool_call_id": mask.mask(message.call_id)} if message.call_id else {}
        built |= {"name": mask.mask(message.name)} if message.name else {}
    return built


def build_tools(tools: Iterable[Tool], mask: Mask, *, extra: Mapping[str, JSON] = SERVER_FIELDS) -> list[Prepared]:
    """Returns the tools as a template takes them, with `extra` fields beside `type` and `function`."""
    return [Prepared({"type": "function", "function": _build_function(tool, mask), **extra}) for tool in tools]


def mask_tree(value: JSON, mask: Mask) -> JSON:
    """Returns a JSON value with the texts and the keys in it masked; raises RecursionError for a very deep one.

    Words inside a schema (`type`, `string`) are told apart by templates, so none is masked as a part of a marker.
    """
    if isinstance(value, str):
        return mask.mask(value, whole=False)
    if isinstance(value, list):
        return [mask_tree(item, mask) for item in value]
    if isinstance(value, Mapping):
        return {mask.mask(key, whole=False): mask_tree(item, mask) for key, item in value.items()}
    return value


def read_arguments(call: Call, mask: Mask) -> JSON:
    """Returns the arguments as a masked object; what is no JSON object stays text, as the model wrote it, masked."""
    try:
        value = json.loads(call.arguments or "{}")
        if isinstance(value, dict):
            return mask_tree(value, mask)
    except (ValueError, RecursionError):
        pass
    return mask.mask(call.arguments)


def _build_function(tool: Tool, mask: Mask) -> Prepared:
    try:
        parameters = mask_tree(dict(tool.parameters), mask)
    except RecursionError as error:
        raise InputError(
            f"The schema of the tool {tool.name!r} is too deep.", hint="Simplify its parameters."
        ) from error
    return Prepared(
        {"name": mask.mask(tool.name), "description": mask.mask(tool.description), "parameters": parameters}
    )


def build_call(call: Call, mask: Mask, *, arguments: JSON = None) -> dict[str, object]:
    """Returns a call as a template takes it; `arguments`, where given, replace the call's own, as they are."""
    written = read_arguments(call, mask) if arguments is None else arguments
    function = {"name": mask.mask(call.name), "arguments": written}
    return {"id": mask.mask(call.id) or None, "index": None, "type": "function", "function": function}
