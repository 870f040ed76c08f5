"""`metier resume`."""

from pathlib import Path
from typing import Annotated

import typer

from metier.cli.context import open_console, read_options
from metier.cli.running.asking import Asking
from metier.cli.running.options import Options, environment_secrets
from metier.cli.running.progress import Progress
from metier.cli.running.session import Wishes, drive
from metier.errors import InputError
from metier.runtime.copilot import Copilot
from metier.runtime.runs import open_header

app = typer.Typer(add_completion=False)


@app.command()
def resume(  # noqa: PLR0913 - a command has a parameter for each option
    run: Annotated[str, typer.Argument(help="The run, as `metier trace list` names it.")],
    out: Annotated[Path | None, typer.Option(help="The folder for its files. Default: named after the answer.")] = None,
    option: Options = None,
    approve: Annotated[bool, typer.Option("--approve", help="Allow the calls that the run waits with.")] = False,
    deny: Annotated[bool, typer.Option("--deny", help="Forbid the calls that the run waits with.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON, for a program.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing: replace an earlier answer's files.")] = False,
) -> None:
    """Go on with a run that was cut off, without making any finished call again.

    A run that has ended is shown again and its files are written again. Exit codes are those of `metier run`.
    """
    header = open_header(run)
    options = read_options(option or ())
    progress = Progress(open_console(error=True))
    asking = Asking(progress, verdict=_verdict(approve=approve, deny=deny))
    copilot = Copilot(
        header.toolkits,
        model=header.model,
        mode=header.mode,
        profile=header.profile,
        limits=header.limits,
        secrets=environment_secrets(),
        options=options,
        servers=header.servers,
        approve=asking.approve,
        ask=asking.ask,
    )
    wishes = Wishes(out, as_json=as_json, yes=yes, options=options)
    raise typer.Exit(drive(lambda listen: copilot.resume(run, on_event=listen), header.toolkits, wishes, progress))


def _verdict(*, approve: bool, deny: bool) -> bool | None:
    if approve and deny:
        raise InputError("A call cannot be approved and denied at once.", hint="Give --approve or --deny.")
    return True if approve else False if deny else None
