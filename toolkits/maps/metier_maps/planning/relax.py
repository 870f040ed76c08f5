"""The smallest changes that make an impossible request possible. Each is tried before it is offered."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property

from metier.canonical import JSON
from metier.errors import InputError
from metier_maps.facts import Money
from metier_maps.itinerary import Relaxation
from metier_maps.places.categories import find_category
from metier_maps.planning.patch import apply_patch
from metier_maps.planning.reasons.certain import find_certain_reason
from metier_maps.planning.reasons.requirements import AVOID, MUST, REACH, list_requirements, say_requirement
from metier_maps.planning.reasons.variants import Bench, find_any
from metier_maps.planning.search.trip import Trip, sum_cost
from metier_maps.planning.survey.collect import Sources
from metier_maps.planning.survey.problem import Problem
from metier_maps.planning.writing.differences import say_time
from metier_maps.request import LONGEST_DAYS, PlaceRef, TripRequest

STEP_S = 300  # drive limits are rounded up to five minutes
LONGEST_DRIVE_S = 12 * 3600
SHIFTS = (1, -1, 2, -2, 3, -3, 7, -7, 14, -14, 30, 60, 90, 120, 150, 180)  # days
TRIED_SHIFTS = 4  # that are searched in full
HUGE_CENTS = 10**9
EURO = 100


@dataclass(frozen=True)
class _Case:
    """A request that cannot be kept, and what is needed to try changes of it."""

    bench: Bench

    @property
    def request(self) -> TripRequest:
        """Returns the request."""
        return self.bench.request

    @property
    def sources(self) -> Sources:
        """Returns where facts come from."""
        return self.bench.sources

    @cached_property
    def problem(self) -> Problem:
        """Returns the problem of its must-sees with every requirement kept."""
        return self.bench.cut(list_requirements(self.request))

    def try_patch(self, patch: Mapping[str, JSON]) -> Trip | None:
        """Returns a trip that keeps the patched request, or None."""
        try:
            request = apply_patch(self.request, patch)
        except InputError:
            return None
        if find_certain_reason(request, self.sources) is not None:
            return None
        return find_any(self.bench.turn(request).cut(list_requirements(request))).trip


def find_relaxations(bench: Bench, requirements: Sequence[str]) -> tuple[Relaxation, ...]:
    """Returns the smallest change of each requirement that makes a trip possible, each with its cost.

    Where no single change is enough, because there is more than one conflict, changes of two are tried together.
    """
    case = _Case(bench)
    single = [change for name in requirements for change in _relax(case, name)]
    if "dates" not in requirements and bench.request.nights == 0:
        single += list(_add_day(case))
    return tuple(single) if single else tuple(_pairs(case, requirements))


def _relax(case: _Case, requirement: str) -> Iterator[Relaxation]:
    if requirement.startswith(MUST):
        yield from _drop_must(case, requirement)
    elif requirement.startswith(AVOID):
        yield from _allow_avoided(case, requirement)
    elif requirement.startswith(REACH):
        return
    else:
        ways: dict[str, Callable[[_Case], Iterator[Relaxation]]] = {
            "pace": _relax_pace,
            "dates": _relax_dates,
            "lodging": _relax_lodging,
            "stars": _relax_stars,
            "pets": _relax_pets,
            "budget": _relax_budget,
            "drive_limit": _relax_drive,
        }
        yield from ways[requirement](case)


def _offer(case: _Case, names: tuple[str, ...], patch: dict[str, JSON], words: tuple[str, str]) -> Iterator[Relaxation]:
    if case.try_patch(patch) is not None:
        yield Relaxation(requirements=names, change=words[0], cost=words[1], patch=patch)


def _refs(refs: Sequence[PlaceRef], without: str) -> list[JSON]:
    return [ref.model_dump(mode="json") for ref in refs if ref.id != without]


def _drop_must(case: _Case, requirement: str) -> Iterator[Relaxation]:
    key = requirement.removeprefix(MUST)
    patch: dict[str, JSON] = {"must_see": _refs(case.request.must_see, key)}
    name = say_requirement(case.request, requirement).removeprefix("see ")
    yield from _offer(case, (requirement,), patch, (f"leave out {name}", f"{name} is not seen"))


def _allow_avoided(case: _Case, requirement: str) -> Iterator[Relaxation]:
    key, request = requirement.removeprefix(AVOID), case.request
    patch: dict[str, JSON] = {}
    if key in {ref.id for ref in request.avoid}:
        patch["avoid"] = _refs(request.avoid, key)
    if key in {ref.id for ref in request.dropped}:
        patch["dropped"] = _refs(request.dropped, key)
    if not patch:
        word = find_category(key) or key
        patch["avoid_categories"] = [k for k in request.avoid_categories if (find_category(k) or k) != word]
    name = say_requirement(request, requirement).removeprefix("avoid ")
    yield from _offer(case, (requirement,), patch, (f"do not avoid {name}", f"{name} may be visited"))


def _relax_pace(case: _Case) -> Iterator[Relaxation]:
    for pace in ("normal", "full"):
        patch: dict[str, JSON] = {"pace": pace}
        if pace == case.request.pace:
            continue
        words = (f"travel at a {pace} pace", "shorter stays and fuller days")
        found = list(_offer(case, ("pace",), patch, words))
        yield from found
        if found:
            return


def _relax_lodging(case: _Case) -> Iterator[Relaxation]:
    lodging = case.request.lodging
    if lodging.policy != "any":
        patch: dict[str, JSON] = {"lodging": {"policy": "any"}}
        cost = "a lodging may be used twice" if lodging.policy == "change" else "the lodging changes"
        yield from _offer(case, ("lodging",), patch, ("let the lodgings be the same or different", cost))
    if lodging.categories:
        patch = {"lodging": {"categories": []}}
        cost = f"a night may be elsewhere than in a {' or '.join(lodging.categories)}"
        yield from _offer(case, ("lodging",), patch, ("accept any kind of lodging", cost))


def _relax_stars(case: _Case) -> Iterator[Relaxation]:
    asked = case.request.lodging.min_stars or 0
    known = {bed.place.stars.value for bed in case.bench.base.beds}
    for stars in sorted((s for s in known if s is not None and s < asked), reverse=True):
        patch: dict[str, JSON] = {"lodging": {"min_stars": stars}}
        words = (f"accept lodgings of {stars:g} stars", f"{stars:g} instead of {asked:g} stars")
        found = list(_offer(case, ("stars",), patch, words))
        yield from found
        if found:
            return
    words = ("accept lodgings whose stars are unknown", "the stars are not known")
    yield from _offer(case, ("stars",), {"lodging": {"min_stars": None}}, words)


def _relax_pets(case: _Case) -> Iterator[Relaxation]:
    pets = case.request.pets
    if pets is None:
        return
    if pets.confirmed:
        patch: dict[str, JSON] = {"pets": {"confirmed": False}}
        trip = case.try_patch(patch)
        if trip is not None:
            change = f"accept lodgings that must be asked whether they take a {pets.kind}"
            yield Relaxation(requirements=("pets",), change=change, cost="phone calls before booking", patch=patch)
            return
    words = (f"leave the {pets.kind} at home", f"no {pets.kind} on the trip")
    yield from _offer(case, ("pets",), {"pets": None}, words)


def _relax_budget(case: _Case) -> Iterator[Relaxation]:
    budget = case.request.budget
    if budget is None:
        return
    problem = replace(case.problem, budget=HUGE_CENTS)
    trip = find_any(problem).trip
    if trip is None:
        yield from _estimate_prices(case, budget)
        return
    cents = -(-sum_cost(problem, trip) // EURO) * EURO
    needed, more = (Money(cents=amount, currency=budget.currency) for amount in (cents, cents - budget.cents))
    patch: dict[str, JSON] = {"budget": needed.model_dump(mode="json")}
    yield from _offer(case, ("budget",), patch, (f"raise the budget to {needed}", f"{more} more"))


def _estimate_prices(case: _Case, budget: Money) -> Iterator[Relaxation]:
    """Offers the user's own estimate of a night, at most what the budget allows, where prices are unknown."""
    request = case.request
    if request.lodging_price is not None or request.nights == 0:
        return
    fees = sum(sight.fee or 0 for sight in case.problem.sights)
    cents = (budget.cents - fees) // (request.nights * request.party.rooms)
    if cents <= 0:
        return
    price = Money(cents=cents, currency=budget.currency)
    patch: dict[str, JSON] = {"lodging_price": price.model_dump(mode="json")}
    words = (f"give an estimate of a night's price, at most {price} a room", "the prices are yours, not the map's")
    yield from _offer(case, ("budget",), patch, words)


