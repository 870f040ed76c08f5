"""An answer as it comes, over the OpenAI-compatible route."""

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pydantic_ai.messages import ModelResponseStreamEvent
from pydantic_ai.models import StreamedResponse

from metier.canonical import JSON
from metier_sglang.model.compatible.answers import (
    THINKING,
    Tokens,
    arguments_in,
    calls_in,
    choice_of,
    finish_in,
    object_in,
    text_in,
    usage_in,
)
from metier_sglang.model.compatible.exchange import PROVIDER, Exchange


@dataclass
class StreamedAnswer(StreamedResponse):
    """Thinking, text and tool calls in pieces, as the server's own parsers find them."""

    exchange: Exchange
    chunks: AsyncIterator[dict[str, JSON]]
    _tokens: Tokens = field(init=False, default_factory=Tokens)
    _finish: str = field(init=False, default="")
    _served: str = field(init=False, default="")
    _named: set[int] = field(init=False, default_factory=set)  # the calls whose names have come
    _early: dict[int, str] = field(init=False, default_factory=dict)  # arguments that came before them
    _started: datetime = field(init=False, default_factory=lambda: datetime.now(UTC))

    @property
    def model_name(self) -> str:
        """Returns the name that the server gives its model."""
        return self._served or self.exchange.wanted.model

    @property
    def provider_name(self) -> str:
        """Returns the provider."""
        return PROVIDER

    @property
    def provider_url(self) -> str:
        """Returns the server's address."""
        return self.exchange.url

    @property
    def timestamp(self) -> datetime:
        """Returns when the answer began."""
        return self._started

    async def close_stream(self) -> None:
        """Stops reading; the connection is closed when the context of the stream is left."""

    async def _get_event_iterator(self) -> AsyncIterator[ModelResponseStreamEvent]:
        async for chunk in self.chunks:
            if self.cancelled:
                return
            for event in self._take(chunk):
                yield event
        rid = self.exchange.lineage.name(self.provider_response_id or "", self.exchange.earlier)
        self.provider_response_id = rid
        self.provider_details = self.exchange.details(self._tokens, rid, self._finish)

    def _take(self, chunk: Mapping[str, JSON]) -> Iterator[ModelResponseStreamEvent]:
        self._served = text_in(chunk, "model") or self._served
        self.provider_response_id = text_in(chunk, "id") or self.provider_response_id
        if chunk.get("usage"):
            self._usage = usage_in(chunk)
        choice = choice_of(chunk)
        self._tokens.take(chunk, choice)
        self._finish = text_in(choice, "finish_reason") or self._finish
        self.finish_reason = finish_in(choice) or self.finish_reason
        yield from self._emit(object_in(choice, "delta"))

    def _emit(self, delta: Mapping[str, JSON]) -> Iterator[ModelResponseStreamEvent]:
        parts = self._parts_manager
        if thinking := text_in(delta, "reasoning_content", "reasoning"):
            yield from parts.handle_thinking_delta(vendor_part_id="thinking", content=thinking)
        if text := text_in(delta, "content"):
            yield from parts.handle_text_delta(vendor_part_id="text", content=text, thinking_tags=THINKING)
        for at, call in enumerate(calls_in(delta)):
            function, index = object_in(call, "function"), call.get("index")
            place = index if isinstance(index, int) else at
            name, arguments = text_in(function, "name"), arguments_in(function)
            if not name and place not in self._named:  # pydantic-ai can not end a stream with a call without a name
                self._early[place] = self._early.get(place, "") + arguments
                continue
            self._named.add(place)
            yield from parts.handle_tool_call_delta_events(
                vendor_part_id=place,
                tool_name=name or None,
                args=self._early.pop(place, "") + arguments or None,
                tool_call_id=text_in(call, "id") or None,
            )
