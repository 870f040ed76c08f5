"""`metier toolkits`."""

from collections.abc import Iterator, Sequence

import typer
from rich.text import Text

from metier.cli.context import one_line, open_console, plain, toolkit_settings
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
    for found, toolkit in checked:
        console.print(Text("\n".join(_lines(found, toolkit))), soft_wrap=True)


def _lines(found: Found, toolkit: Toolkit | None) -> Iterator[str]:
    yield plain(f"{found.name} {found.version}  ({found.distribution}, from {found.location})")
    if toolkit is None:
        yield plain(f"  broken: {found.error}")
        return
    yield f"  {one_line(toolkit.summary)}"
    yield from (f"  {one_line(line)}" for line in lacks(ask_needs(toolkit, toolkit_settings(toolkit.name))))


def lacks(needs: Sequence[Need]) -> Iterator[str]:
    """Yields what is missing and what to do about it, what is required first; "ready" when nothing required is."""
    if not any(need.required and not need.present for need in needs):
        yield "ready"
    for need in sorted(needs, key=lambda need: not need.required):
        if not need.present:
            fix = f": {need.fix}" if need.fix else ""
            yield f"{'needs' if need.required else 'could use'} {need.name} ({need.kind}){fix}"
