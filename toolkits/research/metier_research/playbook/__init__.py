"""The deterministic policy of this toolkit: questions taken apart, names linked to pages, links followed, words quoted.

It needs no weights. It knows general English phrases for some fifty relations and nothing of what is so: every name,
number and date of its answers was read in the run.
"""

from metier_research.playbook.policy import play

__all__ = ["play"]
