"""The deterministic policy of this toolkit: statutes, then cases, then counter-authority; quotes by passage score."""

from metier_legal.playbook.policy import play

__all__ = ["play"]
