"""The same request with some of its requirements left out, as problems of its must-sees alone and every lodging."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property

from metier_maps.hours.opening import Window
from metier_maps.place import Place
from metier_maps.places.categories import find_category
from metier_maps.planning.dwell import SIGHTS_PER_DAY, estimate_dwell
from metier_maps.planning.reasons.requirements import MUST
from metier_maps.planning.search.best import Effort, search_trips
from metier_maps.planning.search.feasible import MOST_MUSTS, Feasibility, find_feasible
from metier_maps.planning.survey.collect import PROOF_LODGINGS, Scope, Sources, collect_problem, is_near_road, make_bed
from metier_maps.planning.survey.lodgings import allow_pets, allow_stars
from metier_maps.planning.survey.problem import Bed, Frame, Opening, Problem, Sight, Table, make_table
from metier_maps.planning.survey.sights import is_barred
from metier_maps.request import Lodging, TripRequest
from metier_maps.routing.router import Point

DAY_S = 86_400
GROUNDS = (
    "start_date",
    "end_date",
    "start",
    "end",
    "mode",
    "day_start",
    "day_end",
    "avoid",
    "avoid_categories",
    "dropped",
)  # fields of a request that its tables and windows rest on
LIGHT = Effort(scanned=6, changed=4, polished=1, rounds=2)
MOST_EXTRA = 3  # days by which a trip is lengthened to see whether its dates are to blame


@dataclass(frozen=True)
class Bench:
    """A request's must-sees and all lodgings on one table, from which every variant is cut."""

    request: TripRequest
    sources: Sources
    known: "Bench | None" = None

    def turn(self, request: TripRequest) -> "Bench":
        """Returns the bench of another request, on the same tables where it asks for the same days and places."""
        same = all(getattr(request, name) == getattr(self.request, name) for name in GROUNDS)
        fewer = set(request.must_see) <= set(self.request.must_see)
        musts = [self.sources.gazetteer.get(ref.id) for ref in self.request.must_see]
        stands = all(is_near_road(self.sources.router, place, self.request) for place in musts)
        return Bench(request, self.sources, self if same and fewer and stands else None)

    @cached_property
    def base(self) -> Problem:
        """Returns the problem without lunch and with every lodging that is not to be avoided."""
        if self.known is not None:
            return self.known.base
        bare = {"pets": None, "budget": None, "lunch": False, "lodging": Lodging()}
        return collect_problem(
            self.request.model_copy(update=bare), self.sources, Scope(0, PROOF_LODGINGS, allow=_is_not_avoided)
        )

    @cached_property
    def open_table(self) -> Table:
        """Returns the table of a day on which no road is closed by season."""
        if self.known is not None:
            return self.known.open_table
        places = [self.sources.gazetteer.get(self.request.start.id), self.sources.gazetteer.get(self.request.end.id)]
        places += [sight.place for sight in self.base.sights] + [bed.place for bed in self.base.beds]
        points = [Point(place.lat, place.lon) for place in places]
        return make_table(self.sources.router.matrix(points, points, mode=self.request.mode, on=None).durations_s)

    @property
    def is_whole(self) -> bool:
        """Returns whether every lodging was considered."""
        return len(self.base.beds) < PROOF_LODGINGS

    def cut(self, kept: Collection[str], extra_days: int = 0) -> Problem:
        """Returns the problem with the requirements `kept` and no other."""
        frames, tables = self.base.frames, self.base.tables
        if "dates" not in kept:
            frames = (*frames, *(_later(frames[-1], n + 1) for n in range(extra_days)))
            tables = (self.open_table,) * len(frames)
        return replace(
            self.base,
            request=_relaxed(self.request, kept),
            frames=frames,
            tables=tables,
            sights=tuple(
                self._sight(sight, frames, kept) for sight in self.base.sights if MUST + sight.place.id in kept
            ),
            beds=self._beds(kept),
            limit=self.request.drive_limit_s if "drive_limit" in kept else None,
            most=SIGHTS_PER_DAY[self.request.pace if "pace" in kept else "full"],
            budget=self.request.budget.cents if "budget" in kept and self.request.budget is not None else None,
        )

    def try_without(self, kept: Collection[str]) -> Feasibility:
        """Returns whether any trip keeps the requirements `kept`; without "dates", also on more days."""
        found = find_any(self.cut(kept))
        if found.trip is None and "dates" not in kept and self.request.nights:
            extra = min(MOST_EXTRA, 1 + len(self.base.sights))
            return find_any(self.cut(kept, extra))
        return found

    def _beds(self, kept: Collection[str]) -> tuple[Bed, ...]:
        request = self.request
        kinds = {find_category(kind) or kind for kind in request.lodging.categories}
        return tuple(
            make_bed(bed.place, request, bed.node)
            for bed in self.base.beds
            if ("pets" not in kept or allow_pets(bed.place, request))
            and ("stars" not in kept or allow_stars(bed.place, request))
            and ("lodging" not in kept or not kinds or not kinds.isdisjoint(bed.place.categories))
        )

    def _sight(self, sight: Sight, frames: tuple[Frame, ...], kept: Collection[str]) -> Sight:
        pace = self.request.pace if "pace" in kept else "full"
        dwell = estimate_dwell(sight.place.categories, pace)
        if "dates" not in kept:
            return replace(sight, dwell=dwell, openings=tuple(_always(frame, dwell, self.base) for frame in frames))
        gained = sight.dwell - dwell
        openings = tuple(
            tuple(replace(one, last=min(one.last + gained, _latest(one, self.base))) for one in day)
            for day in sight.openings
        )
        return replace(sight, dwell=dwell, openings=openings)


def find_any(problem: Problem) -> Feasibility:
    """Returns a trip that keeps the problem's requirements: by complete search, or by the solver for many musts."""
    if len(problem.musts) <= MOST_MUSTS:
        return find_feasible(problem)
    trips = search_trips(problem, LIGHT, lambda: True).ranked()
    return Feasibility(trips[0] if trips else None, complete=False)


def _is_not_avoided(place: Place, request: TripRequest) -> bool:
    barred = {ref.id for ref in (*request.avoid, *request.dropped)}
    return place.id not in barred and not is_barred(place, request)


def _relaxed(request: TripRequest, kept: Collection[str]) -> TripRequest:
    lodging = request.lodging if "lodging" in kept else Lodging()
    return request.model_copy(update={"lodging": lodging, "lunch": False})


def _later(frame: Frame, days: int) -> Frame:
    return replace(frame, open=frame.open + days * DAY_S, close=frame.close + days * DAY_S)


def _always(frame: Frame, dwell: int, base: Problem) -> tuple[Opening, ...]:
    opens, closes = base.moment(frame.open), base.moment(frame.close)
    return (Opening(frame.open, frame.close - dwell, Window(opens, closes, closes, "always open")),)


def _latest(opening: Opening, base: Problem) -> int:
    """Returns the last moment to go in, whatever the length of the stay."""
    return int((opening.window.last_entry - base.origin).total_seconds())
