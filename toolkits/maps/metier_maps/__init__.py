"""Travel planning on OpenStreetMap data, as a toolkit of metier."""

from metier.toolkit import Toolkit
from metier_maps.checks import CHECKS
from metier_maps.instructions import INSTRUCTIONS
from metier_maps.itinerary import Itinerary
from metier_maps.playbook import play
from metier_maps.rendering import RENDERERS, show
from metier_maps.server import make_server

__all__ = ["toolkit"]

toolkit = Toolkit(
    name="maps",
    summary="Trips planned on OpenStreetMap data and verified line by line.",
    instructions=INSTRUCTIONS,
    server=make_server,
    answer=Itinerary,
    checks=CHECKS,
    playbook=play,
    renderers=RENDERERS,
    show=show,
    sample=("Three days in the sample region by car"),
)
