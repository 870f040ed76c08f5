"""`metier mcp`."""

import sys
from typing import Annotated

import typer

from metier.cli.context import read_options, toolkit_settings
from metier.discovery import load_toolkit
from metier.servers.serve import serve_http, serve_stdio

PORT = 8931

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Serve a toolkit's tools to any MCP host.")


@app.callback()
def mcp() -> None:
    """Serve a toolkit's tools to any MCP host."""


@app.command()
def serve(
    toolkit: Annotated[str, typer.Argument(help="The toolkit.")],
    option: Annotated[
        list[str] | None, typer.Option("--set", help="An option of the toolkit, NAME=VALUE. Repeatable.")
    ] = None,
    http: Annotated[
        bool, typer.Option("--http", help="Over streamable HTTP instead of standard input and output.")
    ] = False,
    host: Annotated[
        str, typer.Option(help="Where to listen with --http. There is no login: keep it on this machine.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port with --http; 0 takes any free one.")] = PORT,
) -> None:
    """Serve the tools of a toolkit, the same ones that `metier run` uses.

    A host starts it with the command `metier mcp serve TOOLKIT`, or reaches it at http://HOST:PORT/mcp.
    """
    server = load_toolkit(toolkit).server(toolkit_settings(toolkit, options=read_options(option or ())))
    if http:
        serve_http(server, host=host, port=port, tell=_tell)
    else:
        serve_stdio(server)


def _tell(address: str) -> None:
    sys.stderr.write(f"metier: serving at {address}; stop with Ctrl-C\n")
    sys.stderr.flush()
