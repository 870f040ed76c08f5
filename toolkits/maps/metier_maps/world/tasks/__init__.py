"""Tasks on the sample region with known answers."""

from metier_maps.world.tasks.making import make_tasks

__all__ = ["make_tasks"]
