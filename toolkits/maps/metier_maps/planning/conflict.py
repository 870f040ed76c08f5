"""Why a request cannot be kept."""

from metier_maps.itinerary import Conflict
from metier_maps.places.gazetteer import Gazetteer
from metier_maps.planning.survey.collect import Sources
from metier_maps.request import TripRequest
from metier_maps.routing.router import Router


def find_certain(request: TripRequest, sources: Sources) -> Conflict | None:
    """Returns a conflict that follows from the data alone, or None."""
    return None


def explain_conflict(request: TripRequest, gazetteer: Gazetteer, router: Router) -> Conflict | None:
    """Returns why the request cannot be kept, or None when it can."""
    return None
