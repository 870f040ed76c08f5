"""Heavy: researchers side by side, then a synthesis of their reports."""

from metier.modes.heavy.heavy import Heavy

__all__ = ["Heavy"]
