"""What a step of a run costs, against the same steps in a bare pydantic-ai loop with function tools.

Both loops talk to a model that answers at once. metier's step also goes through an MCP server in this process, is
written to the journal before it is used (one fsync a call), becomes evidence, and ends under a check.
"""

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import anyio
from pydantic_ai import Agent
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart, ToolCallPart
from pydantic_ai.models.function import AgentInfo, FunctionModel
from pydantic_ai.usage import UsageLimits

from benchmarks.timing import print_table, time_in_turn
from metier import Answer, Citation, Claim, Copilot, Limits, Toolkit
from metier.answer import Adopted
from metier.check import CITED
from metier.testing import ScriptedModel, Seen, call, serve_tools
from metier.toolkit import Finish

STEPS = (10, 50, 100)


class Sum(Answer):
    """The answer of the measured toolkit."""

    result: int
    citations: tuple[Citation, ...] = ()

    def claims(self) -> Iterable[Claim]:
        """Returns nothing to cite: the measure is of the loop."""
        return ()


def add(a: int, b: int) -> Sum:
    """Adds two numbers."""
    return Sum(result=a + b)


ADDING = Toolkit(
    name="adding",
    summary="Adds.",
    instructions="Add.",
    server=lambda settings: serve_tools("adding", add),
    answer=Sum,
    checks=(CITED,),
)


def main() -> None:
    """Prints milliseconds per step and their ratio, by the number of steps in a run."""
    rows = []
    for steps in STEPS:
        bare, ours = time_in_turn([lambda n=steps: _run_bare(n), lambda n=steps: _run_metier(n)], rounds=5)
        cost = [f"{seconds / steps * 1000:.2f} ms" for seconds in (bare, ours)]
        rows.append([str(steps), *cost, f"{ours / bare:.2f}"])
    print_table("A step of a run", ["steps", "bare pydantic-ai", "metier", "ratio"], rows)


def _run_bare(steps: int) -> None:
    def answer(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        at = len(messages) // 2
        if at < steps:
            return ModelResponse([ToolCallPart("add", {"a": at, "b": 1}, tool_call_id=f"c{at}")])
        return ModelResponse([TextPart("done")])

    agent = Agent(FunctionModel(answer), tools=[add])

    async def go() -> None:
        await agent.run("Add.", usage_limits=UsageLimits(request_limit=None))

    anyio.run(go)


def _run_metier(steps: int) -> None:
    def adopt(seen: Seen) -> Finish:
        return Finish(Adopted(evidence=seen.evidence[-1].id))

    with TemporaryDirectory() as folder:
        model = ScriptedModel([*(call("add", a=at, b=1) for at in range(steps)), adopt])
        limits = Limits(model_calls=None, tool_calls=None)
        result = Copilot([ADDING], model=model, limits=limits, home=Path(folder)).run_sync("Add.")
        if result.answer is None:
            raise SystemExit(f"The measured run gave no answer: {result.trace.error or result.trace.reason}")


if __name__ == "__main__":
    main()
