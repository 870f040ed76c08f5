"""Questions over the wiki with known answers."""

from metier_research.world.tasks.making import KINDS, make_tasks, tasks_of

__all__ = ["KINDS", "make_tasks", "tasks_of"]
