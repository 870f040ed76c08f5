"""The command that prints tasks with known answers."""

import json
import sys
from typing import Annotated

import typer

from metier_research.world.tasks import make_tasks


def tasks(
    seed: Annotated[
        int, typer.Option(min=0, help="Which fictional country: that of `metier research sample` is 1.")
    ] = 1,
    count: Annotated[int, typer.Option(min=1, max=100_000, help="How many tasks.")] = 10,
) -> None:
    """Print tasks with known answers, a line of JSON each: text, gold answer, gold pages, proof."""
    for task in make_tasks(seed, count):
        line = {"id": task.id, "text": task.text, "toolkits": list(task.toolkits), "gold": task.gold}
        sys.stdout.write(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n")


app = typer.Typer()
app.command("tasks")(tasks)
