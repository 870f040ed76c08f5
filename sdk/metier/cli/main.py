"""The program `metier`.

Exit codes: 0 an answer or a finished command; 1 a run that was refused, asked back or failed, or a check-up that found
something missing; 2 something the caller must put right; 130 interrupted.
"""

import sys
from collections.abc import Mapping
from importlib.metadata import version
from io import TextIOWrapper
from typing import Annotated, ClassVar

import typer

from metier.cli.boundary import INTERRUPTED, leave_now, say_defect
from metier.cli.lazy import Entry, LazyGroup

WORK, KEEP, MAKE = "Ask", "Look after", "Build"


class Commands(LazyGroup):
    """What `metier` can be told to do."""

    entries: ClassVar[Mapping[str, Entry]] = {
        "run": Entry("metier.cli.running.run", "Answer a request with a toolkit.", WORK),
        "resume": Entry("metier.cli.running.resume", "Go on with a run that was cut off.", WORK),
        "demo": Entry("metier.cli.running.demo", "See each toolkit work, on a fictional country.", WORK),
        "trace": Entry("metier.cli.tracing.traces", "Look at runs: list, show, replay, export.", KEEP),
        "toolkits": Entry("metier.cli.toolkits", "List the installed toolkits and what they lack.", KEEP),
        "doctor": Entry("metier.cli.doctor", "Check this machine and say what to do.", KEEP),
        "gateway": Entry("metier.cli.hosting.gateway", "One MCP server in front of all registered ones.", KEEP),
        "new": Entry("metier.cli.scaffold.new", "Write a toolkit of your own.", MAKE),
        "mcp": Entry(
            "metier.cli.servers.menu", "Register tool servers, look after them, and serve a toolkit's tools.", KEEP
        ),
    }


app = typer.Typer(
    cls=Commands, add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode="rich"
)


def _tell_version(wanted: bool) -> None:
    if wanted:
        typer.echo(version("metier"))
        raise typer.Exit


@app.callback()
def metier(
    show_version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Domain agents whose answers are held against evidence."""


def main() -> None:
    """Runs the program with the arguments of this process."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a letter that the terminal cannot show ends no command
    try:
        app()
    except SystemExit as end:
        if end.code == INTERRUPTED:
            leave_now(INTERRUPTED)
        raise
    except Exception as error:  # noqa: BLE001 - the last line of defence: one line instead of a traceback
        leave_now(say_defect(error))
