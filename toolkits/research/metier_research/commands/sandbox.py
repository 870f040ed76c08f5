"""The command that shows how programs are isolated on this machine."""

import typer
from rich.text import Text

from metier.cli.context import one_line, open_console, toolkit_settings
from metier_research.commands.wikis import NAME
from metier_research.options import read_options
from metier_research.sandbox.isolation import AUTO, INSTALL, WEAK, available


def sandbox() -> None:
    """Show how programs are isolated on this machine, and why no better. Exits with 1 where they would be refused."""
    wanted = read_options(toolkit_settings(NAME).options).isolation
    found = available()
    console = open_console()
    for standing in found.standings:
        state = "here" if not standing.missing else f"not here: {standing.missing}"
        console.print(Text(one_line(f"{standing.strength}: {state}")), soft_wrap=True)
    there = {standing.strength for standing in found.standings if not standing.missing}
    in_force = found.strongest if wanted == AUTO else wanted
    if in_force in WEAK:
        console.print(f"In force: {in_force}. It isolates nothing: programs can reach files and the network.")
        return
    if in_force not in there:
        console.print(Text(f"In force: nothing. Programs are refused. {INSTALL}"), soft_wrap=True)
        raise typer.Exit(1)
    console.print(f"In force: {in_force}. Programs have no network and none of your files.")


app = typer.Typer()
app.command("sandbox")(sandbox)
