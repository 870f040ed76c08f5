"""`metier resume`."""

from pathlib import Path
from typing import Annotated

import typer

from metier.cli.context import read_options
from metier.cli.running.options import environment_secrets
from metier.cli.running.session import Wishes, drive
from metier.errors import InputError
from metier.runtime.copilot import Copilot
from metier.runtime.runs import open_header

app = typer.Typer(add_completion=False)


@app.command()
def resume(
    run: Annotated[str, typer.Argument(help="The run, as `metier trace list` names it.")],
    out: Annotated[Path | None, typer.Option(help="The folder for its files. Default: named after the answer.")] = None,
    option: Annotated[
        list[str] | None, typer.Option("--set", help="An option of the toolkit, NAME=VALUE. Repeatable.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON, for a program.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing: replace an earlier answer's files.")] = False,
) -> None:
    """Go on with a run that was cut off, without making any finished call again.

    A run that has ended is shown again and its files are written again. Exit codes are those of `metier run`.
    """
    header = open_header(run)
    if header.servers:
        raise InputError(
            f"The run {run!r} used further tool servers ({', '.join(header.servers)}).",
            hint="Resume it from Python, where the servers can be given.",
        )
    options = read_options(option or ())
    copilot = Copilot(
        header.toolkits,
        model=header.model,
        mode=header.mode,
        limits=header.limits,
        secrets=environment_secrets(),
        options=options,
    )
    wishes = Wishes(out, as_json=as_json, yes=yes, options=options)
    raise typer.Exit(drive(lambda listen: copilot.resume(run, on_event=listen), header.toolkits, wishes))
