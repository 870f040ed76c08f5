"""Launching servers, looking after them, measuring them."""
