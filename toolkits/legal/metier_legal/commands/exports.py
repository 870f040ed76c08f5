"""The command that writes the files of a memo again."""

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from metier.cli.context import open_console, toolkit_settings
from metier.cli.running.folder import write_delivery
from metier.discovery import load_toolkit
from metier_legal.rendering.document import delivery_of, read_document

NAME = "legal"


def export(folder: Annotated[Path, typer.Argument(help="The folder of a memo.")]) -> None:
    """Write all files of a memo again from its memo.json. The table of authorities is worked out from the evidence."""
    delivery = delivery_of(read_document(folder))
    written = write_delivery(load_toolkit(NAME), delivery, folder, toolkit_settings(NAME))
    open_console().print(Text(f"Files in {folder}: {', '.join(path.name for path in written)}"), soft_wrap=True)


app = typer.Typer()
app.command("export")(export)
