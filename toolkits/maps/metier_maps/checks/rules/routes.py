"""Each leg is one the router gave, and is drawn where it runs."""

from collections.abc import Iterable, Mapping

from metier.check import Check
from metier.evidence import Evidence
from metier.verdict import Finding
from metier_maps.checks.reading import Reading, Rule, count, is_untouched, make_check, short
from metier_maps.itinerary import Day, Leg
from metier_maps.place import Place
from metier_maps.routing.router import Point
from metier_maps.routing.sphere import line_length, measure

MAX_END_M, MAX_OFF_M, MAX_OFF_SHARE = 1_000, 100, 0.05
FIELDS = ("origin", "destination", "mode", "on", "duration_s", "distance_m", "router")


def _judge(reading: Reading, rule: Rule) -> Iterable[Finding]:
    for d, day in enumerate(reading.trip.days):
        for i, leg in enumerate(day.legs):
            yield _judge_leg(reading, rule, day, (f"/days/{d}/legs/{i}", leg))
    if any(leg.router != reading.trip.router for day in reading.trip.days for leg in day.legs):
        yield rule.violated(
            "/router", short(reading.trip.router), found="legs of another router", repair="Name the router of the legs."
        )


def _judge_leg(reading: Reading, rule: Rule, day: Day, named: tuple[str, Leg]) -> Finding:
    subject, leg = named
    claimed = f"{short(leg.origin.name)} to {short(leg.destination.name)}: {_numbers(leg.duration_s, leg.distance_m)}"
    cited = [item for c in leg.citations if (item := reading.evidence.get(c.evidence)) is not None]
    routes = [item for item in cited if _is_route(item)]
    if not routes:
        found = "altered evidence" if any(_looks_like_route(item) for item in cited) else "no route of this run"
        return rule.violated(subject, claimed, found=found, repair=f"Ask the router for it on {day.date}; cite that.")
    wanted = {
        "origin": leg.origin.id,
        "destination": leg.destination.id,
        "mode": leg.mode,
        "on": day.date.isoformat(),
        "duration_s": leg.duration_s,
        "distance_m": leg.distance_m,
        "router": leg.router,
    }
    differing = [_differences(item, wanted) for item in routes]
    least, item = min(zip(differing, routes, strict=True), key=lambda pair: len(pair[0]))
    if not least:
        return rule.holds(subject, claimed, item.id)
    return rule.violated(
        subject, claimed, found=f"the router gave {', '.join(least)}", repair="Write what it gave.", evidence=item.id
    )


def _looks_like_route(item: Evidence) -> bool:
    return item.source.startswith("router:") and isinstance(item.value, dict)


def _is_route(item: Evidence) -> bool:
    return _looks_like_route(item) and is_untouched(item)


def _differences(item: Evidence, wanted: Mapping[str, object]) -> list[str]:
    value = item.value if isinstance(item.value, dict) else {}
    given = {name: value.get(name) for name in FIELDS}
    return [
        f"{name} {short(str(given[name]))}"
        for name in FIELDS
        if given[name] != wanted[name] or isinstance(given[name], bool)
    ]


def _numbers(seconds: int, metres: int) -> str:
    return f"{count(seconds, 's')}, {count(metres, 'm')}"


def _judge_lines(reading: Reading, rule: Rule) -> Iterable[Finding]:
    drawn = 0
    for d, day in enumerate(reading.trip.days):
        for i, leg in enumerate(day.legs):
            if problem := _misdrawn(reading, leg):
                claimed = f"the line from {short(leg.origin.name)} to {short(leg.destination.name)}"
                repair = "Draw the line that the router gave, or none."
                yield rule.violated(f"/days/{d}/legs/{i}/line", claimed, found=problem, repair=repair)
            elif leg.line:
                drawn += 1
    if drawn:
        yield rule.holds("lines", f"{drawn} lines run from end to end, each as long as its leg")


def _misdrawn(reading: Reading, leg: Leg) -> str:
    """Returns what is wrong with the line of a leg, or "": nothing is where none is drawn."""
    line = [Point(lat, lon) for lat, lon in leg.line]
    if not line:
        return ""
    if not all(abs(point.lat) <= 90 and abs(point.lon) <= 180 for point in line):
        return "a point that is not on Earth"
    for word, ref, point in (("begins", leg.origin, line[0]), ("ends", leg.destination, line[-1])):
        place = reading.find_place(ref.id)
        away = 0.0 if place is None else _distance(place, point)
        if away > MAX_END_M:
            return f"it {word} {count(round(away), 'm')} from {short(ref.name)}"
    length = line_length(line)
    if abs(length - leg.distance_m) > MAX_OFF_M + MAX_OFF_SHARE * length:
        return f"it is {count(round(length), 'm')} long"
    return ""


def _distance(place: Place, point: Point) -> float:
    return measure(Point(place.lat, place.lon), point)


LEG_MATCHES_ROUTER = make_check(
    "leg_matches_router", "Each leg's ends, day, mode, time and distance are what the router gave in this run.", _judge
)
LINES = make_check("lines", "Each line that is drawn joins the ends of its leg and is as long.", _judge_lines)
CHECKS: tuple[Check, ...] = (LEG_MATCHES_ROUTER, LINES)
