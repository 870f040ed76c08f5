"""The map: projection, background and picture."""
