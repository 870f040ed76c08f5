"""`metier mcp serve`."""

from typing import Annotated

import typer

from metier.cli.context import read_options, toolkit_settings
from metier.cli.hosting.address import Host, Http, Port, TokenFile, read_token, tell_address
from metier.discovery import load_toolkit
from metier.servers.serve import serve_http, serve_stdio

PORT = 8931

app = typer.Typer(add_completion=False)


@app.command()
def serve(
    toolkit: Annotated[str, typer.Argument(help="The toolkit.")],
    option: Annotated[
        list[str] | None, typer.Option("--set", help="An option of the toolkit, NAME=VALUE. Repeatable.")
    ] = None,
    http: Http = False,
    host: Host = "127.0.0.1",
    port: Port = PORT,
    token_file: TokenFile = None,
) -> None:
    """Serve the tools of a toolkit, the same ones that `metier run` uses.

    A host starts it with the command `metier mcp serve TOOLKIT`, or reaches it at http://HOST:PORT/mcp.
    """
    server = load_toolkit(toolkit).server(toolkit_settings(toolkit, options=read_options(option or ())))
    if http:
        serve_http(server, host=host, port=port, token=read_token(token_file), tell=tell_address)
    else:
        serve_stdio(server)
