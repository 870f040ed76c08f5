"""Outline: a planner that gathers evidence into an outline, then a writer that writes it section by section."""

from metier.modes.outline.outline import Outline

__all__ = ["Outline"]
