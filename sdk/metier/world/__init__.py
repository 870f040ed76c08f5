"""A fictional country from a seed: known ground truth for tasks, checks and evaluations, and nobody's real data."""

from metier.world.chance import Chance
from metier.world.country import Calendar, Country, Frame, Institution, Person, Relation, Town
from metier.world.genesis import make_country
from metier.world.landscape import Lake, Landscape, Pass, Ridge, River, Spot

__all__ = [
    "Calendar",
    "Chance",
    "Country",
    "Frame",
    "Institution",
    "Lake",
    "Landscape",
    "Pass",
    "Person",
    "Relation",
    "Ridge",
    "River",
    "Spot",
    "Town",
    "make_country",
]
