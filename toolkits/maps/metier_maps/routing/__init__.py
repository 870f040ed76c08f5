"""Routing engines behind one protocol."""