def _relax_drive(case: _Case) -> Iterator[Relaxation]:
    limit = case.request.drive_limit_s
    if limit is None or find_any(replace(case.problem, limit=LONGEST_DRIVE_S)).trip is None:
        return
    low, high = limit // STEP_S, LONGEST_DRIVE_S // STEP_S
    while high - low > 1:
        middle = (low + high) // 2
        if find_any(replace(case.problem, limit=middle * STEP_S)).trip is None:
            low = middle
        else:
            high = middle
    needed = high * STEP_S
    words = (f"drive up to {say_time(needed)} a day", f"{say_time(needed - limit)} more driving a day")
    yield from _offer(case, ("drive_limit",), {"drive_limit_s": needed}, words)


def _relax_dates(case: _Case) -> Iterator[Relaxation]:
    yield from _add_day(case)
    request, tried = case.request, 0
    for days in SHIFTS:
        try:
            first, last = (day + timedelta(days=days) for day in (request.start_date, request.end_date))
        except OverflowError:
            continue
        patch: dict[str, JSON] = {"start_date": first.isoformat(), "end_date": last.isoformat()}
        if tried >= TRIED_SHIFTS or find_certain_reason(apply_patch(request, patch), case.sources) is not None:
            continue
        tried += 1
        found = list(_offer(case, ("dates",), patch, (f"travel from {first} to {last}", _say_shift(days))))
        yield from found
        if found:
            return


