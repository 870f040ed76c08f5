"""Writing the package of a new toolkit."""
