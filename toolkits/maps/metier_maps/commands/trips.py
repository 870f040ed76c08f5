"""The commands about trips that are already written."""

import json
from itertools import count
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from metier.cli.context import open_console, read_options, toolkit_settings
from metier.cli.running.folder import write_delivery
from metier.cli.running.options import environment_secrets
from metier.cli.running.report import verification
from metier.cli.running.session import Wishes, drive
from metier.discovery import load_toolkit
from metier.home import write_atomically
from metier.runtime.copilot import Copilot
from metier.task import Task
from metier_maps.commands.data import NAME
from metier_maps.planning.writing.differences import list_changes
from metier_maps.rendering.document import FILENAME, decode_itinerary, delivery_of, notice_of, read_bytes, read_document
from metier_maps.server.atlas import Atlas
from metier_maps.server.trips import judge_trip

Options = Annotated[
    list[str] | None, typer.Option("--set", help="Such as router=valhalla:URL or weather=open-meteo. Repeatable.")
]

LEFT_OUT = "Forecasts and other plans in the file are not judged: they are of their own time."


def verify(
    file: Annotated[Path, typer.Argument(readable=False, help="An itinerary.json, or the folder that holds one.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON, for a program.")] = False,
    option: Options = None,
) -> None:
    """Hold a trip against the map and the router as they are now. Exit 1 when something is wrong.

    Any itinerary will do, also one that a person or a language model wrote; what it cites is not trusted.
    """
    path = file / FILENAME if file.is_dir() else file
    itinerary, _ = decode_itinerary(read_bytes(path))
    opened = Atlas(toolkit_settings(NAME, options=read_options(option or ()))).open(
        itinerary.region.id or itinerary.request.region
    )
    verdict, _ = judge_trip(itinerary, opened, afresh=True)
    if as_json:
        report = {
            "holds": not verdict.violated,
            "score": verdict.score,
            "violated": [finding.sentence() for finding in verdict.violated],
            "unknown": [finding.sentence() for finding in verdict.unknown],
            "checked": len(verdict.findings),
        }
        typer.echo(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        open_console().print(Text("\n".join([*verification(verdict), LEFT_OUT, notice_of(itinerary)])), soft_wrap=True)
    raise typer.Exit(1 if verdict.violated else 0)


def edit(
    folder: Annotated[Path, typer.Argument(help="The folder of a trip.")],
    text: Annotated[str, typer.Argument(help='Such as "drop the museum on day 2" or "start a day later".')],
    option: Options = None,
) -> None:
    """Change a trip: everything else stays as it is. The folder is written anew, and the trip as it was is kept."""
    document = read_document(folder)
    before = read_bytes(folder / FILENAME)
    trip = document.itinerary.model_dump(mode="json")
    task = Task(f"{document.task.text}\nChange: {text}", (NAME,), {"trip": trip, "edit": text})
    copilot = Copilot([NAME], secrets=environment_secrets(), options=read_options(option or ()))
    kept = next(path for n in count(1) if not (path := folder / f"itinerary.{n}.json").exists())
    write_atomically(kept, before)
    code = drive(lambda listen: copilot.run(task, on_event=listen), [NAME], Wishes(folder, yes=True))
    if code != 0:
        kept.unlink(missing_ok=True)
        raise typer.Exit(code)
    changed = list_changes(document.itinerary, read_document(folder).itinerary)
    lines = [f"Changed: {line}" for line in changed] or ["Nothing changed."]
    open_console().print(Text("\n".join([*lines, f"The trip as it was: {kept}"])), soft_wrap=True)


def export(folder: Annotated[Path, typer.Argument(help="The folder of a trip.")]) -> None:
    """Write all files of a trip again from its itinerary.json."""
    delivery = delivery_of(read_document(folder))
    written = write_delivery(load_toolkit(NAME), delivery, folder, toolkit_settings(NAME))
    open_console().print(Text(f"Files in {folder}: {', '.join(path.name for path in written)}"), soft_wrap=True)


app = typer.Typer()
for _command in (verify, edit, export):
    app.command(_command.__name__)(_command)
