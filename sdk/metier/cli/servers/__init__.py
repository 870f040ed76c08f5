"""`metier mcp`: the servers that are registered, from the command line."""
