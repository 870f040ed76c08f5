"""A transport in memory: the tiny model's tokenizer, and replies from a function."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from metier.tokens import Span
from metier_sglang.protocol.generation import Chunk, GenerateRequest, Generation, ServerInfo
from metier_sglang.text.vocabulary import Vocabulary

END = "<|im_end|>"
# A chat template of weights that see.
SEEING = """{%- for message in messages %}<|im_start|>{{ message.role }}
{% if message.content is string %}{{ message.content }}{% else %}{% for part in message.content %}
{{- 'image' if part.type != 'text' else part.text }}{% endfor %}{% endif %}<|im_end|>
{% endfor %}<|im_start|>assistant
"""


@dataclass
class MemoryTransport:
    """Answers each request with what `reply` makes of the marked prompt; remembers what it was asked."""

    folder: Path
    reply: Callable[[str], str]
    info_changes: dict[str, object] = field(default_factory=dict)
    asked: list[GenerateRequest] = field(default_factory=list)
    aborted: int = 0
    closed: int = 0
    step: int = 3
    finish: str = "stop"

    def __post_init__(self) -> None:
        self.vocabulary = Vocabulary.read(self.folder)

    def prompt(self, at: int = -1) -> str:
        """Returns the marked text of a prompt that it was given."""
        return self.vocabulary.decode(self.asked[at].input_ids)

    async def generate(self, request: GenerateRequest) -> Generation:
        ids = self._sample(request)
        return Generation(
            ids=ids,
            logprobs=tuple(-0.5 for _ in ids),
            finish=self.finish,
            prompt_tokens=len(request.input_ids),
            cached=len(request.input_ids) // 2,
            server="memory",
            spans=(Span("v1", 0, len(ids)),),
        )

    @asynccontextmanager
    async def stream(self, request: GenerateRequest) -> AsyncIterator[AsyncIterator[Chunk]]:
        chunks = self._chunks(request)
        try:
            yield chunks
        finally:
            await chunks.aclose()

    async def info(self) -> ServerInfo:
        said: dict[str, object] = {
            "model": "tiny",
            "served_name": "tiny",
            "tokenizer": str(self.folder),
            "context": 32768,
            "tool_parser": "qwen",
            "reasoning_parser": "qwen3",
            "version": "0.5.23",
            "weight_version": "v1",
        }
        return ServerInfo(**{**said, **self.info_changes})  # type: ignore[arg-type]

    async def close(self) -> None:
        self.closed += 1

    def _sample(self, request: GenerateRequest) -> tuple[int, ...]:
        self.asked.append(request)
        assert request.encoded == ",".join(map(str, request.input_ids))
        said = self.reply(self.vocabulary.decode(request.input_ids))
        return tuple(self.vocabulary.encode(said + (END if self.finish == "stop" else "")))

    async def _chunks(self, request: GenerateRequest):  # type: ignore[no-untyped-def]
        ids = self._sample(request)
        done = False
        try:
            for at in range(0, len(ids), self.step):
                piece = ids[at : at + self.step]
                done = at + self.step >= len(ids)
                yield Chunk(
                    ids=piece,
                    logprobs=tuple(-0.5 for _ in piece),
                    finish=self.finish if done else "",
                    prompt_tokens=len(request.input_ids),
                    cached=0,
                    version="v1",
                    server="memory",
                )
        finally:
            self.aborted += not done
