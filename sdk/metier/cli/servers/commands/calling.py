"""`metier mcp call`."""

import json
import os
import sys
from dataclasses import asdict
from typing import Annotated

import typer

from metier.canonical import JSON
from metier.cli.boundary import FAILED, complain
from metier.cli.context import is_terminal, one_line, plain
from metier.cli.servers.arguments import read_arguments
from metier.cli.servers.asking import ask_user
from metier.cli.servers.desk import Desk, open_desk, show_page, wait_for
from metier.cli.wording import in_short
from metier.errors import InputError
from metier.gateway.equipping import Surroundings, equip_server
from metier.gateway.gateway import gateway_of
from metier.home import gateway_folder
from metier.servers.pool import Pool
from metier.servers.source import CallContext, Progress
from metier.servers.tool import ToolResult, ToolSpec

app = typer.Typer(add_completion=False)


@app.command()
def call(
    name: Annotated[str, typer.Argument(help="The server.")],
    tool: Annotated[str, typer.Argument(help="The tool.")],
    words: Annotated[
        list[str] | None, typer.Argument(help="name=value for each, or one JSON object.", metavar="[ARGUMENTS]")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole result as JSON.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before a tool that may write.")] = False,
) -> None:
    """Call a tool as a run would: if it is approved and allowed, and within the limits of the server.

    Prints its text, then its value as JSON. Exit 1: the tool failed.
    """
    around = _surround(open_desk())
    result = wait_for(lambda: _called(name, around, tool, words or [], yes=yes))
    _show(result, as_json=as_json)
    if result.is_error:
        raise typer.Exit(FAILED)


def _surround(desk: Desk) -> Surroundings:
    """Returns what calls from a terminal go through: the limits and kept answers that runs have as well."""
    present = is_terminal()
    return Surroundings(
        home=desk.home,
        catalog=desk.catalog,
        gateway=gateway_of(gateway_folder(desk.home)),
        pool=Pool(),
        environ=os.environ,
        ask=ask_user if present else None,
        open_browser=show_page if present else None,
    )


async def _called(name: str, around: Surroundings, tool: str, words: list[str], *, yes: bool) -> ToolResult:
    async with equip_server(name, around, whole=True).source as source:
        spec = next((one for one in await source.tools() if one.name == tool), None)
        arguments = read_arguments(words, spec.input_schema if spec else {})
        if spec is not None and spec.needs_approval and not yes:
            _ask(name, spec, arguments)
        return await source.call(tool, arguments, CallContext(on_progress=_tell))


def _ask(server: str, spec: ToolSpec, arguments: dict[str, JSON]) -> None:
    """Returns when the user agrees to the call; raises InputError where nobody can be asked; a no ends the command."""
    what = f"{server}/{one_line(spec.name)}({in_short(arguments)})"
    if not is_terminal():
        raise InputError(f"{what} may change something, and nobody can be asked.", hint="Allow this call with --yes.")
    if not typer.confirm(f"{what} may change something. Call it?", default=False, err=True):
        complain(f"{what} was not called: you said no.")
        raise typer.Exit(FAILED)


def _show(result: ToolResult, *, as_json: bool) -> None:
    text, value = result.text, result.value
    if as_json:
        content: JSON = [block.model_dump(mode="json", by_alias=True, exclude_none=True) for block in result.content]
        whole: JSON = {
            "text": text,
            "value": value,
            "is_error": result.is_error,
            "content": content,
            "meta": dict(result.meta),
            "record": None if result.record is None else asdict(result.record),
        }
        sys.stdout.write(json.dumps(whole, indent=2) + "\n")
        return
    if text:
        sys.stdout.write(plain(text).rstrip("\n") + "\n")
    if value is not None and not _says(text, value):
        sys.stdout.write(plain(json.dumps(value, indent=2, ensure_ascii=False)) + "\n")


def _says(text: str, value: JSON) -> bool:
    """Returns whether the text is the value already, as JSON or as what a wrapped single value says."""
    if isinstance(value, dict) and list(value) == ["result"] and text == str(value["result"]):
        return True
    try:
        return bool(json.loads(text) == value)
    except (ValueError, RecursionError):
        return False


def _tell(progress: Progress) -> None:
    """Says on the terminal how far a call is."""
    if not sys.stderr.isatty():
        return
    of = f" of {progress.total:g}" if progress.total else ""
    said = f": {one_line(progress.message)}" if progress.message else ""
    sys.stderr.write(f"metier: {one_line(progress.tool)}: {progress.done:g}{of}{said}\n")
    sys.stderr.flush()
