"""The sums add up, and the days join."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from metier.check import Check
from metier.verdict import Finding
from metier_maps.checks.reading import Reading, Rule, clock, count, local_time, make_check, seconds_between, short
from metier_maps.itinerary import Day, Leg, Stop

MIN_STAY_S = 5 * 60
MAX_NUMBER = 10**9


def _judge_sums(reading: Reading, rule: Rule) -> Iterable[Finding]:
    for d, day in enumerate(reading.trip.days):
        for i, leg in enumerate(day.legs):
            yield _judge_leg(rule, f"/days/{d}/legs/{i}", leg)
        for i, stop in enumerate(day.stops):
            yield _judge_stop(rule, f"/days/{d}/stops/{i}", stop)
        sums = (sum(leg.duration_s for leg in day.legs), sum(leg.distance_m for leg in day.legs))
        yield _judge_total(rule, f"/days/{d}", (day.drive_s, day.distance_m), sums)
    trip = reading.trip
    sums = (sum(day.drive_s for day in trip.days), sum(day.distance_m for day in trip.days))
    yield _judge_total(rule, "", (trip.drive_s, trip.distance_m), sums)


def _judge_leg(rule: Rule, subject: str, leg: Leg) -> Finding:
    claimed = f"{clock(leg.depart)} + {count(leg.duration_s, 's')} = {clock(leg.arrive)}"
    took = seconds_between(leg.depart, leg.arrive)
    if not (0 <= leg.duration_s < MAX_NUMBER and 0 <= leg.distance_m < MAX_NUMBER):
        return rule.violated(subject, claimed, found="no sane time or distance", repair="Write what the router gave.")
    if took != leg.duration_s:
        found = f"{count(took, 's')} between them"
        return rule.violated(subject, claimed, found=found, repair="Arrive when the drive ends.")
    return rule.holds(subject, claimed)


def _judge_stop(rule: Rule, subject: str, stop: Stop) -> Finding:
    claimed = f"arrive {clock(stop.arrive)}, begin {clock(stop.begin)}, leave {clock(stop.leave)}"
    if seconds_between(stop.arrive, stop.begin) < 0:
        return rule.violated(subject, claimed, found="begins before it is reached", repair="Begin after arriving.")
    stay = seconds_between(stop.begin, stop.leave)
    if stay < MIN_STAY_S:
        found = f"a stay of {count(stay, 's')}"
        return rule.violated(subject, claimed, found=found, repair="Stay at least five minutes, or leave it out.")
    return rule.holds(subject, claimed)


def _judge_total(rule: Rule, subject: str, claimed: tuple[int, int], sums: tuple[int, int]) -> Finding:
    words = f"{count(claimed[0], 's')} and {count(claimed[1], 'm')} in all"
    if claimed != sums or max(sums) >= MAX_NUMBER:
        found = f"{count(sums[0], 's')} and {count(sums[1], 'm')}"
        return rule.violated(f"{subject}/drive_s", words, found=found, repair="Write the sum of the legs.")
    return rule.holds(f"{subject}/drive_s", words)


def _judge_chain(reading: Reading, rule: Rule) -> Iterable[Finding]:
    days = reading.trip.days
    for d, day in enumerate(days):
        subject = f"/days/{d}"
        breaks = list(_breaks_of(day))
        if d and days[d - 1].end.id != day.start.id:
            breaks.insert(
                0, f"it starts at {short(day.start.name)}, the day before ended at {days[d - 1].end.name:.80}"
            )
        if breaks:
            yield rule.violated(subject, _course(day), found="; ".join(breaks[:3]), repair="Join the legs end to end.")
        else:
            yield rule.holds(subject, _course(day))


def _course(day: Day) -> str:
    stops = f"{len(day.stops)} stops" if len(day.stops) != 1 else "1 stop"
    return f"{short(day.start.name)} {clock(day.depart)} over {stops} to {short(day.end.name)} {clock(day.arrive)}"


def _breaks_of(day: Day) -> Iterator[str]:
    """Returns where the day tears: a leg that starts elsewhere, too early, or leads to another place than the next."""
    legs = iter(day.legs)
    here, since, first = day.start, day.depart, True
    for stop in day.stops:
        if stop.kind == "meal" and stop.place.id == here.id:
            reached = since
            if seconds_between(since, stop.arrive) < 0:
                yield f"{short(stop.place.name)} is reached before one is there"
        else:
            leg = next(legs, None)
            if leg is None:
                yield f"no leg to {short(stop.place.name)}"
                return
            yield from _tears(leg, (here.id, stop.place.id), since, exact=first)
            reached = leg.arrive
            if seconds_between(reached, stop.arrive) != 0:
                yield f"{short(stop.place.name)} is reached at {clock(reached)}, not {clock(stop.arrive)}"
        here, since, first = stop.place, stop.leave, False
    yield from _breaks_at_end(day, list(legs), (here.id, since, first))


def _breaks_at_end(day: Day, rest: list[Leg], left: tuple[str, datetime, bool]) -> Iterator[str]:
    here, since, first = left
    if len(rest) > 1:
        yield f"{len(rest) - 1} legs too many"
    elif rest:
        yield from _tears(rest[0], (here, day.end.id), since, exact=first)
        if seconds_between(rest[0].arrive, day.arrive) != 0:
            yield f"the last leg arrives at {clock(rest[0].arrive)}, the day at {clock(day.arrive)}"
    elif here != day.end.id:
        yield f"no leg to {short(day.end.name)}"
    elif seconds_between(since, day.arrive) < 0:
        yield "it ends before its last stop"


def _tears(leg: Leg, ends: tuple[str, str], since: datetime, *, exact: bool) -> Iterator[str]:
    if (leg.origin.id, leg.destination.id) != ends:
        yield f"a leg runs from {short(leg.origin.name)} to {short(leg.destination.name)}"
    waited = seconds_between(since, leg.depart)
    if waited < 0 or (exact and waited != 0):
        yield f"the leg to {short(leg.destination.name)} departs at {clock(leg.depart)}, not {clock(since)}"


def _judge_dates(reading: Reading, rule: Rule) -> Iterable[Finding]:
    trip, request = reading.trip, reading.trip.request
    expected = [request.date_of(n) for n in range(request.days)]
    claimed = f"{len(trip.days)} days from {trip.days[0].date if trip.days else 'nowhere'}"
    if [day.date for day in trip.days] == expected:
        yield rule.holds("dates", claimed)
    else:
        found = f"asked for {request.start_date} to {request.end_date}, day after day"
        yield rule.violated("dates", claimed, found=found, repair="Plan each day once, in order.")
    for d, day in enumerate(trip.days):
        yield _judge_zone(reading, rule, (f"/days/{d}", day))


def _judge_zone(reading: Reading, rule: Rule, named: tuple[str, Day]) -> Finding:
    subject, day = named
    name = short(reading.trip.timezone)
    zone = reading.zone
    if zone is None or reading.trip.timezone != reading.trip.region.timezone:
        found = f"the region is in {short(reading.trip.region.timezone)}"
        return rule.violated(subject, f"times in {name}", found=found, repair="Use the zone of the region.")
    for moment in _moments_of(day):
        there = local_time(moment, zone)
        if there is None or there.utcoffset() != moment.utcoffset() or moment.date() != day.date:
            found = f"{moment.isoformat()} is not {day.date} there"
            return rule.violated(subject, f"times in {name}", found=found, repair="Write local times of that day.")
    return rule.holds(subject, f"every time is local time in {name} on {day.date}")


def _moments_of(day: Day) -> Iterator[datetime]:
    yield from (day.depart, day.arrive)
    for leg in day.legs:
        yield from (leg.depart, leg.arrive)
    for stop in day.stops:
        yield from (stop.arrive, stop.begin, stop.leave)
    if day.night is not None:
        yield day.night.arrive


CHECKS: tuple[Check, ...] = (
    make_check("sums", "Departure + drive = arrival, stays are long enough, and totals are sums.", _judge_sums),
    make_check("joined", "Each day runs from where the last ended over every stop to its end.", _judge_chain),
    make_check("dates", "There is one day for each date asked for, in order, in local time.", _judge_dates),
)
