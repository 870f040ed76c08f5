"""`metier run`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from metier.cli.boundary import complain
from metier.cli.context import open_console, read_options
from metier.cli.running.asking import Asking
from metier.cli.running.options import (
    MODEL,
    Approved,
    Cache,
    Limited,
    Options,
    Servers,
    environment_secrets,
    read_cache_mode,
    read_limits,
    split_names,
)
from metier.cli.running.progress import Progress
from metier.cli.running.session import Wishes, drive
from metier.limits import Limits
from metier.runtime.copilot import Copilot, Listener
from metier.runtime.effects.models import PLAYBOOK
from metier.runtime.events import Event, RunStarted

MODES = "How the run unfolds: react, iterative, heavy, resum or outline; options as in 'heavy?researchers=8'."
app = typer.Typer(add_completion=False)


@app.command()
def run(  # noqa: PLR0913 - a command has a parameter for each option
    toolkit: Annotated[str, typer.Argument(help="The toolkit, or several with commas between.")],
    text: Annotated[str, typer.Argument(help="What you want, in a sentence.")],
    model: Annotated[
        str,
        typer.Option(help=f"`playbook`, or provider:name such as openai:gpt-5. Default: {MODEL}, else the playbook."),
    ] = "",
    mode: Annotated[str, typer.Option(help=MODES)] = "react",
    profile: Annotated[str, typer.Option(help="How the model is written to: tongyi, none; default: by its name.")] = "",
    out: Annotated[Path | None, typer.Option(help="The folder for its files. Default: named after the answer.")] = None,
    limit: Limited = None,
    option: Options = None,
    server: Servers = None,
    approve: Approved = None,
    cache: Cache = "read-write",
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON, for a program.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing: replace an earlier answer's files.")] = False,
) -> None:
    """Answer a request with a toolkit. Steps go to standard error, the outcome to standard output.

    Exit 0: there is an answer. Exit 1: it was refused (with the reasons), or the run failed. Exit 2: the request or the
    set-up must be put right (a question says what is missing). Exit 130: interrupted; it can be resumed.

    A tool of a registered server that may change something asks first. Where nobody can answer, the run stops there.
    """
    names = split_names(toolkit)
    chosen = model or os.environ.get(MODEL, "").strip()
    options = read_options(option or ())
    progress = Progress(open_console(error=True))
    asking = Asking(progress, approved=approve or ())
    copilot = Copilot(
        names,
        model=chosen or PLAYBOOK,
        mode=mode,
        profile=profile,
        limits=read_limits(limit or (), Limits()),
        secrets=environment_secrets(),
        options=options,
        servers=tuple(server or ()),
        approve=asking.approve,
        ask=asking.ask,
        cache=read_cache_mode(cache),
    )
    wishes = Wishes(out, as_json=as_json, yes=yes, options=options)
    heard = _unchanged if chosen else _telling_of_the_playbook
    raise typer.Exit(drive(lambda listen: copilot.run(text, on_event=heard(listen)), names, wishes, progress))


def _unchanged(listen: Listener) -> Listener:
    return listen


def _telling_of_the_playbook(listen: Listener) -> Listener:
    def told(event: Event) -> None:
        if isinstance(event, RunStarted):
            complain("no model is named; the toolkit's playbook answers, which is a program and not a language model.")
        listen(event)

    return told
