"""`metier trace export`: runs as data for training."""

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from metier.cli.bar import show_bar
from metier.cli.context import count, one_line, open_console
from metier.export.exporting import Wish, export_runs
from metier.export.formats import FORMATS, find_format
from metier.runtime.runs import list_runs
from metier.trace import Stop

Runs = Annotated[list[str] | None, typer.Argument(help="The runs; every one that is kept when none is named.")]
Form = Annotated[str, typer.Option("--format", help=f"One of {', '.join(FORMATS)}.")]
Out = Annotated[Path, typer.Option("--out", help="The file to write. Its card is written beside it.")]


def export_them(
    runs: Runs = None,
    *,
    form: Form,
    out: Out,
    parquet: Annotated[bool, typer.Option("--parquet", help="Write Parquet instead of JSON lines.")] = False,
    stop: Annotated[list[Stop] | None, typer.Option("--stop", help="Only runs that ended so; may be repeated.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Write runs as data for training, with a card that says what is in the file.

    Runs that cannot be used are named and left out; exit 2 when none is left.
    """
    wish = Wish(find_format(form), out, parquet=parquet, force=force, stops=tuple(stop or ()))
    named = [*dict.fromkeys(runs)] if runs else [line.run for line in reversed(list_runs())]
    with show_bar() as tell:
        exported = export_runs(named, wish, tell=tell)
    for run, why in exported.skipped:
        open_console(error=True).print(Text(f"left out: {one_line(run)} {why}"), soft_wrap=True)
    card, runs_in = exported.card, len(named) - len(exported.skipped)
    told = f"{out}: {count(int(str(card['rows'])), 'row')} of {count(runs_in, 'run')}"
    lacking = f", {len(exported.skipped)} left out" if exported.skipped else ""
    open_console().print(Text(f"{told}{lacking}. See {out}.card.md"), soft_wrap=True)
