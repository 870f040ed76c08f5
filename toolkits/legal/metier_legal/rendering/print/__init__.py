"""The memo in print."""
