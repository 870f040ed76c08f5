"""The runtime: a task, a mode, limits, a guard and a journal make a run."""
