"""`metier sglang bench`."""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Annotated

import typer
from rich.table import Table

from metier.cli.bar import show_bar
from metier.cli.context import open_console
from metier.clock import SystemClock
from metier.errors import InputError
from metier_sglang.serving.commands.server import Key, Url, ask
from metier_sglang.serving.measure.bench import ask_alphabet, count_turns, measure
from metier_sglang.serving.measure.timing import Level
from metier_sglang.serving.measure.workload import Workload, fit_workload
from metier_sglang.transport.fleet import Fleet

MOST = 4096

app = typer.Typer(add_completion=False)


@app.command()
def bench(  # noqa: PLR0913 - a command has a parameter for each option
    url: Url,
    levels: Annotated[str, typer.Option("--concurrency", help="Runs at a time, with commas between.")] = "1,4,16",
    runs: Annotated[int, typer.Option(help="Runs of each level, or as many as it has at a time.")] = 4,
    turns: Annotated[int, typer.Option(help="Turns of a run.")] = 4,
    first: Annotated[int, typer.Option(help="Tokens of the first prompt.")] = 1000,
    added: Annotated[int, typer.Option(help="Tokens that a tool's result adds each turn.")] = 300,
    sampled: Annotated[int, typer.Option(help="Tokens sampled each turn.")] = 64,
    seed: Annotated[int | None, typer.Option(help="The same prompts again. Default: new ones, in no cache.")] = None,
    key: Key = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for a program.")] = False,
) -> None:
    """Measure a server with runs of an agent: a long prompt, then turns that each add a result and sample.

    Each level is played twice: with a history that only grows, so that the prefix cache has it, and with one whose
    front changes each turn. Ctrl-C aborts what runs on the server.
    """
    concurrency = read_levels(levels)
    start = SystemClock().now().microsecond if seed is None else seed
    workload = Workload(runs=runs, turns=turns, first=first, added=added, sampled=sampled, seed=start)
    results = ask(url, lambda fleet: _measure(fleet, workload, concurrency), key=key)
    console = open_console()
    if as_json:
        console.print(json.dumps([asdict(level) for level in results], indent=2), soft_wrap=True)
    else:
        console.print(_table(results))


def read_levels(text: str) -> tuple[int, ...]:
    """Returns the levels of concurrency in `text`, such as "1,4,16"; raises InputError for anything else."""
    try:
        levels = tuple(int(part) for part in text.split(","))
    except ValueError:
        levels = ()
    if not levels or min(levels) < 1 or max(levels) > MOST:
        raise InputError(f"{text[:40]!r} are no levels of concurrency.", hint="Give numbers from 1 on: 1,4,16.")
    return levels


async def _measure(fleet: Fleet, workload: Workload, levels: Sequence[int]) -> list[Level]:
    info = await fleet.info()
    workload = replace(fit_workload(workload, info.context), alphabet=await ask_alphabet(fleet))
    total, made = count_turns(workload, levels), 0
    with show_bar() as tell:

        def done() -> None:
            nonlocal made
            made += 1
            tell(f"turn {made} of {total}", made / total)

        return await measure(fleet, workload, levels, clock=SystemClock(), done=done)


def _table(levels: Sequence[Level]) -> Table:
    table = Table(box=None, pad_edge=False, show_edge=False)
    for name in ("runs", "history", "in tok/s", "out tok/s", "first ms p50", "p95", "next ms p50", "p95", "cached"):
        table.add_column(name, justify="left" if name == "history" else "right")
    for level in levels:
        times = (level.first_p50_ms, level.first_p95_ms, level.gap_p50_ms, level.gap_p95_ms)
        table.add_row(
            str(level.concurrency),
            "grows" if level.append_only else "changes",
            f"{level.input_rate:.0f}",
            f"{level.output_rate:.1f}",
            *(f"{time:.1f}" for time in times),
            "?" if level.cached is None else f"{level.cached:.0%}",
        )
    return table
