"""Travel planning on OpenStreetMap data, as a toolkit of metier."""

from metier.answer import Answer
from metier.late import late
from metier.toolkit import Settings, Toolkit
from metier_maps.checks import CHECKS
from metier_maps.commands import commands
from metier_maps.instructions import INSTRUCTIONS
from metier_maps.itinerary import Itinerary
from metier_maps.needs import list_needs
from metier_maps.providers import PROVIDERS
from metier_maps.rendering import RENDERERS

__all__ = ["toolkit"]

SAMPLE_REQUEST = (
    "Three days in the sample region by car from 4 June 2027, starting and ending in Skavastar, with my dog. I must see"
    " Kastel Bölmos and Kastel Jamomin, at most 3 hours of driving a day, a different hotel every night"
)


_install = late("metier_maps.world.sample", "install_sample")


def _install_world(settings: Settings, seed: int) -> None:
    """Installs the sample region of a seed."""
    _install(settings, seed=seed)


def _name_folder(answer: Answer) -> str:
    """Returns the name of the folder for a trip: where it goes and when it begins."""
    if not isinstance(answer, Itinerary):
        return "trip"
    return f"trip-{answer.region.name}-{answer.request.start_date}"


toolkit = Toolkit(
    name="maps",
    summary="Trips planned on OpenStreetMap data and verified line by line.",
    instructions=INSTRUCTIONS,
    server=late("metier_maps.server", "make_server"),
    answer=Itinerary,
    checks=CHECKS,
    playbook=late("metier_maps.playbook", "play"),
    tasks=late("metier_maps.world.tasks", "make_tasks"),
    renderers=RENDERERS,
    show=late("metier_maps.rendering.console", "show"),
    folder=_name_folder,
    commands=commands,
    needs=list_needs,
    sample=SAMPLE_REQUEST,
    world=_install_world,
    providers=PROVIDERS,
)
