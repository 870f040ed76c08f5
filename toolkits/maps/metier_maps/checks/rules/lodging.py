"""A bed for every night, of the kind asked for, that takes the pets."""

from collections.abc import Iterable

from metier.check import Check
from metier.verdict import Finding
from metier_maps.checks.reading import Reading, Rule, clock, make_check, nights_of, seconds_between, short, words_of
from metier_maps.facts import Tri
from metier_maps.itinerary import Day, Itinerary, Night
from metier_maps.place import Place

KIND = "lodging"


def _judge_nights(reading: Reading, rule: Rule) -> Iterable[Finding]:
    days = reading.trip.days
    for d, day in enumerate(days):
        subject = f"/days/{d}/night"
        if d == len(days) - 1:
            if day.night is not None:
                claimed = f"a night on {day.date}"
                yield rule.violated(subject, claimed, found="the trip is over", repair="Leave that night out.")
        elif day.night is None:
            yield rule.violated(subject, f"no night on {day.date}", found="a trip goes on", repair="Add a lodging.")
        else:
            yield _judge_night(rule, subject, day, day.night)


def _judge_night(rule: Rule, subject: str, day: Day, night: Night) -> Finding:
    claimed = f"{short(night.place.name)} on {day.date}"
    if night.place.id != day.end.id:
        found = f"the day ends at {short(day.end.name)}"
        return rule.violated(subject, claimed, found=found, repair="End the day at its lodging.")
    if seconds_between(night.arrive, day.arrive) != 0:
        found = f"the day ends at {clock(day.arrive)}, the night begins at {clock(night.arrive)}"
        return rule.violated(subject, claimed, found=found, repair="Write the arrival of the last leg.")
    return rule.holds(subject, claimed)


def _judge_lodging(reading: Reading, rule: Rule) -> Iterable[Finding]:
    wish = reading.trip.request.lodging
    kinds = {word for category in wish.categories for word in words_of((category,))[:1]}
    for subject, _, night in nights_of(reading.trip):
        cited = reading.cited_place(night.citations, night.place.id)
        claimed = short(night.place.name)
        repair = "Choose a lodging that fits."
        if cited.place is None:
            repair = "Cite the lodging as the map tool returned it."
            yield rule.violated(subject, claimed, found=cited.problem, repair=repair)
        elif misfit := _misfit(cited.place, kinds, wish.min_stars):
            yield rule.violated(subject, claimed, found=misfit, repair=repair, evidence=cited.id)
        else:
            yield rule.holds(subject, claimed, cited.id)
    yield from _judge_policy(reading.trip, rule)


def _misfit(place: Place, kinds: set[str], least: float | None) -> str:
    """Returns why the place is not what was asked for, or ""."""
    words = words_of(place.categories)
    if KIND not in words:
        return f"a {short(', '.join(place.categories)) or 'place'}, no lodging"
    if kinds and kinds.isdisjoint(words):
        return f"a {short(place.categories[0])}, asked for {short(', '.join(sorted(kinds)))}"
    stars = place.stars.value
    if least is not None and not (stars is not None and stars >= least):
        return f"{'unknown' if stars is None else stars} stars, asked for {least}"
    return ""


def _judge_policy(trip: Itinerary, rule: Rule) -> Iterable[Finding]:
    policy = trip.request.lodging.policy
    nights = [(subject, night.place) for subject, _, night in nights_of(trip)]
    if policy == "any" or not nights:
        return
    broken = False
    seen: set[str] = set()
    for subject, place in nights:
        if seen and (place.id in seen) == (policy == "change"):
            broken = True
            asked = "a different one every night" if policy == "change" else "the same one every night"
            yield rule.violated(subject, short(place.name), found=f"asked for {asked}", repair=f"Sleep at {asked}.")
        seen.add(place.id)
    if not broken:
        yield rule.holds("lodging", f"{policy}: {len(seen)} lodgings for {len(nights)} nights")


def _judge_pets(reading: Reading, rule: Rule) -> Iterable[Finding]:
    for subject, _, night in nights_of(reading.trip):
        cited = reading.cited_place(night.citations, night.place.id)
        name = short(night.place.name)
        if cited.place is None:
            repair = "Cite the lodging as the map tool returned it."
            yield rule.violated(subject, f"pets at {name}", found=cited.problem, repair=repair)
            continue
        known = cited.place.dogs
        claimed = f"dogs at {name}: {night.dogs.value or Tri.UNKNOWN}"
        if night.dogs != known:
            found = f"{known.value or Tri.UNKNOWN} ({short(known.source)})"
            yield rule.violated(subject, claimed, found=found, repair="Show what the map says.", evidence=cited.id)
        else:
            yield from _judge_welcome(reading, rule, (subject, claimed, cited.id), cited.place)


def _judge_welcome(reading: Reading, rule: Rule, named: tuple[str, str, str], place: Place) -> Iterable[Finding]:
    subject, claimed, evidence = named
    pets, policy = reading.trip.request.pets, place.dogs.value or Tri.UNKNOWN
    if pets is None:
        return
    ask = f"Ask, phone {short(place.phone.value)}." if place.phone.value else "Ask; the map gives no phone."
    if policy is Tri.YES:
        yield rule.holds(subject, claimed, evidence)
    elif policy is Tri.NO:
        repair = "Choose a lodging that takes them."
        yield rule.violated(subject, claimed, found=f"no {pets.kind} there", repair=repair, evidence=evidence)
    elif pets.confirmed:
        repair = f"Choose a lodging that says yes, or: {ask}"
        yield rule.violated(subject, claimed, found="the map does not say", repair=repair, evidence=evidence)
    else:
        yield rule.unknown(subject, claimed, found="the map does not say", repair=ask, evidence=evidence)


CHECKS: tuple[Check, ...] = (
    make_check("nights", "There is a night for each day but the last, where the day ends.", _judge_nights),
    make_check("lodging", "Each night is in a real lodging of the kind, stars and change asked for.", _judge_lodging),
    make_check("pets", "Each lodging's pet policy is the map's, and lets the pets in.", _judge_pets),
)
