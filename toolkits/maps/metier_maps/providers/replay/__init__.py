"""Servers that stand in for Amap and Google Maps: real MCP servers, no key, no network, and synthetic answers.

By hand, over standard input and output: `python -m metier_maps.providers.replay amap` (or google, or cablate).
"""

from metier_maps.providers.replay.amap import make_amap_replay
from metier_maps.providers.replay.google import make_google_replay
from metier_maps.providers.replay.ground import Ground, Landmark
from metier_maps.providers.replay.mischief import Mischief
from metier_maps.providers.replay.server import ReplayServer

__all__ = ["Ground", "Landmark", "Mischief", "ReplayServer", "make_amap_replay", "make_google_replay"]
