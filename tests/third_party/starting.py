"""How the third-party servers are started: by the paths that they were installed to, never over the network."""

from collections.abc import Mapping
from pathlib import Path

from mcp import StdioServerParameters

from metier.servers.connection import Connection
from metier.servers.source import Ask
from tests.third_party.installing import PACKAGES, PROGRAMS, node

OFFLINE = Path(__file__).with_name("offline.cjs")


def of_npm(script: str, *args: str, env: Mapping[str, str] | None = None) -> StdioServerParameters:
    """Returns how to start the server whose `script` is a path below node_modules; it cannot reach any host."""
    command = ["--require", str(OFFLINE), str(PACKAGES / script), *args]
    return StdioServerParameters(command=node(), args=command, env=dict(env or {}))


def of_pypi(program: str, *args: str, env: Mapping[str, str] | None = None) -> StdioServerParameters:
    """Returns how to start the server that is installed as `program`."""
    return StdioServerParameters(command=str(PROGRAMS / program), args=list(args), env=dict(env or {}))


def connect(name: str, target: StdioServerParameters, *, ask: Ask | None = None) -> Connection:
    """Returns a connection that tries once."""
    return Connection(name, target, delays_s=(0.0,), ask=ask)
