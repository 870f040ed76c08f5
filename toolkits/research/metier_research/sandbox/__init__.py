"""A place to run a program of a model: no network, no files but its own, no other process, and an end."""
