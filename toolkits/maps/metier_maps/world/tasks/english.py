"""A request in plain English."""

from collections.abc import Mapping
from datetime import date

from metier.world import Chance
from metier_maps.request import TripRequest

COUNTS = ("no", "one", "two", "three", "four", "five", "six")
BY = {"car": "by car", "bicycle": "by bicycle", "foot": "on foot"}
MOVING = {"car": "driving", "bicycle": "cycling", "foot": "walking"}
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")  # fmt: skip
PLURALS = {"church": "churches", "guest house": "guest houses", "alpine hut": "alpine huts"}


def write_english(request: TripRequest, names: Mapping[str, str], chance: Chance) -> str:
    """Returns the request as a person would write it; `names` are what to call the places, by id."""
    sentences = [
        _head(request, names, chance),
        _sights(request, names, chance),
        _company(request, chance),
        _limits(request, chance),
        _nights(request, chance),
        _style(request, chance),
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def _head(request: TripRequest, names: Mapping[str, str], chance: Chance) -> str:
    days, first, by = request.days, _day(request.start_date), BY[request.mode]
    long = f"{COUNTS[days]} day{'s' if days > 1 else ''}"
    start, end = names[request.start.id], names[request.end.id]
    way = f"starting and ending in {start}" if start == end else f"starting in {start} and ending in {end}"
    if days == 1:
        return f"{long.capitalize()} in {request.region} {by} on {first}, {way}."
    return chance.pick((
        f"{long.capitalize()} in {request.region} {by} from {first}, {way}.",
        f"Please plan {long} in {request.region} {by} from {first}, {way}.",
        f"From {first} to {_day(request.end_date)}, {long} in {request.region} {by}, {way}.",
    ))  # fmt: skip


def _day(on: date) -> str:
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def _sights(request: TripRequest, names: Mapping[str, str], chance: Chance) -> str:
    sentences = []
    if request.must_see:
        listed = _list([names[ref.id] for ref in request.must_see])
        sentences.append(chance.pick((f"I must see {listed}.", f"We want to visit {listed}.", f"Must see: {listed}.")))
    if request.avoid:
        sentences.append(f"Please avoid {_list([names[ref.id] for ref in request.avoid])}.")
    if request.avoid_categories:
        sentences.append(f"No {_list([plural(word) for word in request.avoid_categories])}.")
    if request.interests:
        sentences.append(f"We like {_list([plural(word) for word in request.interests])}.")
    return " ".join(sentences)


def plural(word: str) -> str:
    """Returns the plural of a category."""
    return PLURALS.get(word, f"{word}s")


def _list(items: list[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def _company(request: TripRequest, chance: Chance) -> str:
    sentences = []
    adults, children = request.party.adults, request.party.children
    if (adults, children) != (1, 0):
        young = f" and {children} {'child' if children == 1 else 'children'}" if children else ""
        sentences.append(f"We are {adults} adult{'s' if adults > 1 else ''}{young}.")
    if request.pets is not None and request.pets.confirmed:
        sentences.append(chance.pick(("Every lodging must allow dogs.", "Only dog-friendly places to stay.")))
    elif request.pets is not None:
        sentences.append(chance.pick(("We travel with my dog.", "I am bringing my dog.")))
    return " ".join(sentences)


def _limits(request: TripRequest, chance: Chance) -> str:
    sentences = []
    if request.drive_limit_s is not None:
        hours, doing = _hours(request.drive_limit_s), MOVING[request.mode]
        sentences.append(f"At most {hours} of {doing} a day.")
    if request.budget is not None:
        euros = request.budget.cents // 100
        sentences.append(chance.pick((f"The budget is {euros} EUR in total.", f"Budget: {euros} euros.")))
    return " ".join(sentences)


def _hours(seconds: int) -> str:
    hours, minutes = divmod(seconds // 60, 60)
    if not hours:
        return f"{minutes} minutes"
    return f"{hours} hour{'s' if hours > 1 else ''}{f' {minutes} minutes' if minutes else ''}"


def _nights(request: TripRequest, chance: Chance) -> str:
    sentences, wanted = [], request.lodging
    if wanted.policy == "change":
        sentences.append("A different lodging every night.")
    elif wanted.policy == "stay":
        sentences.append("The same lodging every night.")
    if wanted.categories:
        sentences.append(f"Only {_list([plural(kind) for kind in wanted.categories])}.")
    if wanted.min_stars is not None:
        sentences.append(f"At least {wanted.min_stars:.0f} stars.")
    return " ".join(sentences)


def _style(request: TripRequest, chance: Chance) -> str:
    sentences = []
    if request.pace != "normal":
        sentences.append({"relaxed": "A relaxed pace.", "full": "Packed days."}[request.pace])
    if not request.lunch:
        sentences.append("No lunch break.")
    if request.day_start.hour != 9:
        sentences.append(f"Start at {request.day_start:%H:%M} every day.")
    if request.day_end.hour != 19:
        sentences.append(f"Be back by {request.day_end:%H:%M}.")
    return " ".join(sentences)
