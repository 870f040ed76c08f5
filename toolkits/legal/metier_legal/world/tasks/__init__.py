"""Legal questions with known answers, on the sample law."""

from metier_legal.world.tasks.making import KINDS, make_tasks

__all__ = ["KINDS", "make_tasks"]
