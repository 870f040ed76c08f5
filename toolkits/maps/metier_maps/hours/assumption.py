"""What is assumed where the map does not say when a place is open. Every assumption is printed, none is silent."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from metier_maps.hours.sun import sun_times
from metier_maps.place import Place

OPENS, CLOSES = time(9), time(18)
OUTDOORS = frozenset(
    {
        *("viewpoint", "peak", "pass", "volcano", "glacier", "cliff", "valley", "island", "cape", "forest", "nature"),
        *("waterfall", "lake", "spring", "hot spring", "beach", "national park", "nature reserve", "park", "garden"),
        *("monument", "memorial", "statue", "artwork", "fountain", "bridge", "square", "ruins", "archaeological site"),
        *("city gate", "picnic site", "locality", "hamlet", "village", "district", "town", "city"),
    }
)


def is_outdoors(place: Place) -> bool:
    """Returns whether its most specific category is one that needs only daylight."""
    return any(category.replace("_", " ") in OUTDOORS for category in place.categories[:1])


def assume_hours(place: Place, on: date, zone: ZoneInfo) -> tuple[datetime, datetime, str]:
    """Returns the assumed opening and closing on that date, and the assumption in words.

    Outdoor sights: sunrise to sunset; all others, and where the sun does not rise or set: 09:00 to 18:00.
    """
    light = sun_times(place.lat, place.lon, on, zone) if is_outdoors(place) else None
    if light is not None:
        rise, down = (moment.replace(second=0) for moment in light)
        return rise, down, f"assumed open from sunrise to sunset ({rise:%H:%M} to {down:%H:%M})"
    opens, closes = (datetime.combine(on, clock, zone) for clock in (OPENS, CLOSES))
    return opens, closes, f"assumed open from {OPENS:%H:%M} to {CLOSES:%H:%M}"
