"""Formats that others write and read: `mcpServers` files of hosts, and `server.json` of the registry."""
