"""Routing servers from their Python wheels: fetched, unpacked, prepared for a region and run on loopback."""

from metier_maps.routing.programs.server import RunningServer, ending_on_signals
from metier_maps.routing.programs.starting import open_engine, start_server
from metier_maps.routing.programs.wheels import WHEELS, Engine, install_program

__all__ = ["WHEELS", "Engine", "RunningServer", "ending_on_signals", "install_program", "open_engine", "start_server"]
