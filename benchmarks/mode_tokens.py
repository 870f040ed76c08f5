"""Tokens that a mode sends, against the number of rounds: what is sent anew, and what a prefix cache could have spared.

A scripted model looks up one fact a round and writes a report (or, when asked, a summary) of a stated size; every
observation has a stated size too. Nothing is measured of a real model: tokens are those of metier's own estimate
(`metier.modes.window`), over all that a prompt holds: instructions, tools, messages.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mcp.server import MCPServer
from mcp.types import ToolAnnotations
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart, ToolCallPart
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.settings import ModelSettings

from benchmarks.step_cost import Sum
from benchmarks.timing import print_table
from metier import Copilot, Limits, Toolkit
from metier.answer import Refusal
from metier.canonical import canonical_json
from metier.check import CITED
from metier.modes.window import estimate_tokens, text_of_part
from metier.testing import OfflineModel
from metier.toolkit import Settings

ROUNDS = (10, 50, 100, 300)
MODES = ("react", "resum", "iterative")
OBSERVED = 4_000  # characters that a tool gives; framed, with its evidence, about 1,900 tokens
WRITTEN = 6_000  # characters of a report or a summary: about 1,900 tokens
MANY = Limits(model_calls=None, tool_calls=None, wall_s=None)


@dataclass(slots=True)
class Sent:
    """What a run has sent: prompts, their tokens, the tokens of parts sent before, and those of common beginnings."""

    calls: int = 0
    tokens: int = 0
    again: int = 0
    cached: int = 0
    most: int = 0


class Counting(OfflineModel):
    """A model that looks a fact up each round, then refuses; counts what it is sent."""

    def __init__(self, rounds: int) -> None:
        super().__init__("counting")
        self.sent = Sent()
        self._rounds = rounds
        self._looked = 0
        self._before: list[str] = []
        self._known: set[str] = set()
        self._sizes: dict[str, int] = {}

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        """Returns the next look-up, or a summary where it is asked for one."""
        self._count(pieces_of(messages, model_request_parameters))
        if not model_request_parameters.output_tools:
            return ModelResponse([TextPart(f"<summary>{written(self._looked)}</summary>")])
        if self._looked == self._rounds:
            ending = Refusal(reasons=("Enough.",)).model_dump(mode="json")
            return ModelResponse([ToolCallPart("refuse_task", ending, tool_call_id="end")])
        self._looked += 1
        report = TextPart(f"<report>{written(self._looked)}</report>" if self._writes(messages) else "I look.")
        call = ToolCallPart("look_up", {"number": self._looked}, tool_call_id=f"c{self._looked}")
        return ModelResponse([report, call], model_name=self.model_name)

    def _writes(self, messages: Sequence[ModelMessage]) -> bool:
        return "Your report so far" in text_of_part(messages[0].parts[0])

    def _count(self, pieces: list[str]) -> None:
        sizes = [self._size(piece) for piece in pieces]
        common = next(
            (at for at, (old, new) in enumerate(zip(self._before, pieces, strict=False)) if old != new),
            min(len(self._before), len(pieces)),
        )
        self.sent.calls += 1
        self.sent.tokens += sum(sizes)
        self.sent.again += sum(size for piece, size in zip(pieces, sizes, strict=True) if piece in self._known)
        self.sent.cached += sum(sizes[:common])
        self.sent.most = max(self.sent.most, sum(sizes))
        self._before = pieces
        self._known.update(pieces)

    def _size(self, piece: str) -> int:
        if piece not in self._sizes:
            self._sizes[piece] = estimate_tokens(piece)
        return self._sizes[piece]


def pieces_of(messages: Sequence[ModelMessage], parameters: ModelRequestParameters) -> list[str]:
    """Returns a prompt in the order of its tokens: tools, instructions, then the parts of the messages by paragraph."""
    tools = [*parameters.function_tools, *parameters.output_tools]
    pieces = [f"{tool.name} {tool.description} {canonical_json(tool.parameters_json_schema)}" for tool in tools]
    pieces.append(str(getattr(messages[-1], "instructions", "") or ""))
    for message in messages:
        for part in message.parts:
            pieces += text_of_part(part).split("\n\n")
    return pieces


def written(number: int) -> str:
    """Returns a report or summary after so many look-ups, in which what is newest stands last."""
    return f"Up to {number} it is known. ".ljust(WRITTEN, "r")


def make_server(settings: Settings) -> MCPServer[None]:
    """Returns a server that gives an observation of the stated size about every number."""
    server: MCPServer[None] = MCPServer("facts", log_level="WARNING")

    @server.tool(annotations=ToolAnnotations(read_only_hint=True))
    def look_up(number: int) -> str:
        """The fact about a number."""
        return f"Fact {number}: ".ljust(OBSERVED, "f")

    return server


FACTS = Toolkit(
    name="facts", summary="Facts.", instructions="Look facts up.", server=make_server, answer=Sum, checks=(CITED,)
)


def measure(mode: str, rounds: int) -> Sent:
    """Returns what a run of so many rounds in a mode sends."""
    model = Counting(rounds)
    with tempfile.TemporaryDirectory() as folder:
        result = Copilot([FACTS], model=model, mode=mode, limits=MANY, home=Path(folder)).run_sync("What is known?")
        if result.refusal is None:
            raise SystemExit(f"The measured run did not end as scripted: {result.trace.error or result.trace.reason}")
    return model.sent


def main() -> None:
    """Prints tokens sent by mode and rounds, their ratio to react, and the share that a prefix cache would spare."""
    rows = []
    for rounds in ROUNDS:
        whole = 0
        for mode in MODES:
            sent = measure(mode, rounds)
            whole = whole or sent.tokens
            rows.append(
                [
                    f"{rounds} {mode}",
                    str(sent.calls),
                    f"{sent.tokens:,}",
                    f"{sent.tokens / whole:.2f}",
                    f"{sent.most:,}",
                    f"{sent.again / sent.tokens:.0%}",
                    f"{sent.cached / sent.tokens:.0%}",
                    f"{sent.tokens - sent.cached:,}",
                ]
            )
    columns = ["rounds, mode", "calls", "sent", "to react", "largest", "re-sent", "prefix hits", "not in the prefix"]
    print_table("Tokens of prompts (estimated, scripted model)", columns, rows)


if __name__ == "__main__":
    main()
