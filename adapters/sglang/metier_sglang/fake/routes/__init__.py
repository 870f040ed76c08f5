"""The routes of the fake server, in groups."""
