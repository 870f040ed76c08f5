"""What is said beside a plan: its title, what was assumed, what to mind, and what it costs."""

from collections.abc import Iterable, Iterator, Sequence

from metier_maps.facts import Fact, Money, Tri
from metier_maps.itinerary import Day, local
from metier_maps.place import Region
from metier_maps.planning.dwell import LUNCH_S
from metier_maps.planning.search.trip import Trip, sum_cost
from metier_maps.planning.survey.problem import Problem
from metier_maps.request import TripRequest

NAMES = 15  # in one sentence


def title_trip(request: TripRequest, region: Region) -> str:
    """Returns for example "4 days in Andorra, 4-7 December 2026"."""
    first, last = request.start_date, request.end_date
    name = region.name.replace("-", " ").replace("_", " ")
    name = name.title() if name == name.lower() else name
    days = "1 day" if request.days == 1 else f"{request.days} days"
    end = f"{last.day} {last:%B} {last.year}"
    if first == last:
        when = end
    elif (first.year, first.month) == (last.year, last.month):
        when = f"{first.day}-{end}"
    elif first.year == last.year:
        when = f"{first.day} {first:%B} - {end}"
    else:
        when = f"{first.day} {first:%B} {first.year} - {end}"
    return f"{days} in {name}, {when}"


def sum_cost_fact(problem: Problem, trip: Trip) -> Fact[Money]:
    """Returns the lodgings' prices times the rooms, plus the known entrances; unknown where a night's price is."""
    unknown = [problem.beds[bed].place.name for bed in trip.nights if problem.beds[bed].price is None]
    if unknown:
        return Fact[Money](value=None, source="computed")
    estimate = problem.request.lodging_price
    prices = [problem.beds[bed].place.price.value or estimate for bed in trip.nights]
    fees = [problem.sights[i].place.price.value for i in sorted(trip.seen)]
    currencies = {money.currency for money in (*prices, *fees) if money is not None and money.cents}
    if len(currencies) > 1:
        return Fact[Money](value=None, source="computed")
    budget = problem.request.budget
    currency = currencies.pop() if currencies else (budget.currency if budget else "EUR")
    return Fact[Money](value=Money(cents=sum_cost(problem, trip), currency=currency), source="computed")


def list_assumptions(problem: Problem, trip: Trip, days: Sequence[Day], label: str) -> tuple[str, ...]:
    """Returns what the plan takes for granted, as sentences."""
    return (
        f"Driving times and distances are those of the router ({label}), without traffic.",
        *_say_dwell(problem, trip),
        *_say_hours(days),
        *_say_lunch(problem),
        *_say_prices(problem, trip),
        *_say_fees(problem, trip),
    )


def _say_dwell(problem: Problem, trip: Trip) -> Iterator[str]:
    stays: dict[tuple[str, int], None] = {}
    for index in sorted(trip.seen):
        sight = problem.sights[index]
        kind = sight.place.categories[0] if sight.place.categories else "place"
        stays[(kind, sight.dwell // 60)] = None
    if stays:
        listed = ", ".join(f"{kind} {minutes} min" for kind, minutes in stays)
        yield f"Length of stay ({problem.request.pace} pace, at most {problem.most} sights a day): {listed}."


def _say_hours(days: Sequence[Day]) -> Iterator[str]:
    """Yields each assumption on hours once, with all the places and dates it is made for."""
    places: dict[str, list[str]] = {}
    for day in days:
        for stop in day.stops:
            if stop.hours is not None and stop.hours.assumed:
                places.setdefault(stop.hours.text, []).append(f"{stop.place.name} ({day.date:%d %b})")
    for text, named in places.items():
        for first in range(0, len(named), NAMES):
            yield f"Hours: {text}: {', '.join(named[first : first + NAMES])}."


def _say_lunch(problem: Problem) -> Iterator[str]:
    if any(frame.lunch for frame in problem.frames):
        yield f"Lunch of {LUNCH_S // 60} min between 12:00 and 14:00, on days that are on the road then."


def _say_prices(problem: Problem, trip: Trip) -> Iterator[str]:
    request = problem.request
    if not trip.nights:
        return
    people = "1 person" if request.party.people == 1 else f"{request.party.people} people"
    rooms = "1 room" if request.party.rooms == 1 else f"{request.party.rooms} rooms"
    yield f"Lodging prices are per room and night; two people share a room: {rooms} for {people}."
    guessed = [bed for bed in trip.nights if problem.beds[bed].place.price.value is None]
    if request.lodging_price is not None and guessed:
        names = _join_names(problem.beds[bed].place.name for bed in guessed)
        yield f"{request.lodging_price} a night, your estimate, at {names}."


def list_warnings(problem: Problem, trip: Trip, days: Sequence[Day]) -> tuple[str, ...]:
    """Returns what to mind, as sentences."""
    return (
        *_warn_pets(problem, trip),
        *_warn_prices(problem, trip),
        *_warn_dark(days),
        *_warn_lunch(problem, days),
    )


def _warn_pets(problem: Problem, trip: Trip) -> Iterator[str]:
    pets = problem.request.pets
    for bed in dict.fromkeys(trip.nights):
        place = problem.beds[bed].place
        if pets is not None and place.dogs.value is not Tri.YES:
            phone = f"phone {place.phone.value}" if place.phone.value else "no phone number is known"
            yield f"{place.name}: whether it takes a {pets.kind} is unknown; ask, {phone}."


def _warn_prices(problem: Problem, trip: Trip) -> Iterator[str]:
    unknown = [problem.beds[bed].place.name for bed in dict.fromkeys(trip.nights) if problem.beds[bed].price is None]
    if unknown:
        yield f"The price of a night is unknown at {_join_names(unknown)}; the total cost is therefore unknown."


def _say_fees(problem: Problem, trip: Trip) -> Iterator[str]:
    unknown = [problem.sights[i].place.name for i in sorted(trip.seen) if problem.sights[i].fee is None]
    for first in range(0, len(unknown), NAMES):
        yield f"Entrance fees are unknown, and not counted, at {_join_names(unknown[first : first + NAMES])}."


def _warn_dark(days: Sequence[Day]) -> Iterator[str]:
    for day in days:
        if day.sunset is not None and day.arrive > day.sunset:
            yield f"{day.date}: arrival at {day.end.name} at {local(day.arrive)}, after sunset ({local(day.sunset)})."


def _warn_lunch(problem: Problem, days: Sequence[Day]) -> Iterator[str]:
    if not problem.request.lunch or any(frame.lunch for frame in problem.frames):
        return
    for day in days:
        if day.stops:
            yield f"{day.date}: no lunch stop fits between 12:00 and 14:00 beside what must be seen."


def _join_names(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(names))
