"""`metier mcp import` and `metier mcp export`: the files of other hosts."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from metier.cli.boundary import FAILED, complain
from metier.cli.context import count, one_line, open_console
from metier.cli.servers.commands.adding import read_scope, tell_registered
from metier.cli.servers.desk import Desk, open_desk
from metier.cli.servers.keeping import plan_secrets
from metier.cli.servers.report import say, short_path
from metier.errors import InputError, MetierError, MissingError
from metier.home import storage_error, write_atomically
from metier.servers.catalog.files.documents import read_file
from metier.servers.catalog.formats.export import export_servers
from metier.servers.catalog.formats.hosts import Import, import_servers
from metier.servers.definition import Definition, Scope

app = typer.Typer(add_completion=False)


@app.command("import")
def take_over(
    file: Annotated[Path, typer.Argument(help="The file of another host, with `mcpServers` in it.")],
    only: Annotated[list[str] | None, typer.Option("--only", help="Only this server. Repeatable.")] = None,
    scope: Annotated[str, typer.Option(help="Whose they are: user, or project.")] = "user",
    replace: Annotated[bool, typer.Option("--replace", help="Replace those of the same name.")] = False,
) -> None:
    """Register the servers of another host's file. None is started; their secrets go into the keyring.

    Exit 1: some could not be registered, and each says why.
    """
    desk, owner, console = open_desk(), read_scope(scope), open_console()
    data = read_file(file)
    if data is None:
        raise InputError(f"There is no file {file}.", hint="Give the path of the other host's file.")
    found = import_servers(data, what=str(file), folder=str(file.resolve().parent))
    chosen = _chosen(found, only or [], file)
    faults = {name: reason for name, reason in found.refused.items() if name in chosen}
    for definition in (one for one in found.definitions if one.name in chosen):
        try:
            _register(desk, definition, owner, found.secrets_found, replace=replace)
        except MetierError as error:
            faults[definition.name] = str(error)
    for note in found.notes:
        say(console, f"Note: {one_line(note)}")
    for name, reason in faults.items():
        complain(f"{one_line(name)} was not registered: {one_line(reason)}")
    if len(faults) < len(chosen):
        say(console, "Next, for each: metier mcp approve NAME")
    if faults:
        raise typer.Exit(FAILED)


@app.command()
def export(
    out: Annotated[Path | None, typer.Option(help="The file to write. Default: standard output.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace the file if it is there.")] = False,
) -> None:
    """Write the registered servers as a standard `mcpServers` file, for any other host. It holds no secrets."""
    desk = open_desk()
    definitions = tuple(desk.definitions())
    text = json.dumps(export_servers(definitions), indent=2, ensure_ascii=False) + "\n"
    if out is None:
        sys.stdout.write(text)
        return
    if out.exists() and not replace:
        raise InputError(f"{out} is there already.", hint="Replace it with --replace, or name another file.")
    try:
        write_atomically(out, text.encode())
    except OSError as error:
        raise storage_error(out.parent, error) from error
    say(open_console(), f"Wrote {count(len(definitions), 'server')} to {short_path(out)}.")


def _register(desk: Desk, definition: Definition, owner: Scope, secrets: Mapping[str, str], *, replace: bool) -> None:
    plan = plan_secrets(definition, owner, given=secrets, asked=False)
    entry = desk.catalog.add(plan.definition, owner, replace=replace)
    plan.store()
    tell_registered(entry, plan)


def _chosen(found: Import, only: list[str], file: Path) -> set[str]:
    there = {definition.name for definition in found.definitions} | set(found.refused)
    if not there:
        raise InputError(f"There is no server in {file}.", hint="It has to be a file with `mcpServers`.")
    for name in only:
        if name not in there:
            raise MissingError(
                f"There is no server {name!r} in that file.", hint=f"There are: {', '.join(sorted(there))}."
            )
    return set(only) or there
