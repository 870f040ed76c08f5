"""`metier toolkits`."""

from collections.abc import Sequence

import typer
from rich.table import Table
from rich.text import Text

from metier.cli.context import open_console, plain, toolkit_settings
from metier.discovery import Found, ask_needs, check_toolkits
from metier.toolkit import Need, Toolkit

app = typer.Typer(add_completion=False)


@app.command()
def toolkits() -> None:
    """List the installed toolkits: version, where from, what is missing for each. A broken one says why."""
    console = open_console()
    checked = check_toolkits()
    if not checked:
        console.print("No toolkit is installed. Try: pip install metier-maps")
        return
    table = Table("Toolkit", "Version", "From", "State", box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for found, toolkit in checked:
        table.add_row(Text(found.name), Text(found.version), Text(_place(found)), Text(_state(found, toolkit)))
    console.print(table)


def state_of(needs: Sequence[Need]) -> str:
    """Returns what is missing, with what to do about it, or that the toolkit is ready."""
    lines = [
        f"{'needs' if need.required else 'could use'} {need.kind} {need.name}{f': {need.fix}' if need.fix else ''}"
        for need in sorted(needs, key=lambda need: not need.required)
        if not need.present
    ]
    ready = "" if any(need.required and not need.present for need in needs) else "ready"
    return plain("\n".join([ready, *lines] if ready else lines))


def _state(found: Found, toolkit: Toolkit | None) -> str:
    if toolkit is None:
        return plain(f"broken: {found.error}")
    return state_of(ask_needs(toolkit, toolkit_settings(toolkit.name)))


def _place(found: Found) -> str:
    return plain(f"{found.distribution}\n{found.location}")