def _add_day(case: _Case) -> Iterator[Relaxation]:
    request = case.request
    if request.days < LONGEST_DAYS:
        later = request.end_date + timedelta(days=1)
        words = (f"add a day, until {later}", "one more day and night")
        yield from _offer(case, ("dates",), {"end_date": later.isoformat()}, words)


def _say_shift(days: int) -> str:
    count = "1 day" if abs(days) == 1 else f"{abs(days)} days"
    return f"{count} {'later' if days > 0 else 'earlier'}"


def _pairs(case: _Case, requirements: Sequence[str]) -> Iterator[Relaxation]:
    """Yields, where giving up one requirement leaves another conflict, what to change beside it."""
    for requirement in requirements:
        patch = _give_up(case.request, requirement)
        if not patch:
            continue
        rest = _Case(case.bench.turn(apply_patch(case.request, patch)))
        for other in list_requirements(rest.request):
            for more in _relax(rest, other):
                change = f"give up “{say_requirement(case.request, requirement)}” and {more.change}"
                names = (requirement, *more.requirements)
                yield Relaxation(requirements=names, change=change, cost=more.cost, patch={**patch, **more.patch})
                break


def _give_up(request: TripRequest, requirement: str) -> dict[str, JSON]:
    if requirement.startswith(MUST):
        return {"must_see": _refs(request.must_see, requirement.removeprefix(MUST))}
    plain: dict[str, dict[str, JSON]] = {
        "pace": {"pace": "full"},
        "stars": {"lodging": {"min_stars": None}},
        "pets": {"pets": None},
        "budget": {"budget": None},
        "drive_limit": {"drive_limit_s": None},
    }
    return plain.get(requirement, {})
