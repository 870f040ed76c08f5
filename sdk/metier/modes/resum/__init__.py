"""ReSum: one conversation that is summed up whenever it fills the window."""

from metier.modes.resum.resum import ReSum

__all__ = ["ReSum"]
