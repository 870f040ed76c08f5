"""How long a heavy run takes when some of its researchers do not come back, against its slowest healthy one.

Eight researchers of a model that takes its time: two are killed by an error, one never answers again, either from its
first call on or from the middle of its work. Wall time covers all, the synthesis too. The model is scripted.
"""

import asyncio
import time
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart, ToolCallPart
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.settings import ModelSettings

from benchmarks.researching import FACTS, record_fact
from benchmarks.timing import print_table
from metier import Copilot, Limits
from metier.errors import ServerError
from metier.testing import OfflineModel

RESEARCHERS = 8
ROUNDS = 20
SYNTHESIS = 0.2  # the temperature of the synthesis, by which it is told apart


@dataclass
class Slow(OfflineModel):
    """Researchers told apart by their temperature: the coldest two are killed, the third falls silent."""

    silent_from: int
    pause_s: float = 0.3
    rounds: dict[float, int] = field(default_factory=dict)
    ended_s: dict[float, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__("slow")

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        """Returns a look-up for so many rounds, then the answer; each researcher at a pace of its own."""
        heat = (model_settings or {}).get("temperature", 0.0)
        place = len([other for other in self.rounds if other < heat])
        if heat == SYNTHESIS:
            await asyncio.sleep(self.pause_s)
            return _answer(1)
        at = self.rounds[heat] = self.rounds.get(heat, 0) + 1
        await asyncio.sleep(self.pause_s * (1 + 0.05 * place))
        coldest = sorted(self.rounds)
        if heat in coldest[:2] and at == 3:
            raise ServerError("It was killed.")
        if heat == coldest[2] and at == self.silent_from:
            await asyncio.Event().wait()
        if at < ROUNDS:
            number = at if at > 1 else 1
            return ModelResponse(
                [TextPart(f"<report>{at}</report>"), ToolCallPart("look_up", {"number": number}, tool_call_id="c")],
                model_name="slow",
            )
        self.ended_s[heat] = time.perf_counter()
        return _answer(1)


def _answer(number: int) -> ModelResponse:
    fact = {"sentences": [f"Fact {number} is known."], "evidence": [record_fact(number).id]}
    return ModelResponse([ToolCallPart("give_answer", fact, tool_call_id="end")], model_name="slow")


def main() -> None:
    """Prints wall time, that of the slowest healthy researcher, and their ratio."""
    rows = []
    for name, silent_from in (("from its first call", 1), ("from the middle", ROUNDS // 2), ("none hung", 0)):
        wall_s, slowest_s, stops = _measure(silent_from)
        rows.append([name, f"{slowest_s:.2f} s", f"{wall_s:.2f} s", f"{wall_s / slowest_s:.2f}", stops])
    columns = ["one hung", "slowest healthy", "whole run", "ratio", "researchers"]
    print_table(f"{RESEARCHERS} researchers of {ROUNDS} rounds, two killed", columns, rows)


def _measure(silent_from: int) -> tuple[float, float, str]:
    model = Slow(silent_from)
    with TemporaryDirectory() as folder:
        limits = Limits(model_calls=None, tool_calls=None, wall_s=None)
        copilot = Copilot(
            [FACTS], model=model, mode=f"heavy?researchers={RESEARCHERS}", limits=limits, home=Path(folder)
        )
        begun = time.perf_counter()
        result = copilot.run_sync("What is known?")
        wall_s = time.perf_counter() - begun
    if result.answer is None:
        raise SystemExit(f"The measured run gave no answer: {result.trace.error or result.trace.reason}")
    stops = [branch.stop for branch in result.trace.branches]
    counted = ", ".join(f"{stops.count(stop)} {stop}" for stop in dict.fromkeys(stops))
    return wall_s, max(model.ended_s.values()) - begun, counted


if __name__ == "__main__":
    main()
