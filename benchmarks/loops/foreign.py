"""The loop in Microsoft's agent-framework, run by the interpreter of an environment that has it."""

import asyncio
import json
import sys
import time

from agent_framework import Agent  # type: ignore[import-not-found]
from agent_framework.openai import OpenAIChatCompletionClient  # type: ignore[import-not-found]

SIZE, TOLD, ASKED = 1000, "Look at each place in turn, then say done.", "Look around, step by step."


def main() -> None:
    """Prints the marks of a loop, as `benchmarks.loops.running` does: name, address, folder, steps."""
    _, url, _, steps = sys.argv[1:5]
    print(json.dumps(asyncio.run(_run(url, int(steps)))))


async def _run(url: str, steps: int) -> list[float]:
    marks: list[float] = []
    words = "the road goes north along a river to a mill and a bridge; beyond it the town has {} houses and a market.\n"

    async def look(at: int) -> str:
        """Returns what is to be seen at a place."""
        marks.append(time.process_time())
        text = words.format(at)
        return (text * (SIZE // len(text) + 1))[:SIZE]

    client = OpenAIChatCompletionClient(model="fake", api_key="none", base_url=f"{url}/v1")
    client.function_invocation_configuration["max_iterations"] = steps + 2
    agent = Agent(client, TOLD, tools=[look])
    await agent.run(ASKED)
    marks.append(time.process_time())
    return marks


if __name__ == "__main__":
    main()
