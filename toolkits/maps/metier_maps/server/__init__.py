"""The MCP server of the maps toolkit."""
