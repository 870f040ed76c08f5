"""The deterministic policy of this toolkit: from words to a verified trip, without weights. Pure."""

from metier_maps.playbook.policy import play

__all__ = ["play"]
