"""The tool about weather."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Annotated

from mcp.types import CallToolResult
from pydantic import Field

from metier.errors import InputError
from metier.evidence import Citation, Evidence
from metier.servers.result import tool_result
from metier_maps.itinerary import Day, Itinerary, Weather
from metier_maps.records import GIVEN, PLANNER, record_trip
from metier_maps.routing.router import Point
from metier_maps.server.atlas import Atlas, find_spot
from metier_maps.server.places import RegionName, SpotText
from metier_maps.server.shapes import Forecast, WeatherResult
from metier_maps.server.trips import TripId, WholeTrip
from metier_maps.weather import Forecaster, record_sky


def hold_dates(on: Sequence[date]) -> None:
    """Raises InputError where no date is named: no forecast at all would look like an answer."""
    if not on:
        raise InputError("For which dates?", hint="Name them in `on`, as 2026-12-04.")


class WeatherTools:
    """The tool that asks for forecasts."""

    def __init__(self, atlas: Atlas) -> None:
        self._atlas = atlas
        self._forecaster = Forecaster(atlas.settings)

    def weather(
        self,
        trip: TripId = "",
        itinerary: WholeTrip = None,
        place: Annotated[SpotText, Field(description="Instead of a trip: a place id or latitude,longitude.")] = "",
        on: Annotated[list[date], Field(max_length=16, description="The dates, where a place is given.")] = [],  # noqa: B006
        region: RegionName = "",
    ) -> Annotated[CallToolResult, WeatherResult]:
        """Returns the forecast of each day of a trip, or of dates at a place; unknown, with the reason, if none is.

        For a trip it also returns the trip with its forecasts, as new evidence to adopt (`trip`).
        """
        if place:
            hold_dates(on)
            opened = self._atlas.open(region)
            point = find_spot(opened, place).point
            forecasts, evidence = self._ask([(point, each) for each in on])
            return tool_result(WeatherResult(forecasts=forecasts), _tell(forecasts), evidence=evidence)
        planned = self._atlas.recall(trip, itinerary)
        asked = [(_where(day), day.date) for day in planned.days]
        forecasts, evidence = self._ask(asked)
        told = _attach(planned, forecasts)
        record = record_trip(told, source=PLANNER if itinerary is None else GIVEN)
        if itinerary is None:
            self._atlas.keep(record.id, told)
        result = WeatherResult(forecasts=forecasts, trip=record.id, itinerary=told)
        return tool_result(result, _tell(forecasts), evidence=(*evidence, record))

    def _ask(self, asked: Sequence[tuple[Point, date]]) -> tuple[tuple[Forecast, ...], list[Evidence]]:
        now = datetime.now(UTC)
        forecasts, evidence = [], []
        for at, on in asked:
            sky = self._forecaster.forecast(at, on, now=now)
            record = record_sky(at, on, sky) if sky.known else None
            evidence += [] if record is None else [record]
            forecasts.append(
                Forecast(
                    on=on,
                    lat=at.lat,
                    lon=at.lon,
                    known=sky.known,
                    text=sky.text,
                    min_c=sky.min_c,
                    max_c=sky.max_c,
                    rain_mm=sky.rain_mm,
                    evidence="" if record is None else record.id,
                )
            )
        return tuple(forecasts), evidence


def _where(day: Day) -> Point:
    """Returns the position whose weather is that of the day: its night, or else its last stop or leg."""
    if day.night is not None:
        return Point(day.night.lat, day.night.lon)
    if day.stops:
        return Point(day.stops[-1].lat, day.stops[-1].lon)
    if day.legs and day.legs[-1].line:
        return Point(*day.legs[-1].line[-1])
    raise InputError(f"The day {day.date} is nowhere.", hint="Give its stops, its night or its legs.")


def _attach(trip: Itinerary, forecasts: Sequence[Forecast]) -> Itinerary:
    days = []
    for day, forecast in zip(trip.days, forecasts, strict=True):
        cited = (Citation(forecast.evidence),) if forecast.known else ()
        weather = Weather(known=forecast.known, text=forecast.text, citations=cited)
        days.append(day.model_copy(update={"weather": weather}))
    return trip.model_copy(update={"days": tuple(days)})


def _tell(forecasts: Sequence[Forecast]) -> str:
    return "\n".join(f"{each.on}: {each.text}" for each in forecasts) or "No day was asked for."
