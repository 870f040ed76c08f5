"""`metier mcp`: its commands by name, listed without being loaded."""

from collections.abc import Mapping
from typing import ClassVar

from metier.cli.group import Entry, LateGroup, make_commands

_HERE = "metier.cli.servers.commands"


class ServerCommands(LateGroup):
    """What can be done with tool servers."""

    entries: ClassVar[Mapping[str, Entry]] = {
        "add": Entry(f"{_HERE}.adding", "Register a server: a command, a URL, or a server.json."),
        "import": Entry(f"{_HERE}.exchange", "Register the servers of another host's file."),
        "list": Entry(f"{_HERE}.listing", "List the registered servers and how they stand."),
        "show": Entry(f"{_HERE}.listing", "Show one server: how it is reached, and its settings."),
        "test": Entry(f"{_HERE}.trying", "Connect to a server and say how that went."),
        "tools": Entry(f"{_HERE}.trying", "List the tools of a server, and which may be used."),
        "call": Entry(f"{_HERE}.calling", "Call a tool of a server."),
        "approve": Entry(f"{_HERE}.approving", "Look at the tools of a server, and approve of them."),
        "diff": Entry(f"{_HERE}.approving", "Show what changed since the tools were approved."),
        "trust": Entry(f"{_HERE}.switching", "Trust the servers that this project's file defines."),
        "enable": Entry(f"{_HERE}.switching", "Switch a server on."),
        "disable": Entry(f"{_HERE}.switching", "Switch a server off."),
        "remove": Entry(f"{_HERE}.removing", "Remove a server, its login, secrets and approval."),
        "secret": Entry(f"{_HERE}.access", "Keep a secret in the keyring, or drop it."),
        "login": Entry(f"{_HERE}.access", "Log in to a server, in the browser."),
        "logout": Entry(f"{_HERE}.access", "End the login to a server."),
        "export": Entry(f"{_HERE}.exchange", "Write a standard `mcpServers` file."),
        "serve": Entry("metier.cli.hosting.toolkit", "Serve a toolkit's tools to any MCP host."),
    }


app = make_commands(ServerCommands, "Register tool servers, look after them, and serve a toolkit's tools.")
