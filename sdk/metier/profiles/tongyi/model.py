"""Any model that takes text, as Tongyi-DeepResearch: prompts in its protocol, and its text read back strictly."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from pydantic_ai import RunContext
from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponse,
    ModelResponsePart,
    SystemPromptPart,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    UserPromptPart,
)
from pydantic_ai.models import CompletedStreamedResponse, ModelRequestParameters, StreamedResponse
from pydantic_ai.models.wrapper import WrapperModel
from pydantic_ai.settings import ModelSettings
from pydantic_ai.usage import RequestUsage

from metier.errors import ModelError
from metier.profiles.profile import FINAL, MALFORMED
from metier.profiles.tongyi.offer import Offer, make_offer
from metier.profiles.tongyi.parsing import Completion, parse
from metier.profiles.tongyi.prompt import write_system
from metier.profiles.tongyi.tags import STOPS, THINK, THINK_END
from metier.profiles.tongyi.writing import UNREAD, Turn, write_call, write_turns

SAMPLING = ModelSettings(temperature=0.85, top_p=0.95, presence_penalty=1.1, max_tokens=10_000)
"""How the makers of the weights sample; what the model or the caller sets wins."""

_NOTED = (MALFORMED, FINAL, UNREAD)
_UNUSED = ("tool_choice", "parallel_tool_calls")  # no tool is sent: what may be called is told in words
_TEXT_ONLY = ModelRequestParameters()


@dataclass(frozen=True, slots=True)
class _Ask:
    """One request as the wrapped model gets it, and what its answer may name."""

    messages: list[ModelMessage]
    settings: ModelSettings
    offer: Offer
    turn: int


class TongyiModel(WrapperModel):
    """A model of the Tongyi-DeepResearch family: text in, text out, whatever serves it.

    The wrapped model is sent texts and no tools. What it wrote comes back as thinking, text, calls and a final answer
    (`metier.profiles.profile.final_in`), what is malformed as `malformed_in` gives it. A stream is read to its end
    before the first part is given: whether a call is well-formed is known no sooner.
    """

    def prepare_messages(
        self, messages: list[ModelMessage], model_request_parameters: ModelRequestParameters | None = None
    ) -> list[ModelMessage]:
        """Returns `messages` unchanged: this profile writes the texts, and another's rewriting would break its tags."""
        return messages

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        """Returns the response, read; raises InputError for messages that are no text, and what the model raises."""
        ask = self._write(messages, model_settings, model_request_parameters)
        return read_response(await self.wrapped.request(ask.messages, ask.settings, _TEXT_ONLY), ask.offer, ask.turn)

    @asynccontextmanager
    async def request_stream(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
        run_context: RunContext[Any] | None = None,
    ) -> AsyncGenerator[StreamedResponse]:
        """Yields the response that `request` gives, as a stream of whole parts."""
        ask = self._write(messages, model_settings, model_request_parameters)
        async with self.wrapped.request_stream(ask.messages, ask.settings, _TEXT_ONLY, run_context) as stream:
            async for _ in stream:
                pass
            response = read_response(stream.get(), ask.offer, ask.turn)
        yield CompletedStreamedResponse(response, model_request_parameters=model_request_parameters, replay_events=True)

    async def count_tokens(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> RequestUsage:
        """Returns what the texts of the request come to, where the wrapped model can tell."""
        ask = self._write(messages, model_settings, model_request_parameters)
        return await self.wrapped.count_tokens(ask.messages, ask.settings, _TEXT_ONLY)

    def _write(
        self, messages: list[ModelMessage], settings: ModelSettings | None, parameters: ModelRequestParameters
    ) -> _Ask:
        offer = make_offer(parameters, settings)
        return _Ask(
            messages=_send(write_system(messages, parameters), write_turns(messages, offer)),
            settings=_sample({**(self.wrapped.settings or {}), **(settings or {})}, offer),
            offer=offer,
            turn=1 + sum(isinstance(message, ModelResponse) for message in messages),
        )


def _sample(given: dict[str, Any], offer: Offer) -> ModelSettings:
    """Returns the settings of a request: those of the makers, those that are given, and where the protocol stops."""
    kept = {name: value for name, value in given.items() if name not in _UNUSED}
    stops = [*(() if offer.is_plain else STOPS), *(given.get("stop_sequences") or ())]
    stopping = {"stop_sequences": [*dict.fromkeys(stops)]} if stops else {}
    return ModelSettings(**{**SAMPLING, **kept, **stopping})  # type: ignore[typeddict-item]


def read_response(response: ModelResponse, offer: Offer, turn: int) -> ModelResponse:
    """Returns a response of text as what it says; all that stands beside its parts is passed on.

    The ids of its calls are made of `turn` and their number. Raises ModelError for a part that is no text.
    """
    completion = parse(_text_of(response, offer), offer, is_cut=response.finish_reason == "length")
    given = {name: value for name, value in (response.provider_details or {}).items() if name not in _NOTED}
    details = {**given, **_note(completion)}
    return replace(response, parts=_parts_of(completion, turn), provider_details=details or None)


def _send(system: str, turns: Sequence[Turn]) -> list[ModelMessage]:
    """Returns the texts as messages of text only, the system message with the first that a user says."""
    sent: list[ModelMessage] = []
    for turn in turns:
        if turn.role == "user":
            sent.append(ModelRequest([UserPromptPart(_encodable(turn.text))]))
        else:
            sent.append(ModelResponse([TextPart(_encodable(turn.text))]))
    first = sent[0] if sent else None
    told = [SystemPromptPart(_encodable(system))] if system else []
    if isinstance(first, ModelRequest):
        return [replace(first, parts=[*told, *first.parts]), *sent[1:]]
    return [ModelRequest(told), *sent]


def _encodable(text: str) -> str:
    """Returns `text` with a question mark for each half of a surrogate pair, which no request can carry."""
    return text.encode("utf-8", "replace").decode()


def _text_of(response: ModelResponse, offer: Offer) -> str:
    """Returns a response as one text: servers and clients split thinking off it, and some calls too."""
    pieces: list[str] = []
    for part in response.parts:
        match part:
            case TextPart():
                pieces.append(part.content)
            case ThinkingPart():
                closing = "" if THINK_END in part.content else THINK_END  # some streams leave it, and what follows, in
                pieces.append(f"{THINK}{part.content}{closing}")
            case ToolCallPart():
                pieces.append(write_call(part, offer))
            case _:
                raise ModelError(f"The model gave what is no text: {part.part_kind}.", hint="Use another model.")
    return "".join(pieces)


def _note(completion: Completion) -> dict[str, Any]:
    """Returns what the parts of a response cannot say, as JSON."""
    noted: dict[str, Any] = {}
    if completion.malformed:
        noted[MALFORMED] = [{"kind": one.kind, "observation": one.observation} for one in completion.malformed]
    if completion.answer is not None:
        noted[FINAL] = completion.answer
    if completion.unread:
        noted[UNREAD] = list(completion.unread)
    return noted


def _parts_of(completion: Completion, turn: int) -> list[ModelResponsePart]:
    parts: list[ModelResponsePart] = [ThinkingPart(completion.thinking)] if completion.thinking else []
    parts += [TextPart(text) for text in (completion.text, completion.answer) if text]
    parts += [
        ToolCallPart(call.name, call.arguments, tool_call_id=f"call-{turn}-{at}")
        for at, call in enumerate(completion.calls)
    ]
    return parts
