"""The commands of `metier mcp`, one module for those that belong together."""
