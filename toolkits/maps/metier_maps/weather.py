"""Forecasts by Open-Meteo: asked only when the settings say so, cached on disk, unknown otherwise; never made up."""

import json
import math
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter

from metier.errors import InputError, ServerError
from metier.evidence import Evidence, record_evidence
from metier.toolkit import Settings
from metier_maps.fetch import Caps, Fetcher
from metier_maps.routing.router import Point

OPEN_METEO: Final = "https://api.open-meteo.com"
ATTRIBUTION: Final = "Weather data by Open-Meteo.com, CC BY 4.0"
FURTHEST: Final = timedelta(days=15)
FRESH: Final = timedelta(hours=3)
_OFF: Final = "unknown: forecasts are off (--set weather=open-meteo turns them on)"
_DAILY: Final = ("weather_code", "temperature_2m_min", "temperature_2m_max", "precipitation_sum")
# WMO code table 4677, as far as Open-Meteo uses it
_SKIES: Final[Mapping[int, str]] = {
    0: "clear sky", 1: "mainly clear", 2: "partly cloudy", 3: "overcast", 45: "fog", 48: "rime fog",
    51: "light drizzle", 53: "drizzle", 55: "dense drizzle", 56: "freezing drizzle", 57: "freezing drizzle",
    61: "light rain", 63: "rain", 65: "heavy rain", 66: "freezing rain", 67: "freezing rain", 71: "light snow",
    73: "snow", 75: "heavy snow", 77: "snow grains", 80: "light showers", 81: "showers", 82: "violent showers",
    85: "snow showers", 86: "heavy snow showers", 95: "thunderstorm", 96: "thunderstorm with hail",
    99: "thunderstorm with heavy hail",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sky:
    """The weather of a day at a position. `text` says it in words, or why it is unknown."""

    text: str
    known: bool = False
    min_c: float | None = None
    max_c: float | None = None
    rain_mm: float | None = None
    asked: str = ""


_SKY: Final = TypeAdapter(Sky)


class Forecaster:
    """Asks for forecasts, one day and position at a time; what was asked lately is read from disk."""

    def __init__(self, settings: Settings) -> None:
        source = settings.options.get("weather", "off")
        if source not in ("off", "open-meteo"):
            raise InputError(
                f"There is no weather source {source[:40]!r}.", hint="Use weather=open-meteo or weather=off."
            )
        self._on = source == "open-meteo"
        self._address = settings.options.get("weather_url", OPEN_METEO)
        self._folder = settings.data / "weather"

    def forecast(self, at: Point, on: date, *, now: datetime) -> Sky:
        """Returns the weather, or that it is unknown and why. Raises InputError for an address that is none."""
        if not self._on:
            return Sky(_OFF)
        if not now.date() - timedelta(days=1) <= on <= now.date() + FURTHEST:
            return Sky(f"unknown: no forecast reaches {on}")
        path = self._folder / f"{_key_of(self._address, at, on)}.json"
        cached = _read(path)
        if cached is not None and now - datetime.fromisoformat(cached.asked) < FRESH:
            return cached
        try:
            found = self._ask(at, on, now)
        except ServerError as error:
            return Sky(f"unknown: {error.message}")
        if found.known:
            _write(path, found)
        return found

    def _ask(self, at: Point, on: date, now: datetime) -> Sky:
        params = {
            "latitude": f"{at.lat:.2f}",
            "longitude": f"{at.lon:.2f}",
            "daily": ",".join(_DAILY),
            "timezone": "auto",
            "start_date": on.isoformat(),
            "end_date": on.isoformat(),
        }
        with Fetcher("Open-Meteo", self._address, caps=Caps(time_s=10.0, size=1 << 20)) as server:
            reply = server.get("/v1/forecast", params)
        if reply.status != 200:
            return Sky(f"unknown: Open-Meteo answered with status {reply.status}")
        return _read_daily(reply.value, on, now)


def record_sky(at: Point, on: date, sky: Sky) -> Evidence:
    """Returns the evidence of a known forecast."""
    return record_evidence(
        source="open-meteo",
        locator=f"forecast/{at.lat:.2f},{at.lon:.2f}/{on}",
        text=f"{sky.text}. {ATTRIBUTION}",
        value={"on": on.isoformat(), "min_c": sky.min_c, "max_c": sky.max_c, "rain_mm": sky.rain_mm, "text": sky.text},
        recorded=sky.asked,
    )


def _read_daily(value: Any, on: date, now: datetime) -> Sky:
    """Returns the forecast in an answer of Open-Meteo; unknown where a number is missing or is none."""
    daily = value.get("daily") if isinstance(value, dict) else None
    try:
        if not isinstance(daily, dict) or daily["time"] != [on.isoformat()]:
            return Sky("unknown: Open-Meteo gave no forecast for that day")
        numbers = [float(daily[name][0]) for name in _DAILY]
    except (KeyError, IndexError, TypeError, ValueError, OverflowError):
        numbers = []
    if not numbers or not all(map(math.isfinite, numbers)):
        return Sky("unknown: Open-Meteo gave no forecast for that day")
    code, low, high, rain = numbers
    words = _SKIES.get(int(code), "weather code " + str(int(code)))
    text = f"{words}, {low:.0f} to {high:.0f} °C, {rain:.1f} mm of rain or snow"
    return Sky(text, known=True, min_c=low, max_c=high, rain_mm=rain, asked=now.astimezone(UTC).isoformat())


def _key_of(address: str, at: Point, on: date) -> str:
    return sha256(f"{address}|{at.lat:.2f}|{at.lon:.2f}|{on}".encode()).hexdigest()[:32]


def _read(path: Path) -> Sky | None:
    try:
        sky = _SKY.validate_json(path.read_bytes())
        return sky if datetime.fromisoformat(sky.asked).tzinfo is not None else None
    except (OSError, ValueError):
        return None


def _write(path: Path, sky: Sky) -> None:
    """Keeps a forecast; a cache that cannot be written costs a request later and nothing else."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        staged = path.with_suffix(f".{os.getpid()}.partial")
        staged.write_text(json.dumps(asdict(sky)), encoding="utf-8")
        staged.replace(path)
    except OSError:
        return
