"""One turn: a request made of messages and settings, and a response made of a sample. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from pydantic_ai.messages import FinishReason, ModelMessage, ModelResponse
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.settings import ModelSettings
from pydantic_ai.usage import RequestUsage

from metier.canonical import JSON
from metier.errors import InputError
from metier_sglang.model.forcing import choose, choose_grammar, closing_marker, grammar_for, tell
from metier_sglang.model.history.mapping import PROVIDER, map_tools, parts_of, system_of
from metier_sglang.model.history.routing import conversation_of
from metier_sglang.model.settings import Options, constrain, read_settings
from metier_sglang.model.turns.conversation import Asked, Conversation, Prompt, details_of
from metier_sglang.model.turns.opening import Weights, check_images
from metier_sglang.model.turns.reading import Manner, Reading
from metier_sglang.parsing.format import Start
from metier_sglang.parsing.whole import add_up
from metier_sglang.protocol.generation import GenerateRequest, Generation, ServerInfo
from metier_sglang.text.dialogue import Tool

_SPARE = 8  # tokens left free at the end of the context: servers differ in whether the last one counts


@dataclass(frozen=True, slots=True)
class Opened:
    """A server that was asked who it is, and what reads and writes for its weights."""

    info: ServerInfo
    weights: Weights
    conversation: Conversation


@dataclass(frozen=True, slots=True)
class Turn:
    """One request, ready to be made, and how its response is to be read."""

    opened: Opened
    prompt: Prompt
    request: GenerateRequest
    manner: Manner
    options: Options
    parameters: ModelRequestParameters
    tools: tuple[Tool, ...]

    def read(self) -> Reading:
        """Returns what reads the response."""
        weights = self.opened.weights
        return Reading(weights.renderer.vocabulary, weights.format, self.manner)


def prepare_turn(
    opened: Opened,
    messages: Sequence[ModelMessage],
    settings: ModelSettings | None,
    parameters: ModelRequestParameters,
) -> Turn:
    """Returns the next turn; raises InputError for settings, tools or messages that can not be used."""
    options = read_settings(settings)
    tools = map_tools([*parameters.declared_function_tools, *parameters.output_tools])
    thinking = None if parameters.thinking is None else parameters.thinking is not False
    asked = Asked(messages, system_of(messages, parameters, tell(options.grammar)), tools, thinking)
    choice = choose((settings or {}).get("tool_choice"), parameters)
    forced = grammar_for(choice, opened.weights.format, tools, force_calls=options.force_calls)
    grammar = choose_grammar(options.grammar, forced, parameters)
    prompt = opened.conversation.prompt(asked)
    check_images(prompt.images, opened.info)
    request = GenerateRequest(
        rid=uuid4().hex,
        input_ids=prompt.ids,
        encoded=prompt.encoded,
        sampling=constrain(_sampling(options, opened, prompt), grammar),
        key=options.key or conversation_of(messages) or ",".join(map(str, prompt.ids[:64])),
        priority=options.priority,
        lora=options.lora,
        images=prompt.images,
        require_reasoning=bool(grammar) and _thinks_first(opened, prompt),
        deadline_s=options.deadline_s,
    )
    schemas = {tool.name: tool.parameters for tool in tools}
    start = Start(in_thinking=prompt.in_thinking, tools=choice.names, schemas=schemas)
    one_call = options.one_call or bool(forced)
    manner = Manner(start, options.stops, one_call, bool(forced), request.require_reasoning)
    return Turn(opened, prompt, request, manner, options, parameters, tools)


def answer(turn: Turn, sample: Generation) -> ModelResponse:
    """Returns the response that a whole sample is."""
    reading = turn.read()
    parsed = add_up([*reading.feed(sample.ids), *reading.finish()])
    response = ModelResponse(
        parts=parts_of(parsed, turn.request.rid),
        usage=usage_of(sample),
        model_name=turn.opened.info.served_name or "default",
        provider_name=PROVIDER,
        provider_url=sample.server,
        provider_response_id=turn.request.rid,
        finish_reason=finish_of(sample, has_calls=bool(parsed.calls)),
    )
    response.provider_details = keep(turn, sample, response, reading.notes())
    return response


def keep(turn: Turn, sample: Generation, response: ModelResponse, notes: Mapping[str, JSON]) -> dict[str, Any]:
    """Returns the provider details of `response`, whose tokens the conversation remembers from now on."""
    record = turn.opened.conversation.record(turn.prompt, turn.request.rid, sample)
    return details_of(record, turn.prompt, response, notes)


def usage_of(sample: Generation) -> RequestUsage:
    """Returns the tokens of a sample as usage."""
    return RequestUsage(
        input_tokens=sample.prompt_tokens,
        output_tokens=len(sample.ids),
        cache_read_tokens=sample.cached or 0,
    )


def finish_of(sample: Generation, *, has_calls: bool) -> FinishReason:
    """Returns why a sample ended, in pydantic-ai's words."""
    if sample.finish == "length":
        return "length"
    return "tool_call" if has_calls else "stop"


def _sampling(options: Options, opened: Opened, prompt: Prompt) -> dict[str, JSON]:
    sampling = {**opened.weights.sampling, **options.sampling}
    context = opened.info.context
    if sampling["max_new_tokens"] is None and context is not None and not prompt.images:
        sampling["max_new_tokens"] = max(context - len(prompt.ids) - _SPARE, 1)
    vocabulary = opened.weights.renderer.vocabulary
    stops = set(vocabulary.ends)
    if options.one_call:
        closing = vocabulary.id_of(closing_marker(opened.weights.format, vocabulary.markers))
        stops |= set() if closing is None else {closing}
    sampling["stop_token_ids"] = [*sorted(stops)]
    return sampling


def _thinks_first(opened: Opened, prompt: Prompt) -> bool:
    """Returns whether the grammar is to wait for the end of the thinking; raises InputError where it can not."""
    if prompt.thinking is False:
        return False
    if opened.info.reasoning_parser:
        return True
    if prompt.in_thinking:
        raise InputError(
            "These weights think first, and the server can not hold only the answer to a grammar.",
            hint="Start it with --reasoning-parser, or turn thinking off.",
        )
    return False
