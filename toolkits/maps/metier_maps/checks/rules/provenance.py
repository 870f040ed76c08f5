"""Every place and every fact shown is evidence of this run, unaltered."""

from collections.abc import Iterable, Iterator

from metier.check import CITED, Check
from metier.evidence import Citation
from metier.verdict import Finding
from metier_maps.checks.reading import (
    Reading,
    Rule,
    is_untouched,
    make_check,
    nights_of,
    read_region,
    short,
    words_of,
)
from metier_maps.itinerary import Day, Itinerary, Night, Stop
from metier_maps.place import Place
from metier_maps.request import PlaceRef

MAX_TEXT, MAX_LINES, MAX_STOPS = 2000, 500, 60
EATING = frozenset({"food", "lodging"})


def _judge_places(reading: Reading, rule: Rule) -> Iterable[Finding]:
    for d, day in enumerate(reading.trip.days):
        for i, stop in enumerate(day.stops):
            subject = f"/days/{d}/stops/{i}"
            if stop.kind == "meal" and (found := _why_no_meal(reading, day, stop.place.id)):
                repair = "Eat where there is food, or where one is already; call a visit a sight."
                yield rule.violated(subject, f"a meal at {short(stop.place.name)}", found=found, repair=repair)
            elif stop.kind == "sight" or stop.citations:
                yield _judge_cited(reading, rule, (subject, stop))
            else:
                yield _judge_meal(reading, rule, subject, stop)
    for subject, _, night in nights_of(reading.trip):
        yield _judge_cited(reading, rule, (subject, night))


def _why_no_meal(reading: Reading, day: Day, place_id: str) -> str:
    """Returns why a drive to that place is for no meal, or "": a visit sold as one would escape fees and pace."""
    known = reading.find_place(place_id)
    driven_to = any(leg.destination.id == place_id for leg in day.legs[:-1])
    is_sight = any(stop.kind == "sight" and stop.place.id == place_id for stop in day.stops)
    words = () if known is None else words_of(known.categories)
    if "sight" not in words or not driven_to or is_sight or not EATING.isdisjoint(words):
        return ""
    return f"a {short(words[0])}, no place to eat"


def _judge_cited(reading: Reading, rule: Rule, named: tuple[str, Stop | Night]) -> Finding:
    subject, visit = named
    cited = reading.cited_place(visit.citations, visit.place.id)
    claimed = f"{short(visit.place.name)} ({short(visit.place.id)})"
    if cited.place is None:
        repair = "Cite the place as the map tool returned it, or leave it out."
        return rule.violated(subject, claimed, found=cited.problem, repair=repair)
    return _judge_shown(rule, (subject, visit), cited.place, cited.id)


def _judge_meal(reading: Reading, rule: Rule, subject: str, stop: Stop) -> Finding:
    known = reading.find_place(stop.place.id)
    if known is None:
        claimed = f"a meal at {short(stop.place.name)}"
        return rule.violated(subject, claimed, found="no such place in this run", repair="Cite where it is.")
    return _judge_shown(rule, (subject, stop), known, "")


def _judge_shown(rule: Rule, named: tuple[str, Stop | Night], place: Place, evidence: str) -> Finding:
    subject, visit = named
    claimed = f"{short(visit.place.name)} ({short(visit.place.id)})"
    wrong = list(_differences(visit, place))
    if wrong:
        found = "; ".join(wrong[:4])
        return rule.violated(subject, claimed, found=found, repair="Show what the map says.", evidence=evidence)
    return rule.holds(subject, claimed, *((evidence,) if evidence else ()))


def _differences(visit: Stop | Night, place: Place) -> Iterator[str]:
    """Returns what the map says where the itinerary shows something else."""
    if not is_name_of(visit.place.name, place):
        yield f"the name {short(place.name)}"
    if (visit.lat, visit.lon) != (place.lat, place.lon):
        yield f"the position {place.lat}, {place.lon}"
    if isinstance(visit, Night):
        for name in ("stars", "phone", "website"):
            known = getattr(place, name)
            if getattr(visit, name) != known:
                yield f"{name} {short(str(known.value))} ({short(known.source)})"
    elif not set(visit.categories) <= set(place.categories):
        yield f"the categories {short(', '.join(place.categories))}"


