"""iCalendar (RFC 5545): an event for each drive, sight and night, in the zone of the place."""

from datetime import UTC, datetime, time, timedelta
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from icalendar import Alarm, Calendar, Event

from metier.errors import InputError
from metier.toolkit import Delivery, Settings
from metier_maps.itinerary import Day, Stop
from metier_maps.rendering.document import itinerary_of, notice_of
from metier_maps.rendering.wording import clock, dogs, kilometres, minutes, one_line, opening, price

CLOSING_NOTICE = timedelta(minutes=30)
CHECK_IN = timedelta(minutes=30)


def render_ics(delivery: Delivery, settings: Settings) -> bytes:
    """Returns the trip as iCalendar with its VTIMEZONE.

    Identifiers are made from the content, so a calendar that imports the trip twice shows it once. DTSTAMP is the
    first day of the trip, so that equal trips are equal bytes.
    """
    itinerary = itinerary_of(delivery)
    calendar = Calendar()
    calendar.add("prodid", "-//metier//trip//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", one_line(itinerary.title))
    calendar.add("x-wr-caldesc", notice_of(itinerary))
    stamp = datetime.combine(itinerary.request.start_date, time(), UTC)
    zone = _zone(itinerary.timezone)
    for number, day in enumerate(itinerary.days, start=1):
        for event in _events(number, day, zone):
            event.add("dtstamp", stamp)
            calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise InputError(f"{name!r} is no time zone.", hint="Use a name of the IANA database.") from error


def _events(number: int, day: Day, zone: ZoneInfo) -> list[Event]:
    events = []
    for leg in day.legs:
        if leg.duration_s:
            by_car = leg.mode == "car"
            title = f"Drive to {leg.destination.name}" if by_car else f"To {leg.destination.name} by {leg.mode}"
            words = f"Day {number}. {minutes(leg.duration_s)}, {kilometres(leg.distance_m)} ({leg.router})"
            events.append(_event(title, words, leg.depart.astimezone(zone), leg.arrive.astimezone(zone)))
    events.extend(_visit(number, stop, zone) for stop in day.stops)
    if day.night is not None:
        night = day.night
        words = f"Day {number}. {dogs(night)}; {price(night.price)}"
        begin = night.arrive.astimezone(zone)
        event = _event(f"Night: {night.place.name}", words, begin, begin + CHECK_IN)
        event.add("geo", (night.lat, night.lon))
        events.append(event)
    return events


def _visit(number: int, stop: Stop, zone: ZoneInfo) -> Event:
    title = stop.place.name if stop.kind == "sight" else "Lunch"
    words = f"Day {number}: {opening(stop.hours)}" if stop.hours else f"Day {number}."
    event = _event(title, words, stop.begin.astimezone(zone), stop.leave.astimezone(zone))
    event.add("geo", (stop.lat, stop.lon))
    if stop.hours is not None and not stop.hours.assumed:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", one_line(f"{stop.place.name} closes at {clock(stop.hours.closes)}"))
        alarm.add("trigger", (stop.hours.closes - CLOSING_NOTICE).astimezone(UTC))
        event.add_component(alarm)
    return event


def _event(title: str, description: str, begin: datetime, end: datetime) -> Event:
    event = Event()
    event.add("uid", str(uuid5(NAMESPACE_URL, f"{title}|{begin.isoformat()}|{end.isoformat()}")))
    event.add("summary", one_line(title))
    event.add("description", one_line(description))
    event.add("dtstart", begin)
    event.add("dtend", end)
    return event
