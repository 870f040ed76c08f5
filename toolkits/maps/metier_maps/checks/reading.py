"""An itinerary beside the evidence of its run: what every check reads."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from metier.answer import Answer
from metier.check import Check, EvidenceById
from metier.evidence import Citation, Evidence, is_intact
from metier.task import Task
from metier.verdict import Finding, Outcome
from metier_maps.itinerary import Day, Itinerary, Night, Stop
from metier_maps.place import Place, Region
from metier_maps.places.categories import CATEGORIES, ancestors_of, find_category

EPOCH = datetime(1970, 1, 1, tzinfo=UTC).replace(tzinfo=None)
NOT_ZONES = ("right/", "posix/", "posixrules", "Factory", "localtime")


@dataclass(frozen=True)
class Reading:
    """A task, its itinerary and the evidence of the run."""

    task: Task
    trip: Itinerary
    evidence: EvidenceById

    @cached_property
    def zone(self) -> ZoneInfo | None:
        """Returns the time zone of the region, or None when its name is none."""
        return find_zone(self.trip.region.timezone)

    @cached_property
    def source(self) -> str:
        """Returns the source that evidence of this region's places has."""
        return f"map:{self.trip.region.id}"

    def find_place(self, place_id: str) -> Place | None:
        """Returns the place of the region that evidence of the run holds, or None. Altered evidence is left out."""
        named = (item for item in self.evidence.values() if (item.locator, item.source) == (place_id, self.source))
        return next((place for item in named if (place := read_place(item)) is not None), None)

    def cited_place(self, citations: Sequence[Citation], place_id: str) -> "Cited":
        """Returns the place that one of the citations holds, or what is wrong with the last of them."""
        problem = "no citation"
        for citation in citations:
            item = self.evidence.get(citation.evidence)
            place = None if item is None else read_place(item)
            if item is None:
                problem = f"no evidence {short(citation.evidence)} in this run"
            elif place is None:
                problem = f"{item.id} is altered or no place" if item.locator == place_id else f"{item.id} is no place"
            elif item.source != self.source:
                problem = f"{item.id} is from {short(item.source)}, not from {self.source}"
            elif place.id != place_id:
                problem = f"{item.id} is evidence of {short(place.id)}"
            else:
                return Cited(place, item.id)
        return Cited(None, problem=problem)


@dataclass(frozen=True, slots=True)
class Cited:
    """The place that evidence `id` holds; without it, `problem` says why."""

    place: Place | None
    id: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """Makes the findings of one rule."""

    name: str

    def holds(self, subject: str, claimed: str = "", *evidence: str) -> Finding:
        """Returns the finding that it holds."""
        return Finding(self.name, subject, Outcome.HOLDS, claimed, evidence=evidence)

    def violated(self, subject: str, claimed: str, *, found: str, repair: str, evidence: str = "") -> Finding:
        """Returns the finding that it does not, with what was found instead and the smallest repair."""
        ids = (evidence,) if evidence else ()
        return Finding(self.name, subject, Outcome.VIOLATED, claimed, found, repair, ids)

    def unknown(self, subject: str, claimed: str, *, found: str, repair: str, evidence: str = "") -> Finding:
        """Returns the finding that the evidence does not tell."""
        ids = (evidence,) if evidence else ()
        return Finding(self.name, subject, Outcome.UNKNOWN, claimed, found, repair, ids)


def make_check(name: str, promise: str, judge: Callable[[Reading, Rule], Iterable[Finding]]) -> Check:
    """Returns the check that holds an itinerary against its evidence; any other answer violates it."""
    rule = Rule(name)

    def judge_answer(task: Task, answer: Answer, evidence: EvidenceById) -> Iterable[Finding]:
        if isinstance(answer, Itinerary):
            yield from judge(Reading(task, answer, evidence), rule)
        else:
            yield rule.violated("", type(answer).__name__, found="no itinerary", repair="Answer with an itinerary.")

    return Check(name, promise, judge_answer)


def read_place(item: Evidence) -> Place | None:
    """Returns the place that untouched evidence holds under its own id, or None."""
    if not is_untouched(item):
        return None
    try:
        place = Place.model_validate(item.value)
    except ValidationError:
        return None
    return place if place.id == item.locator else None


def read_region(item: Evidence) -> Region | None:
    """Returns the region that untouched evidence holds, or None."""
    if not is_untouched(item):
        return None
    try:
        return Region.model_validate(item.value)
    except ValidationError:
        return None


def is_untouched(item: Evidence) -> bool:
    """Returns whether the evidence is as it was recorded; what cannot be digested is not."""
    try:
        return is_intact(item)
    except (TypeError, ValueError, RecursionError):
        return False


def find_zone(name: str) -> ZoneInfo | None:
    """Returns the time zone of that IANA name, or None."""
    if name.startswith(NOT_ZONES):
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def seconds_between(earlier: datetime, later: datetime) -> float:
    """Returns the seconds from one moment to another as clocks in UTC count them, across any change of the clock."""
    return (_since_epoch(later) - _since_epoch(earlier)).total_seconds()


def _since_epoch(moment: datetime) -> timedelta:
    return moment.replace(tzinfo=None) - EPOCH - (moment.utcoffset() or timedelta(0))


def local_time(moment: datetime, zone: ZoneInfo) -> datetime | None:
    """Returns the moment on the clocks of the zone, or None at the edge of the calendar."""
    try:
        return moment.astimezone(zone)
    except (OverflowError, ValueError):
        return None


def clock(moment: datetime, on: date | None = None) -> str:
    """Returns "HH:MM" with seconds where there are any, and the date where it is not `on`."""
    time_text = moment.strftime("%H:%M:%S" if moment.second else "%H:%M")
    return time_text if on is None or moment.date() == on else f"{moment.date().isoformat()} {time_text}"


def short(text: str) -> str:
    """Returns text of unknown origin on one line of at most 80 characters."""
    line = "".join(c if c.isprintable() else "·" for c in text[:200])
    return line if len(line) <= 80 else f"{line[:79]}…"


def count(number: float, unit: str) -> str:
    """Returns a number with its unit, or that it is beyond reason (so that no text grows without bound)."""
    return f"{round(number, 3):.12g} {unit}" if abs(number) < 10**9 else f"an absurd number of {unit}"


def sights_of(trip: Itinerary) -> Iterable[tuple[str, Day, Stop]]:
    """Returns the sights with their JSON pointers and days."""
    for d, day in enumerate(trip.days):
        for i, stop in enumerate(day.stops):
            if stop.kind == "sight":
                yield f"/days/{d}/stops/{i}", day, stop


def nights_of(trip: Itinerary) -> Iterable[tuple[str, Day, Night]]:
    """Returns the nights with their JSON pointers and days."""
    for d, day in enumerate(trip.days):
        if day.night is not None:
            yield f"/days/{d}/night", day, day.night


def words_of(categories: Sequence[str]) -> tuple[str, ...]:
    """Returns the categories in the words of `places.categories`, each followed by its wider ones."""
    words: list[str] = []
    for category in categories:
        word = find_category(category) or category
        words += (word, *(ancestors_of(word) if word in CATEGORIES else ()))
    return tuple(dict.fromkeys(words))