def is_name_of(name: str, place: Place) -> bool:
    """Returns whether the map calls the place so, in any language."""
    others = (part.strip() for text in place.names.values() for part in text.split(";"))
    return name == place.name or name in place.names.values() or name in set(others)


def _judge_refs(reading: Reading, rule: Rule) -> Iterable[Finding]:
    for d, day in enumerate(reading.trip.days):
        refs = {(day.start.id, day.start.name), (day.end.id, day.end.name)}
        refs |= {(ref.id, ref.name) for leg in day.legs for ref in (leg.origin, leg.destination)}
        wrong = [text for id_, name in sorted(refs) if (text := _unknown(reading, PlaceRef(id=id_, name=name)))]
        if wrong:
            found = "; ".join(wrong[:3])
            yield rule.violated(f"/days/{d}", "known places", found=found, repair="Name places as the map does.")
        else:
            yield rule.holds(f"/days/{d}", f"{len(refs)} known places")


def _unknown(reading: Reading, ref: PlaceRef) -> str:
    known = reading.find_place(ref.id)
    if known is None:
        return f"{short(ref.name)} ({short(ref.id)}) is no place of this run"
    return "" if is_name_of(ref.name, known) else f"{short(ref.id)} is {short(known.name)}, not {short(ref.name)}"


def _judge_intact(reading: Reading, rule: Rule) -> Iterable[Finding]:
    broken = False
    for subject, citation in _citations(reading.trip):
        item = reading.evidence.get(citation.evidence)
        if item is not None and (item.id != citation.evidence or not is_untouched(item)):
            broken = True
            yield rule.violated(
                subject,
                short(citation.evidence),
                found="its digest does not fit its content",
                repair="Cite evidence as the tool returned it.",
            )
    if not broken:
        yield rule.holds("evidence", "all that is cited is as it was recorded")


def _citations(trip: Itinerary) -> Iterator[tuple[str, Citation]]:
    for claim in trip.claims():
        yield from ((claim.subject, citation) for citation in claim.citations)


def _judge_region(reading: Reading, rule: Rule) -> Iterable[Finding]:
    region, wanted = reading.trip.region, reading.trip.request.region
    claimed = f"{short(region.name)}, {short(region.attribution)}"
    if not region.attribution.strip():
        yield rule.violated("/region", claimed, found="no attribution", repair="Name the source of the map.")
    if wanted.casefold() not in (region.id.casefold(), region.name.casefold()):
        yield rule.violated("/region", claimed, found=f"asked for {short(wanted)}", repair="Plan in that region.")
    known = [item for item in reading.evidence.values() if (item.source, item.locator) == (reading.source, "region")]
    if any(read_region(item) == region for item in known):
        yield rule.holds("/region", claimed)
    elif known:
        found = "the map says otherwise of its zone, country, date or licence"
        yield rule.violated("/region", claimed, found=found, repair="Copy the region from the map.")
    else:
        repair = "Let the map tool tell about its region."
        yield rule.unknown("/region", claimed, found="no evidence of zone and country", repair=repair)


def _judge_bounds(reading: Reading, rule: Rule) -> Iterable[Finding]:
    trip = reading.trip
    texts = (trip.title, *trip.assumptions, *trip.warnings, *(other.title for other in trip.alternatives))
    if not trip.title.strip() or max(map(len, texts)) > MAX_TEXT or len(texts) > MAX_LINES:
        yield rule.violated("/title", "texts", found="none, or beyond reason", repair="Shorten the texts.")
    crowded = [d for d, day in enumerate(trip.days) if max(len(day.stops), len(day.legs)) > MAX_STOPS]
    for d in crowded:
        yield rule.violated(f"/days/{d}", "a day", found=f"more than {MAX_STOPS} stops", repair="Plan fewer.")
    if not crowded:
        yield rule.holds("/days", f"{len(trip.days)} days of reasonable size")


CHECKS: tuple[Check, ...] = (
    CITED,
    make_check("places", "Each place is evidence of this run, and is shown as the map has it.", _judge_places),
    make_check("names", "Every place that is named exists and bears that name.", _judge_refs),
    make_check("intact", "No cited evidence was altered.", _judge_intact),
    make_check("region", "The region, its zone and its attribution are the map's.", _judge_region),
    make_check("bounds", "Texts and days are of reasonable size.", _judge_bounds),
)
