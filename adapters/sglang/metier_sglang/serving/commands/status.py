"""`metier sglang status`."""

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table

from metier.cli.context import Harmless, count, open_console
from metier_sglang.serving.commands.server import Key, Url, ask
from metier_sglang.serving.measure.status import Status, ask_status

app = typer.Typer(add_completion=False)


@app.command()
def status(
    url: Url,
    key: Key = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for a program.")] = False,
) -> None:
    """Show a server's model, context, parsers, weights, requests and prefix cache; of a router, its workers."""
    found = ask(url, ask_status, key=key)
    console = open_console()
    if as_json:
        console.print(json.dumps(asdict(found), indent=2), soft_wrap=True)
    elif found.is_router:
        console.print(f"{found.url} is a router with {count(len(found.workers), 'worker')}.")
        for worker in found.workers:
            console.print(Harmless(_table(worker)))
    else:
        console.print(Harmless(_table(found)))


def _table(found: Status) -> Table:
    table = Table(show_header=False, box=None, pad_edge=False)
    for name, value in _rows(found):
        table.add_row(name, value)
    return table


def _rows(found: Status) -> list[tuple[str, str]]:
    if found.fault:
        return [("server", found.url), ("", found.fault)]
    ratio, usage = found.hit_ratio, found.token_usage
    return [
        ("server", found.url),
        ("model", found.model if found.model == found.served_name else f"{found.model}, as {found.served_name}"),
        ("SGLang", found.version or "?"),
        ("context", "?" if found.context is None else f"{found.context} tokens"),
        ("parsers", f"tools {found.tool_parser or 'none'}, thinking {found.reasoning_parser or 'none'}"),
        ("weights", found.weight_version or "?"),
        (
            "requests",
            f"{_number(found.running)} running, {_number(found.queued)} queued, {_number(found.max_running)} at most",
        ),
        ("cache", f"{'?' if ratio is None else f'{ratio:.0%}'} of prompt tokens found in it, {_share(usage)} full"),
        ("adapters", ", ".join(found.adapters) or "none"),
    ]


def _number(value: int | None) -> str:
    return "?" if value is None else str(value)


def _share(value: float | None) -> str:
    return "?" if value is None else f"{value:.0%}"
