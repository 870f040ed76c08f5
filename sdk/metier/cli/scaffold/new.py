"""`metier new`."""

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from metier.cli.context import open_console
from metier.cli.scaffold.package import write_package

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Write a toolkit of your own.")


@app.callback()
def new() -> None:
    """Write a toolkit of your own."""


@app.command()
def toolkit(
    name: Annotated[str, typer.Argument(help="Its name: lower-case letters, digits, '_' and '-'.")],
    path: Annotated[Path, typer.Option(help="The folder to write the package into.")] = Path(),
) -> None:
    """Write a working toolkit package: a server with one tool, an answer, a check, a playbook, and tests that pass."""
    folder = write_package(name, path)
    lines = (
        f"Wrote {folder}. Try it:",
        f"$ pip install -e {folder}",
        "$ metier toolkits",
        f'$ metier run {name} "Measure twice, cut once"',
        f"$ python -m pytest {folder}",
        f"Then make it yours: {folder / 'README.md'} says how.",
    )
    open_console().print(Text("\n".join(lines)), soft_wrap=True)
