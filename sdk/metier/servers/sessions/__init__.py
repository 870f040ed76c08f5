"""One session with a server: its transports, the task that owns it, and what goes wrong with it."""
