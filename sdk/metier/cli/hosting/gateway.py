"""`metier gateway`: one MCP server in front of all registered ones, and what it has kept."""

import logging
from pathlib import Path
from typing import Annotated

import typer

from metier.cli.boundary import complain
from metier.cli.context import count, open_console, read_options, size
from metier.cli.hosting.address import Host, Http, Port, TokenFile, read_token, tell_address
from metier.cli.running.options import read_cache_mode
from metier.errors import CallerError, MissingError
from metier.gateway.equipping import Equipped, Surroundings, equip_server
from metier.gateway.gateway import CacheMode
from metier.gateway.proxy import make_proxy
from metier.home import home_folder
from metier.runtime.equipment import Workplace, equip_kit, surround
from metier.servers.opening import identity_of
from metier.servers.serve import serve_http, serve_stdio
from metier.trace import CallRecord

PORT = 8932
_LOG = logging.getLogger(__name__)

app = typer.Typer(add_completion=False, no_args_is_help=True, help="One MCP server in front of all registered ones.")


@app.command()
def serve(  # noqa: PLR0913 - a command has a parameter for each option
    server: Annotated[
        list[str] | None, typer.Option("--server", help="A registered server. Repeatable. Default: all enabled ones.")
    ] = None,
    toolkit: Annotated[
        list[str] | None, typer.Option("--toolkit", help="An installed toolkit, with its providers. Repeatable.")
    ] = None,
    option: Annotated[
        list[str] | None, typer.Option("--set", help="An option of the toolkits, NAME=VALUE. Repeatable.")
    ] = None,
    cache: Annotated[str, typer.Option(help="Kept answers: read-write, off, or replay (nothing else).")] = "read-write",
    writing: Annotated[
        bool, typer.Option("--writing", help="Also offer tools that may change something. Nobody is asked about them.")
    ] = False,
    http: Http = False,
    host: Host = "127.0.0.1",
    port: Port = PORT,
    token_file: TokenFile = None,
) -> None:
    """Serve the tools of all registered servers as one: cached, limited, retried, recorded.

    A host starts it with the command `metier gateway serve`, or reaches it at http://HOST:PORT/mcp.
    """
    around = _around(read_cache_mode(cache))
    named = [equip_server(name, around, unattended=not writing) for name in server or ()]
    equipped = named or ([] if toolkit else _all_usable(around, unattended=not writing))
    equipped += [equip_kit(name, read_options(option or ()), around) for name in toolkit or ()]
    if not equipped:
        raise MissingError("No server can be used.", hint="Register one: metier mcp add NAME -- COMMAND")
    proxy = make_proxy([*(one.source for one in equipped), around.gateway.pages()], writing=writing, note=_note)
    if http:
        serve_http(proxy, host=host, port=port, token=read_token(token_file), tell=tell_address)
    else:
        serve_stdio(proxy)


@app.command()
def status() -> None:
    """Show what is kept of tools' answers, and what is used of today's quotas."""
    around = _around("read-write")
    kept = around.gateway.kept()
    console = open_console()
    console.print(f"Kept: {count(kept.entries, 'answer')}, {size(kept.bytes)}.")
    for name, used in around.gateway.used_today().items():
        console.print(f"Used today: {name}, {count(used, 'call')}.")


@app.command()
def forget(
    server: Annotated[str, typer.Argument(help="Only the answers of this server.")] = "",
    tool: Annotated[str, typer.Option(help="Only the answers of this tool.")] = "",
) -> None:
    """Throw kept answers away: they are asked for anew."""
    around = _around("read-write")
    gone = around.gateway.forget(identity=_identity(server, around) if server else "", tool=tool)
    open_console().print(f"Thrown away: {count(gone, 'answer')}.")


def _around(mode: CacheMode) -> Surroundings:
    return surround(Workplace(home_folder(), Path.cwd(), mode))


def _all_usable(around: Surroundings, *, unattended: bool) -> list[Equipped]:
    """Returns every server that is enabled and can be used; of each other it says why it is left out."""
    usable: list[Equipped] = []
    for entry in around.catalog.entries():
        if entry.definition.enabled and entry.trusted:
            try:
                usable.append(equip_server(entry.definition.name, around, unattended=unattended))
            except CallerError as error:
                complain(f"{entry.definition.name} is left out: {error}")
    return usable


def _identity(name: str, around: Surroundings) -> str:
    return identity_of(around.catalog.find(name).definition, around.environ)


def _note(server: str, tool: str, record: CallRecord) -> None:
    _LOG.info(
        "tool answered server=%s tool=%s provider=%s cache=%s attempts=%d bytes=%d elapsed_s=%.3f degraded=%s",
        *(server, tool, record.provider, record.cache, len(record.attempts), record.bytes, record.elapsed_s),
        bool(record.degraded),
    )
