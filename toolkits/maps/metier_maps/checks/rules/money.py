"""What it costs, from prices in the evidence, and whether that is within the budget."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from metier.check import Check
from metier.verdict import Finding
from metier_maps.checks.reading import Reading, Rule, make_check, nights_of, short, sights_of
from metier_maps.facts import Fact, Money, Tri
from metier_maps.place import Place
from metier_maps.request import TripRequest

BY_USER = "user"


@dataclass(frozen=True, slots=True)
class _Item:
    """Something that costs money: `due` is for the whole party, None where nobody knows."""

    subject: str
    name: str
    due: Money | None


def price_of_night(place: Place, request: TripRequest) -> Fact[Money]:
    """Returns the price of a room for a night: the map's, else the user's estimate, else unknown."""
    if place.price.value is None and request.lodging_price is not None:
        return Fact[Money](value=request.lodging_price, source=BY_USER)
    return place.price


def entrance_to(place: Place, request: TripRequest) -> Money | None:
    """Returns what the whole party pays to enter, or None where nobody knows. A price is per person."""
    price = place.price.value
    if price is not None:
        return Money(cents=price.cents * request.party.people, currency=price.currency)
    if place.fee.value is Tri.NO:
        return Money(cents=0)
    return None


def _judge_prices(reading: Reading, rule: Rule) -> Iterable[Finding]:
    request = reading.trip.request
    for subject, _, night in nights_of(reading.trip):
        cited = reading.cited_place(night.citations, night.place.id)
        if cited.place is None:
            continue  # the check of provenance says so
        known = price_of_night(cited.place, request)
        ok = night.price in (known, cited.place.price) or (known.source == BY_USER and night.price.value == known.value)
        yield _judge_price(rule, (f"{subject}/price", night.price.value), known.value, ok=ok)
    for subject, _, stop in sights_of(reading.trip):
        cited = reading.cited_place(stop.citations, stop.place.id)
        if cited.place is not None:
            shown = stop.cost.value if stop.cost is not None else None
            due = entrance_to(cited.place, request)
            is_free = due is not None and due.cents == 0
            ok = shown == due or (is_free and (shown is None or shown.cents == 0))
            ok = ok and (stop.cost is None or stop.cost.source in (cited.place.price.source, cited.place.fee.source))
            yield _judge_price(rule, (f"{subject}/cost", shown), due, ok=ok)


def _judge_price(rule: Rule, named: tuple[str, Money | None], known: Money | None, *, ok: bool) -> Finding:
    subject, shown = named
    claimed = _text(shown)
    if ok:
        return rule.holds(subject, claimed)
    return rule.violated(subject, claimed, found=_text(known), repair="Show the price that is known, or none.")


def _judge_budget(reading: Reading, rule: Rule) -> Iterable[Finding]:
    trip = reading.trip
    items = list(_items(reading))
    known = [item.due for item in items if item.due is not None]
    total = _sum(known, trip.cost.value, trip.request.budget)
    claimed = f"{_text(trip.cost.value)} in all"
    unpriced = [item for item in items if item.due is None and item.subject.endswith("/night")]
    if trip.cost.value is not None and (trip.cost.value != total or unpriced):
        found = f"no price for {short(unpriced[0].name)}" if unpriced else f"known prices sum to {_text(total)}"
        yield rule.violated("/cost", claimed, found=found, repair="Write the sum of the known prices, or none.")
    elif trip.cost.value is not None:
        yield rule.holds("/cost", claimed)
    if trip.request.budget is not None:
        yield from _judge_limit(reading, rule, items, total)


def _judge_limit(reading: Reading, rule: Rule, items: list[_Item], total: Money | None) -> Iterable[Finding]:
    trip, budget = reading.trip, reading.trip.request.budget
    unknown = [item for item in items if item.due is None]
    for item in unknown:
        if item.subject.endswith("/night"):
            repair = "Give a price per night (lodging_price), or choose a lodging with a price."
            yield rule.violated("budget", f"a night at {short(item.name)}", found="no price known", repair=repair)
        elif not any(item.name in said and ("entrance" in said or "fee" in said) for said in trip.assumptions):
            repair = "State as an assumption that its entrance fee is not included."
            yield rule.unknown("budget", f"entrance to {short(item.name)}", found="no price known", repair=repair)
    if budget is None:
        return
    if total is None or trip.cost.value is None:
        found = "prices in several currencies" if total is None else f"known prices sum to {_text(total)}"
        yield rule.violated("budget", f"within {_text(budget)}", found=found, repair="State one total in its currency.")
    elif total.cents > budget.cents:
        over = Money(cents=total.cents - budget.cents, currency=budget.currency)
        yield rule.violated("budget", f"within {_text(budget)}", found=_text(total), repair=f"Save {_text(over)}.")
    elif not any(item.subject.endswith("/night") for item in unknown):
        yield rule.holds("budget", f"{_text(total)} of {_text(budget)}")


def _items(reading: Reading) -> Iterator[_Item]:
    """Returns every night and sight with what it costs the party by the evidence, never by the itinerary."""
    request = reading.trip.request
    for subject, _, night in nights_of(reading.trip):
        place = reading.cited_place(night.citations, night.place.id).place
        price = None if place is None else price_of_night(place, request).value
        due = None if price is None else Money(cents=price.cents * request.party.rooms, currency=price.currency)
        yield _Item(subject, night.place.name, due)
    for subject, _, stop in sights_of(reading.trip):
        place = reading.cited_place(stop.citations, stop.place.id).place
        yield _Item(subject, stop.place.name, None if place is None else entrance_to(place, request))


def _sum(known: list[Money], *likely: Money | None) -> Money | None:
    """Returns the sum, or None for several currencies; what costs nothing has no currency of its own."""
    currencies = {money.currency for money in known if money.cents} | {m.currency for m in likely if m is not None}
    if len(currencies) > 1:
        return None
    currency = currencies.pop() if currencies else Money(cents=0).currency
    return Money(cents=sum(money.cents for money in known), currency=currency)


def _text(money: Money | None) -> str:
    if money is None:
        return "an unknown price"
    return short(str(money)) if abs(money.cents) < 10**12 else "an absurd price"


CHECKS: tuple[Check, ...] = (
    make_check("prices", "Each price shown is the one known, or the user's estimate where none is.", _judge_prices),
    make_check("budget", "The total is the sum of known prices, and within the budget.", _judge_budget),
)
