"""Amap, through its own MCP server."""
