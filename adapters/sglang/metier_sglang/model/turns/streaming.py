"""A response as it comes, over the native route."""

from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pydantic_ai.messages import ModelResponseStreamEvent
from pydantic_ai.models import StreamedResponse

from metier.canonical import JSON
from metier.tokens import Span
from metier_sglang.model.history.mapping import PROVIDER, call_id, spoil
from metier_sglang.model.turns.turn import Turn, finish_of, keep, usage_of
from metier_sglang.parsing.events import ArgumentsDelta, CallStart, Event, Malformed, TextDelta, ThinkingDelta
from metier_sglang.protocol.generation import Chunk, Generation


@dataclass
class StreamedSample(StreamedResponse):
    """Thinking, text and tool calls in pieces; at the end the same parts and details as a whole response has.

    Left before its end, it keeps the tokens it has, as a sample that was aborted.
    """

    turn: Turn
    chunks: AsyncIterator[Chunk]
    _gathered: "Gathered" = field(init=False, default_factory=lambda: Gathered())
    _arguments: dict[int, list[str]] = field(init=False, default_factory=dict)
    _notes: dict[str, JSON] = field(init=False, default_factory=dict)
    _started: datetime = field(init=False, default_factory=lambda: datetime.now(UTC))

    @property
    def model_name(self) -> str:
        """Returns the name that the server gives its model."""
        return self.turn.opened.info.served_name or "default"

    @property
    def provider_name(self) -> str:
        """Returns the provider."""
        return PROVIDER

    @property
    def provider_url(self) -> str | None:
        """Returns the server that answers, None until it said something."""
        return self._gathered.server or None

    @property
    def timestamp(self) -> datetime:
        """Returns when the response began."""
        return self._started

    async def close_stream(self) -> None:
        """Stops reading; the request is aborted when the context of the stream is left."""
        self._settle()

    async def _get_event_iterator(self) -> AsyncIterator[ModelResponseStreamEvent]:
        reading = self.turn.read()
        self.provider_response_id = self.turn.request.rid
        try:
            async for chunk in self.chunks:
                if self.cancelled:
                    return
                self._gathered.take(chunk)
                for event in self._emit(reading.feed(chunk.ids)):
                    yield event
            for event in self._emit(reading.finish()):
                yield event
        finally:
            self._notes = reading.notes()
            self._settle()

    def _settle(self) -> None:
        sample = self._gathered.sample()
        self._usage = usage_of(sample)
        if sample.finish in ("stop", "length"):
            self.finish_reason = finish_of(sample, has_calls=bool(self._arguments))
        self.provider_details = keep(self.turn, sample, self.get(), self._notes)

    def _emit(self, events: Iterable[Event]) -> Iterator[ModelResponseStreamEvent]:
        for event in events:
            yield from self._emit_one(event)

    def _emit_one(self, event: Event) -> Iterator[ModelResponseStreamEvent]:
        parts = self._parts_manager
        match event:
            case ThinkingDelta(text):
                yield from parts.handle_thinking_delta(vendor_part_id="thinking", content=text, provider_name=PROVIDER)
            case TextDelta(text):
                yield from parts.handle_text_delta(vendor_part_id="text", content=text)
            case CallStart(at, name):
                self._arguments[at] = []
                rid = call_id(self.turn.request.rid, at)
                yield from parts.handle_tool_call_delta_events(vendor_part_id=at, tool_name=name, tool_call_id=rid)
            case ArgumentsDelta(at, text):
                self._arguments[at].append(text)
                yield from parts.handle_tool_call_delta_events(vendor_part_id=at, args=text)
            case Malformed(reason, _, int(at)):
                if more := spoil("".join(self._arguments[at]), reason):
                    yield from parts.handle_tool_call_delta_events(vendor_part_id=at, args=more)


@dataclass
class Gathered:
    """The chunks of a stream, added up."""

    ids: list[int] = field(default_factory=list)
    logprobs: list[float] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    finish: str = ""
    server: str = ""
    prompt_tokens: int = 0
    cached: int | None = None

    def take(self, chunk: Chunk) -> None:
        """Adds what is new in `chunk`."""
        start = len(self.ids)
        self.ids += chunk.ids
        self.logprobs += chunk.logprobs
        self.finish = chunk.finish or self.finish
        self.server = chunk.server or self.server
        self.prompt_tokens = chunk.prompt_tokens or self.prompt_tokens
        self.cached = self.cached if chunk.cached is None else chunk.cached
        if chunk.version and chunk.ids:
            last = self.spans.pop() if self.spans and self.spans[-1].version == chunk.version else None
            self.spans.append(Span(chunk.version, last.start if last else start, len(self.ids)))

    def sample(self) -> Generation:
        """Returns the sample so far; its finish is "abort" where the stream did not end."""
        return Generation(
            ids=tuple(self.ids),
            logprobs=tuple(self.logprobs) if len(self.logprobs) == len(self.ids) else (),
            finish=self.finish or "abort",
            prompt_tokens=self.prompt_tokens,
            cached=self.cached,
            server=self.server,
            spans=tuple(self.spans),
        )
