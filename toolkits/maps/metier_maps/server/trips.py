"""The tools that plan, verify and explain trips."""

from collections.abc import Callable
from functools import partial
from threading import Event
from typing import Annotated

import anyio
import anyio.from_thread
import anyio.to_thread
from mcp.server.mcpserver import Context
from mcp.types import CallToolResult
from pydantic import Field

from metier.evidence import Evidence
from metier.servers.result import tool_result
from metier.task import Task
from metier.verdict import Finding, Verdict, verdict_of
from metier_maps.checks import CHECKS
from metier_maps.checks.gather import cite_afresh, gather_evidence
from metier_maps.itinerary import Conflict, Itinerary
from metier_maps.planning.conflict import explain_conflict
from metier_maps.planning.plan import Plan, Progress, plan_trip
from metier_maps.records import record_trip
from metier_maps.request import TripRequest
from metier_maps.server.atlas import Atlas, OpenMap
from metier_maps.server.shapes import ConflictResult, FindingResult, PlanResult, VerifyResult

TripId = Annotated[str, Field(description="The evidence id of a trip that plan_trip or edit_trip returned.")]
Notes = Annotated[
    list[str], Field(max_length=40, description="How the request was understood; kept in the trip's assumptions.")
]
WholeTrip = Annotated[Itinerary | None, Field(description="A whole itinerary, where there is no id.")]


class TripTools:
    """The tools that make and judge itineraries."""

    def __init__(self, atlas: Atlas) -> None:
        self._atlas = atlas

    async def plan_trip(
        self,
        ctx: Context,
        request: Annotated[TripRequest, Field(description="Places by the ids that search_places gives.")],
        notes: Notes = [],  # noqa: B006  a default that the schema shows, never changed
        time_limit_s: Annotated[float, Field(gt=0, le=120, description="Seconds to search at most.")] = 10.0,
    ) -> Annotated[CallToolResult, PlanResult]:
        """Returns a trip that keeps every requirement of the request, with alternatives, or the conflict if none can.

        Adopt the trip as the answer by its evidence id (`trip`); do not copy or change it. A conflict names a minimal
        set of requirements that cannot hold together, and the smallest relaxations with what each costs.
        """
        opened = await anyio.to_thread.run_sync(self._atlas.open, request.region)
        gone = Event()
        report = _reporter(ctx, gone)
        work = partial(plan_trip, request, opened.gazetteer, opened.router, progress=report, time_limit_s=time_limit_s)
        try:
            plan = await anyio.to_thread.run_sync(work, abandon_on_cancel=True)
        finally:
            gone.set()
        return self._tell_plan(plan, tuple(notes))

    def _tell_plan(self, plan: Plan, notes: tuple[str, ...]) -> CallToolResult:
        if plan.itinerary is None:
            result = PlanResult(conflict=plan.conflict)
            return tool_result(result, tell_conflict(plan.conflict), evidence=plan.evidence)
        trip = annotate(plan.itinerary, notes)
        record = record_trip(trip)
        self._atlas.keep(record.id, trip)
        others = tuple(record_trip(other).id for other in plan.alternatives)
        result = PlanResult(trip=record.id, itinerary=trip, alternatives=others)
        return tool_result(result, tell_trip(trip, record.id), evidence=(*plan.evidence, record))

    def verify_trip(self, trip: TripId = "", itinerary: WholeTrip = None) -> Annotated[CallToolResult, VerifyResult]:
        """Returns the verification report of an itinerary: every rule, held against freshly gathered evidence.

        It judges any itinerary, also one that a person or a model wrote. Violated means wrong; unknown means that the
        map does not say, so somebody has to ask.
        """
        written = self._atlas.recall(trip, itinerary)
        opened = self._atlas.open(written.request.region)
        verdict, evidence = judge_trip(written, opened, afresh=itinerary is not None)
        result = VerifyResult(
            holds=verdict.holds,
            score=verdict.score,
            violated=tuple(_show(finding) for finding in verdict.violated),
            unknown=tuple(_show(finding) for finding in verdict.unknown),
            checked=len(verdict.findings),
        )
        head = f"{result.checked} checked, {len(result.violated)} violated, {len(result.unknown)} unknown."
        lines = [finding.sentence for finding in (*result.violated, *result.unknown)]
        return tool_result(result, "\n".join([head, *lines]), evidence=tuple(evidence.values()))

    def explain_conflict(self, request: TripRequest) -> Annotated[CallToolResult, ConflictResult]:
        """Returns a minimal set of requirements of the request that cannot hold together, with ways out, or null."""
        opened = self._atlas.open(request.region)
        conflict = explain_conflict(request, opened.gazetteer, opened.router)
        text = "The request can be kept." if conflict is None else tell_conflict(conflict)
        return tool_result(ConflictResult(conflict=conflict), text)


def judge_trip(written: Itinerary, opened: OpenMap, *, afresh: bool) -> tuple[Verdict, dict[str, Evidence]]:
    """Returns the verdict of every check on an itinerary by fresh evidence, and that evidence.

    With `afresh` its own citations count for nothing: each claim is held against what the map and router say now.
    """
    evidence = gather_evidence(written, opened.gazetteer, opened.router)
    judged = cite_afresh(written, evidence) if afresh else written.model_copy(update={"alternatives": ()})
    task = Task(text=f"verify {written.title}")
    return verdict_of(f for check in CHECKS for f in check(task, judged, evidence).findings), evidence


def annotate(trip: Itinerary, notes: tuple[str, ...]) -> Itinerary:
    """Returns the trip with notes put before its assumptions."""
    kept = tuple(note for note in dict.fromkeys(notes) if note not in trip.assumptions)
    return trip.model_copy(update={"assumptions": (*kept, *trip.assumptions)})


def tell_trip(trip: Itinerary, trip_id: str) -> str:
    """Returns a trip as a short text: a line a day."""
    lines = [f"{trip.title}. Adopt it by its evidence id {trip_id}."]
    for day in trip.days:
        sights = ", ".join(stop.place.name for stop in day.stops if stop.kind == "sight") or "no sights"
        night = f", night at {day.night.place.name}" if day.night else ""
        lines.append(f"{day.date}: {sights}{night}; {day.drive_s // 60} min, {day.distance_m // 1000} km")
    lines += [f"Alternative: {other.title} ({'; '.join(other.differs)})" for other in trip.alternatives]
    return "\n".join([*lines, *(f"Warning: {text}" for text in trip.warnings)])


def tell_conflict(conflict: Conflict | None) -> str:
    """Returns a conflict as a short text: what cannot hold together, and the ways out."""
    if conflict is None:
        return "No trip was found, and no reason either."
    lines = [f"These cannot all hold ({conflict.proof}): {'; '.join(conflict.texts)}. {conflict.explanation}"]
    return "\n".join([*lines, *(f"Way out: {way.change}. {way.cost}" for way in conflict.relaxations)])


def _reporter(ctx: Context, gone: Event) -> Callable[[Progress], bool]:
    """Returns what tells the caller of progress, from the thread that plans, and whether the caller is still there."""

    def report(progress: Progress) -> bool:
        if gone.is_set():
            return False
        message = f"{progress.step}: {progress.solved} tried"
        anyio.from_thread.run(partial(ctx.report_progress, float(progress.solved), message=message))
        return True

    return report


def _show(finding: Finding) -> FindingResult:
    return FindingResult(
        rule=finding.rule, subject=finding.subject, outcome=finding.outcome.value, sentence=finding.sentence()
    )
