"""Changes of a trip: from words to typed edits of its itinerary."""

from metier.answer import Refusal
from metier.canonical import JSON
from metier.toolkit import Finish, Move
from metier_maps.playbook.history import History


def change_trip(trip: JSON, text: str, history: History) -> Move:
    """Returns the next step of changing a trip."""
    return Finish(Refusal(reasons=("Not yet.",)))
