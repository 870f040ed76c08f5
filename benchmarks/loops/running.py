"""One loop, measured: in this process, or started as one of its own."""

import asyncio
import itertools
import json
import statistics
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from subprocess import run
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.loops import models, plain
from benchmarks.loops.plain import Marks
from benchmarks.loops.serving import call, serve

ENDS: Final = 8  # steps at the beginning and at the end that are looked at by themselves
Loop = Callable[[str, Path, int, Marks], Awaitable[None]]

LOOPS: Final[Mapping[str, Loop]] = {
    "raw httpx": lambda url, folder, steps, marks: plain.loop_httpx(url, steps, marks),
    "raw httpx, token ids": plain.loop_tokens,
    "openai client": lambda url, folder, steps, marks: plain.loop_openai(url, steps, marks),
    "pydantic-ai's OpenAI model alone": lambda url, folder, steps, marks: models.loop_model(
        models.openai_model(url), steps, marks
    ),
    "SglangModel alone": lambda url, folder, steps, marks: models.loop_model(
        models.native_model(url, folder), steps, marks
    ),
    "CompatibleModel alone": lambda url, folder, steps, marks: models.loop_model(
        models.compatible_model(url), steps, marks
    ),
    "pydantic-ai, OpenAI model": lambda url, folder, steps, marks: models.loop_agent(
        models.openai_model(url), steps, marks
    ),
    "pydantic-ai, OpenAI model, request transform skipped": lambda url, folder, steps, marks: models.loop_agent(
        models.skipping_model(url), steps, marks
    ),
    "pydantic-ai, SglangModel": lambda url, folder, steps, marks: models.loop_agent(
        models.native_model(url, folder), steps, marks
    ),
    "pydantic-ai, CompatibleModel": lambda url, folder, steps, marks: models.loop_agent(
        models.compatible_model(url), steps, marks
    ),
    "metier react, SglangModel": lambda url, folder, steps, marks: models.loop_metier(
        models.native_model(url, folder), steps, marks
    ),
    "metier react, CompatibleModel": lambda url, folder, steps, marks: models.loop_metier(
        models.compatible_model(url), steps, marks
    ),
}
FRAMEWORKS: Final = ("pydantic-ai, OpenAI model", "agent-framework")


@dataclass(frozen=True, slots=True)
class Cost:
    """Processor milliseconds of a step: the median of all, of the first and of the last ones.

    Medians leave out what a run does once, at its beginning and at its end.
    """

    median_ms: float
    first_ms: float
    last_ms: float


def measure(name: str, steps: int, folder: Path, *, python: str = sys.executable) -> Cost:
    """Returns what a step of the loop costs, in a process of its own and with a server of its own.

    `python` is the interpreter of another environment, for a framework that lives in one.
    """
    with TemporaryDirectory() as place:
        script = Path(place) / "script.json"
        script.write_text(json.dumps(script_of(name, steps)))
        with serve(folder, str(script)) as url:
            module = "benchmarks.loops.foreign" if name == "agent-framework" else "benchmarks.loops.running"
            command = [python, "-m", module, name, url, str(folder), str(steps)]
            done = run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"The loop {name!r} failed:\n{done.stderr[-2000:]}")
    return cost_of(json.loads(done.stdout.splitlines()[-1]), steps)


def script_of(name: str, steps: int) -> list[str]:
    """Returns what the model says: a call at each step, then the answer."""
    answer = call("give_answer", {"said": "done", "citations": []}) if name.startswith("metier") else "done"
    return [*(call(plain.TOOL, {"at": at}) for at in range(steps)), answer]


def cost_of(at_s: list[float], steps: int) -> Cost:
    """Returns the cost that the marks tell; raises SystemExit where steps are missing."""
    if len(at_s) != steps + 1:
        raise SystemExit(f"A loop of {steps} steps made {len(at_s) - 1}.")
    taken = [(end - start) * 1000 for start, end in itertools.pairwise(at_s)]
    return Cost(statistics.median(taken), statistics.median(taken[:ENDS]), statistics.median(taken[-ENDS:]))


def main() -> None:
    """Runs the loop that the arguments name and prints its marks: name, address, folder, steps."""
    name, url, folder, steps = sys.argv[1:5]
    marks = Marks()
    asyncio.run(_go(LOOPS[name], url, Path(folder), int(steps), marks))
    print(json.dumps(marks.at_s))


async def _go(loop: Loop, url: str, folder: Path, steps: int, marks: Marks) -> None:
    await loop(url, folder, steps, marks)


if __name__ == "__main__":
    main()
