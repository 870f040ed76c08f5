"""Request bodies for the OpenAI-compatible route, put together from parts that are written once. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic_ai.messages import ModelMessage
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.tools import ToolDefinition
from pydantic_core import to_json

from metier.canonical import JSON
from metier_sglang.model.forcing import Choice, choose_grammar, is_forced, tell
from metier_sglang.model.history.chain import show
from metier_sglang.model.history.mapping import system_of
from metier_sglang.model.history.memo import Memo
from metier_sglang.model.settings import Options
from metier_sglang.text.dialogue import Message

_RENAMED = {"max_new_tokens": "max_tokens", "sampling_seed": "seed"}
_NATIVE_ONLY = frozenset({"skip_special_tokens", "no_stop_trim"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one request wants, beside its messages."""

    model: str
    options: Options
    choice: Choice
    parameters: ModelRequestParameters
    stream: bool = False


class Bodies:
    """Writes bodies. A message is written once, a list of tools once; a turn costs what is new in it."""

    def __init__(self) -> None:
        self._written = Memo(_write_message)
        self._tools: list[tuple[list[tuple[object, ...]], bytes]] = []

    def write(self, messages: Sequence[ModelMessage], wanted: Wanted) -> bytes:
        """Returns the body; raises InputError for a history that can not be shown."""
        system = system_of(messages, wanted.parameters, tell(wanted.options.grammar))
        pieces = [to_json({"role": "system", "content": system})] if system else []
        pieces += [piece for piece in self._written.read(messages) if piece]
        head = b'{"model":' + to_json(wanted.model) + b',"messages":[' + b",".join(pieces) + b"]"
        return head + self._write_tools(wanted) + b"," + to_json(fields_of(wanted))[1:]

    def _write_tools(self, wanted: Wanted) -> bytes:
        shown = [tool for tool in _tools_of(wanted.parameters) if _is_shown(tool, wanted.choice)]
        if not shown:
            return b""
        must = wanted.choice.must_call
        key: list[tuple[object, ...]] = [
            (tool.name, tool.description, tool.parameters_json_schema, tool.strict, must) for tool in shown
        ]
        for known, written in self._tools:
            if known == key:
                return written
        written = b',"tools":' + to_json([_write_tool(tool, must_call=must) for tool in shown])
        self._tools = [(key, written), *self._tools[:7]]
        return written


def fields_of(wanted: Wanted) -> dict[str, JSON]:
    """Returns all fields of a body but the model, the messages and the tools."""
    options = wanted.options
    fields: dict[str, JSON] = {
        _RENAMED.get(name, name): value
        for name, value in options.sampling.items()
        if name not in _NATIVE_ONLY and value is not None
    }
    fields |= _grammar(wanted)
    fields |= _choice(wanted)
    fields |= _tokens(wanted)
    if wanted.parameters.thinking is not None:
        fields["chat_template_kwargs"] = {"enable_thinking": wanted.parameters.thinking is not False}
    if options.priority is not None:
        fields["priority"] = options.priority
    if options.lora:
        fields["lora_path"] = options.lora
    fields["stream"] = wanted.stream
    return fields


def _grammar(wanted: Wanted) -> dict[str, JSON]:
    """Returns the grammar of the answer; a JSON schema is the one that every such server may know."""
    options, parameters = wanted.options, wanted.parameters
    forced: dict[str, JSON] = {}
    if is_forced(wanted.choice, force_calls=options.force_calls):
        forced = {"tool_choice": "required"}
    grammar = choose_grammar(options.grammar, forced, parameters)
    schema = grammar.get("json_schema")
    if schema is None:
        return dict(grammar)
    native = None if options.grammar else parameters.output_object
    told: dict[str, JSON] = {"name": (native and native.name) or "answer", "schema": schema, "strict": True}
    if native and native.description:
        told["description"] = native.description
    return {"response_format": {"type": "json_schema", "json_schema": told}}


def _choice(wanted: Wanted) -> dict[str, JSON]:
    choice, names = wanted.choice, [tool.name for tool in _tools_of(wanted.parameters)]
    if not names:
        return {}
    fields: dict[str, JSON] = {"parallel_tool_calls": False} if wanted.options.one_call else {}
    if not choice.names:
        return {**fields, "tool_choice": "none"}
    if not choice.must_call or wanted.options.force_calls is False:
        return {**fields, "tool_choice": "auto"}
    if choice.is_explicit and len(choice.names) == 1:
        return {**fields, "tool_choice": {"type": "function", "function": {"name": next(iter(choice.names))}}}
    return {**fields, "tool_choice": "required"}


def _tokens(wanted: Wanted) -> dict[str, JSON]:
    """Returns what asks for token ids; SGLang has other names for them in a stream."""
    fields: dict[str, JSON] = {"stream_options": {"include_usage": True}} if wanted.stream else {}
    if not wanted.options.tokens:
        return fields
    if wanted.stream:
        return {**fields, "return_input_ids_in_sglext": True, "return_output_ids_in_sglext": True, "logprobs": True}
    return {**fields, "return_prompt_token_ids": True, "return_token_ids": True, "logprobs": True}


def _tools_of(parameters: ModelRequestParameters) -> list[ToolDefinition]:
    return [*parameters.declared_function_tools, *parameters.output_tools]


def _is_shown(tool: ToolDefinition, choice: Choice) -> bool:
    return not choice.names or tool.name in choice.names


def _write_tool(tool: ToolDefinition, *, must_call: bool) -> dict[str, JSON]:
    """Returns a tool; where a call is demanded it is strict, or the server's grammar would leave the arguments free."""
    function: dict[str, JSON] = {
        "name": tool.name,
        "description": tool.description or "",
        "parameters": tool.parameters_json_schema,
    }
    if tool.strict is not None or must_call:
        function["strict"] = must_call if tool.strict is None else tool.strict
    return {"type": "function", "function": function}


def _write_message(message: ModelMessage, is_first: bool) -> bytes:
    return b",".join(to_json(_plain(shown)) for shown in show(message, is_first))


def _plain(message: Message) -> dict[str, JSON]:
    match message.role:
        case "assistant":
            return _assistant(message)
        case "tool":
            return {"role": "tool", "tool_call_id": message.call_id, "content": message.content}
    if not message.images:
        return {"role": message.role, "content": message.content}
    parts: list[JSON] = [{"type": "image_url", "image_url": {"url": url}} for url in message.images]
    return {"role": message.role, "content": [*parts, {"type": "text", "text": message.content}]}


def _assistant(message: Message) -> dict[str, JSON]:
    plain: dict[str, JSON] = {"role": "assistant", "content": message.content or (None if message.calls else "")}
    if message.thinking:
        plain["reasoning_content"] = message.thinking
    if message.calls:
        plain["tool_calls"] = [
            {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
            for call in message.calls
        ]
    return plain
