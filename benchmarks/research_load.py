"""A hundred research runs at once in one process, against a model server in another: who finishes when, and memory.

The server is scripted and answers each request as its prompt asks: so many look-ups, then the answer. The bare loop is
pydantic-ai's agent with the same tool as a function, on the same server and with the same model class; a run of metier
besides calls the tool over MCP, journals every step on the disk and holds the answer against a check. Throughput is
told in runs a second. Memory is this process's resident set after so many runs.
"""

import asyncio
import re
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from subprocess import PIPE, Popen
from tempfile import TemporaryDirectory

from pydantic_ai import Agent
from pydantic_ai.usage import UsageLimits

from benchmarks.loops.serving import CONTEXT, call, write_folder
from benchmarks.researching import FACTS, fact_text
from benchmarks.sglang_streams import MIB, resident
from benchmarks.timing import print_table
from metier import Copilot
from metier_sglang import CompatibleModel
from metier_sglang.fake.flags import Flags
from metier_sglang.fake.server import FakeServer

RUNS = 100
STEPS = 6
MODES = ("react", "react", "react", "iterative")
ASKED = "What is known of the numbers?"
_CALLED = re.compile(r'"name": "look_up", "arguments"')
_EVIDENCE = re.compile(r"\bev-[0-9a-f]{16}\b")


def main() -> None:
    """Prints when runs finish and what they cost, and the memory after more and more of them."""
    with TemporaryDirectory() as place:
        folder = Path(place)
        write_folder(folder, [fact_text(at) for at in range(20)])
        with _serve(folder) as url:
            asyncio.run(_measure(url, folder))


async def _measure(url: str, folder: Path) -> None:
    rows = [await _time_all("bare pydantic-ai", partial(_run_bare, url))]
    memory: list[list[str]] = []
    for at, mode in enumerate(MODES):
        rows.append(await _time_all(f"metier, {mode}", partial(_run_metier, url, folder / str(at), mode)))
        memory.append([f"{RUNS * (at + 1)}", f"{resident() / MIB:.0f} MiB"])
    columns = ["loop", "first ends", "median", "last ends", "last / median", "runs a second", "CPU a run"]
    print_table(f"{RUNS} runs at once of {STEPS} look-ups and an answer", columns, rows)
    print_table("Memory of the process", ["runs so far", "resident"], memory)


async def _time_all(name: str, start: Callable[[int], Awaitable[None]]) -> list[str]:
    """Returns the row of a loop: when its runs, all begun at once, had ended, and what they cost this process."""
    begun, begun_cpu = time.perf_counter(), time.process_time()

    async def one(number: int) -> float:
        await start(number)
        return time.perf_counter() - begun

    ends = sorted(await asyncio.gather(*(one(number) for number in range(RUNS))))
    cpu_ms = (time.process_time() - begun_cpu) / RUNS * 1000
    middle = statistics.median(ends)
    times = [f"{seconds:.2f} s" for seconds in (ends[0], middle, ends[-1])]
    return [name, *times, f"{ends[-1] / middle:.2f}", f"{RUNS / ends[-1]:.1f}", f"{cpu_ms:.0f} ms"]


async def _run_metier(url: str, home: Path, mode: str, number: int) -> None:
    model = CompatibleModel(f"{url}/v1", "fake")
    result = await Copilot([FACTS], model=model, mode=mode, home=home).run(ASKED, run_id=str(number))
    if result.answer is None or result.trace.usage.tool_calls != STEPS:
        raise SystemExit(f"A measured run went wrong: {result.trace.error or result.trace.reason}")


async def _run_bare(url: str, run: int) -> None:
    async def look_up(number: int) -> str:
        """Returns the fact about a number."""
        looked.append(number)
        return fact_text(number)

    looked: list[int] = []
    agent = Agent(CompatibleModel(f"{url}/v1", "fake"), instructions="Answer with facts.", tools=[look_up])
    await agent.run(ASKED, usage_limits=UsageLimits(request_limit=None))
    if len(looked) != STEPS:
        raise SystemExit(f"A bare run made {len(looked)} look-ups.")


def reply(prompt: str) -> str:
    """Returns what the model says to a prompt: the next look-up, or the answer after the last.

    In a prompt that does not grow it goes on from the number that it looked up last.
    """
    made = max([len(_CALLED.findall(prompt)), *map(int, re.findall(r"Looked up (\d+)", prompt))], default=0)
    if made < STEPS:
        return f"<report>Looked up {made + 1}</report>\n{call('look_up', {'number': made + 1})}"
    if "give_answer" not in prompt:
        return "done"
    evidence = _EVIDENCE.findall(prompt)[-1]
    return call("give_answer", {"sentences": ["The numbers are known."], "evidence": [evidence]})


@contextmanager
def _serve(folder: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "benchmarks.research_load", str(folder)]
    with Popen(command, stdin=PIPE, stdout=PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.communicate()


def _serve_until_closed(folder: Path) -> None:
    flags = Flags(context=CONTEXT, max_running=RUNS)
    with FakeServer(folder, reply, flags=flags) as server:
        print(server.url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _serve_until_closed(Path(sys.argv[1]))
    else:
        main()
