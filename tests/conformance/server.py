"""The server that the conformance suite tests: fixed tools, served as toolkits are. It prints its address."""

import secrets
import sys
from typing import Any

from mcp.server import MCPServer
from mcp.server.mcpserver import RequestStateSecurity

from metier.servers.serve import serve_http
from tests.conformance.fixture.asking import add_asking
from tests.conformance.fixture.content import add_content
from tests.conformance.fixture.reading import add_changes, add_prompts, add_resources
from tests.conformance.fixture.rounds import add_rounds


def make_server() -> MCPServer[Any]:
    """Returns the server."""
    sealed = RequestStateSecurity(keys=[secrets.token_bytes(32)])
    server: MCPServer[Any] = MCPServer("metier-conformance", version="1", request_state_security=sealed)
    for add in (add_content, add_asking, add_rounds, add_resources, add_prompts, add_changes):
        add(server)
    return server


def tell(address: str) -> None:
    """Prints the address, by the name that the suite wants to see."""
    sys.stdout.write(address.replace("127.0.0.1", "localhost") + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    serve_http(make_server(), tell=tell)
