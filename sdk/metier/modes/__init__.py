"""Modes: how a run unfolds. One file each, one protocol (`metier.modes.mode`)."""
