"""Google Maps, through the reference MCP server or its successor."""
