"""The requirements of a request: their ids and what they say. Ids as in `itinerary.Conflict`."""

from metier_maps.planning.writing.differences import say_time
from metier_maps.request import TripRequest

MUST, REACH, AVOID = "must_see:", "reach:", "avoid:"


def list_requirements(request: TripRequest) -> tuple[str, ...]:
    """Returns the ids of what is required, those one would rather give up first."""
    lodging = request.lodging
    asked = (
        ("pace", request.pace != "full"),
        ("dates", True),
        ("lodging", bool(lodging.categories) or lodging.policy != "any"),
        ("stars", lodging.min_stars is not None),
        ("pets", request.pets is not None),
        ("budget", request.budget is not None),
        ("drive_limit", request.drive_limit_s is not None),
    )
    musts = dict.fromkeys(MUST + ref.id for ref in request.must_see)
    return (*(name for name, is_asked in asked if is_asked), *musts)


def say_requirement(request: TripRequest, requirement: str) -> str:
    """Returns a requirement in words."""
    for kind, words in ((MUST, "see"), (REACH, "reach"), (AVOID, "avoid")):
        if requirement.startswith(kind):
            return f"{words} {_name(request, requirement.removeprefix(kind))}"
    nights = "night" if request.nights == 1 else "nights"
    days = "day" if request.days == 1 else "days"
    return {
        "pace": f"a {request.pace} pace",
        "dates": f"{request.start_date} to {request.end_date}, {request.days} {days} and {request.nights} {nights}",
        "lodging": _say_lodging(request),
        "stars": f"lodgings of at least {request.lodging.min_stars or 0:g} stars",
        "pets": _say_pets(request),
        "budget": f"at most {request.budget} for lodgings and entrances",
        "drive_limit": f"at most {say_time(request.drive_limit_s or 0)} of driving a day",
    }[requirement]


def _say_lodging(request: TripRequest) -> str:
    kinds = " or ".join(request.lodging.categories) or "lodging"
    policy = {"any": "", "change": ", a different one every night", "stay": ", the same one every night"}
    return f"{kinds}{policy[request.lodging.policy]}"


def _say_pets(request: TripRequest) -> str:
    if request.pets is None:
        return "no pets"
    return f"lodgings that {'say they take' if request.pets.confirmed else 'do not refuse'} a {request.pets.kind}"


def _name(request: TripRequest, key: str) -> str:
    refs = (*request.must_see, *request.avoid, *request.dropped)
    return next((ref.name for ref in refs if ref.id == key), key)
