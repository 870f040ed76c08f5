"""Iterative research: the workspace is rebuilt each round from the question, the report and the last observation."""

from metier.modes.iterative.iterative import Iterative

__all__ = ["Iterative"]
