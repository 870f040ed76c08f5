"""Windows of a place on a date."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import osmium
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metier_maps.facts import Fact
from metier_maps.hours.opening import Window, closed_all, windows_on
from metier_maps.place import Place

ANDORRA = ZoneInfo("Europe/Andorra")
FRIDAY, SATURDAY = date(2026, 12, 4), date(2026, 12, 5)
MAPS = Path(__file__).parents[4].parent / "shared" / "data" / "maps" / "osm"


def place(
    hours: str | None,
    *,
    tags: Mapping[str, str] | None = None,
    category: str = "museum",
    at: tuple[float, float] = (42.5063, 1.5218),
) -> Place:
    nothing = {"value": None, "source": "OpenStreetMap node/1"}
    facts = dict.fromkeys(("dogs", "price", "fee", "stars", "phone", "website", "wheelchair"), nothing)
    return Place.model_validate(
        {
            "id": "osm:node/1",
            "name": "Museu",
            "names": {},
            "lat": at[0],
            "lon": at[1],
            "categories": (category,),
            "opening_hours": Fact[str](value=hours, source="OpenStreetMap node/1"),
            "tags": tags or {},
            **facts,
        }
    )


def open_on(hours: str | None, on: date = FRIDAY, country: str = "AD") -> list[str]:
    """Returns the windows as "10:00-18:00", with "*" for an assumed one and "+1" for one that ends the next day."""
    found = windows_on(place(hours), on, ANDORRA, country)
    return [
        f"{w.opens:%H:%M}-{w.closes:%H:%M}{'+1' if w.closes.date() > on else ''}{'*' if w.assumed else ''}"
        for w in found
    ]


def only(windows: tuple[Window, ...]) -> Window:
    (window,) = windows
    return window


@pytest.mark.parametrize(
    ("hours", "friday", "saturday"),
    [
        ("Mo-Fr 10:00-13:00,15:00-18:00", ["10:00-13:00", "15:00-18:00"], []),
        ("Tu-Su 10:00-18:00; Fr off", [], ["10:00-18:00"]),
        ("Mo-Fr 10:00–18:00", ["10:00-18:00"], []),
        ("24/7", ["00:00-00:00+1"], ["00:00-00:00+1"]),
        ("Fr 22:00-03:00", ["22:00-03:00+1"], []),
        ("Th 20:00-04:00", [], []),
        ("22:00-28:00", ["22:00-04:00+1"], ["22:00-04:00+1"]),
        ("Jun-Sep 10:00-18:00", [], []),
        ("Dec 01-Dec 04 10:00-18:00", ["10:00-18:00"], []),
        ("sunrise-sunset", ["08:06-17:21"], ["08:07-17:21"]),
        ("sunset-24:00", ["17:21-00:00+1"], ["17:21-00:00+1"]),
        ("10:00-18:00+", ["10:00-18:00"], ["10:00-18:00"]),
        ("10:00+", ["10:00-18:00*"], ["10:00-18:00*"]),
        ("20:00+", ["20:00-00:00+1*"], ["20:00-00:00+1*"]),
        (
            '10:00-14:00 open "Lunch"; Fr 10:00-14:00 open "Lunch", Fr 14:00-20:00 open "Dinner"',
            ["10:00-20:00"],
            ["10:00-14:00"],
        ),
        ('"by appointment"', ["09:00-18:00*"], ["09:00-18:00*"]),
        ('10:00-18:00 "nur nach Vereinbarung"', ["10:00-18:00*"], ["10:00-18:00*"]),
        ('08:00-18:00; Sa,Su "On request"', ["08:00-18:00"], []),
        ("10:00-18:00 unknown", [], []),
        ("off", [], []),
        (None, ["09:00-18:00*"], ["09:00-18:00*"]),
        ("   ", ["09:00-18:00*"], ["09:00-18:00*"]),
        ("Mon to Fri, mornings", ["09:00-18:00*"], ["09:00-18:00*"]),
    ],
)
def test_each_kind_of_hours_gives_its_windows(hours: str | None, friday: list[str], saturday: list[str]) -> None:
    assert open_on(hours, FRIDAY) == friday
    assert open_on(hours, SATURDAY) == saturday


def test_a_public_holiday_is_that_of_the_country() -> None:
    immaculate = date(2026, 12, 8)
    assert open_on("10:00-18:00; PH off", immaculate) == []
    assert open_on("10:00-18:00; PH 11:00-13:00", immaculate) == ["11:00-13:00"]
    assert open_on("10:00-18:00; PH off", immaculate, country="DE") == ["10:00-18:00"]


@pytest.mark.parametrize("country", ["", "ZZ", "nowhere", "ad"])
def test_a_country_that_is_unknown_still_has_opening_hours(country: str) -> None:
    assert open_on("10:00-18:00", country=country) == ["10:00-18:00"]


def test_an_assumption_says_what_is_assumed_and_why() -> None:
    missing = only(windows_on(place(None), FRIDAY, ANDORRA, "AD"))
    assert missing.text == "no opening hours known; assumed open from 09:00 to 18:00"
    junk = only(windows_on(place("whenever\nwe <b>like</b>"), FRIDAY, ANDORRA, "AD"))
    assert junk.text.startswith('the opening hours given ("whenever we <b>like</b>") could not be read; assumed')
    asked = only(windows_on(place('"by appointment"'), FRIDAY, ANDORRA, "AD"))
    assert asked.text.startswith('the opening hours say "by appointment" (ask first); assumed')


def test_an_outdoor_sight_without_hours_is_assumed_open_by_daylight() -> None:
    window = only(windows_on(place(None, category="viewpoint"), FRIDAY, ANDORRA, "AD"))
    assert (f"{window.opens:%H:%M}", f"{window.closes:%H:%M}") == ("08:07", "17:20")
    assert "sunrise to sunset" in window.text
    assert window.assumed


def test_an_outdoor_sight_in_the_polar_night_falls_back_to_clock_hours() -> None:
    tromso = place(None, category="viewpoint", at=(69.65, 18.96))
    window = only(windows_on(tromso, date(2026, 12, 21), ZoneInfo("Europe/Oslo"), "NO"))
    assert (window.opens.hour, window.closes.hour) == (9, 18)


@pytest.mark.parametrize(
    ("hours", "tags", "last"),
    [
        ('10:00-18:00 "last entry 30 min before closing"', {}, "17:30"),
        ('10:00-18:00 "last admission 16:30"', {}, "16:30"),
        ('10:00-18:00 "letzter Einlass 1 Stunde vor Schluss"', {}, "17:00"),
        ("10:00-18:00", {"last_entry": "16:45"}, "16:45"),
        ("10:00-18:00", {"opening_hours:last_entry": "PT45M"}, "17:15"),
        ("10:00-18:00", {"last_entry": "half an hour before closing"}, "17:30"),
        ("10:00-18:00", {"last_entry": "20:00"}, "18:00"),
        ("10:00-18:00", {"last_entry": "ask"}, "18:00"),
        ('10:00-18:00 "30 min tour"', {}, "18:00"),
        ("22:00-03:00", {"last_entry": "01:30"}, "01:30"),
    ],
)
def test_the_last_entry_is_read_from_tags_and_comments(hours: str, tags: dict[str, str], last: str) -> None:
    window = only(windows_on(place(hours, tags=tags), FRIDAY, ANDORRA, "AD"))
    assert f"{window.last_entry:%H:%M}" == last
    assert window.opens <= window.last_entry.astimezone(UTC) <= window.closes


def test_the_day_of_daylight_saving_keeps_the_clock_and_changes_the_length() -> None:
    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)
    for on, hours in ((spring, 23), (autumn, 25)):
        window = only(windows_on(place("24/7"), on, ANDORRA, "AD"))
        assert window.closes.astimezone(UTC) - window.opens.astimezone(UTC) == timedelta(hours=hours)
    assert open_on("01:00-05:00", spring) == open_on("01:00-05:00", autumn) == ["01:00-05:00"]
    assert open_on("02:10-02:50", spring) == []  # the clock jumps over it


def test_closed_all_needs_every_date_closed() -> None:
    museum = place("Mo-Fr 10:00-18:00")
    assert closed_all(museum, (SATURDAY, SATURDAY + timedelta(days=1)), ANDORRA, "AD")
    assert not closed_all(museum, (FRIDAY, SATURDAY), ANDORRA, "AD")


def promises_of(windows: tuple[Window, ...], on: date, zone: ZoneInfo) -> bool:
    moments = [m.astimezone(UTC) for w in windows for m in (w.opens, w.closes)]
    return (
        moments == sorted(moments)
        and all(w.opens.astimezone(UTC) < w.closes.astimezone(UTC) for w in windows)
        and all(w.opens.date() == on and w.opens.tzinfo is zone for w in windows)
        and all(w.opens.astimezone(UTC) <= w.last_entry.astimezone(UTC) <= w.closes.astimezone(UTC) for w in windows)
    )


WORDS = st.sampled_from(
    [
        "Mo-Fr",
        "Sa",
        "PH",
        "SH",
        "off",
        "24/7",
        "10:00-18:00",
        "22:00-03:00",
        "sunset",
        "sunrise",
        "-",
        ",",
        ";",
        "||",
        "+",
        "easter",
        "Jan",
        "2026",
        "week 1-53/2",
        "10:00-16:00/00:30",
        '"last entry 17:00"',
        '"by appointment"',
        "unknown",
        "Mo[1]",
        "+2 days",
        "(sunset-01:00)",
        "26:00",
        "00:00-00:00",
        "{",
        "\x00",
        "日",
        '"',
    ]
)


@given(
    text=st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=8).map(" ".join)),
    on=st.dates(),
    lat=st.floats(allow_nan=True),
    zone=st.sampled_from(["Europe/Andorra", "Africa/Cairo", "Pacific/Apia", "Asia/Kathmandu", "America/Nuuk", "UTC"]),
)
def test_any_text_on_any_day_gives_ordered_windows_that_begin_on_that_day(
    text: str, on: date, lat: float, zone: str
) -> None:
    where = ZoneInfo(zone)
    assert promises_of(windows_on(place(text, at=(lat, 1.5)), on, where, "AD"), on, where)


@pytest.mark.parametrize("name", ["andorra-2025", "monaco-2023", "heidelberg"])
def test_the_hours_of_a_real_map_are_read_and_none_crashes(name: str) -> None:
    source = MAPS / f"{name}.osm.pbf"
    if not source.exists():
        pytest.skip(f"no {source.name} beside this checkout")
    found = osmium.FileProcessor(source).with_filter(osmium.filter.KeyFilter("opening_hours"))
    texts = sorted({thing.tags["opening_hours"] for thing in found})
    week = [FRIDAY + timedelta(days=n) for n in range(7)]
    unread = [
        t for t in texts if "could not be read" in "".join(w.text for w in windows_on(place(t), FRIDAY, ANDORRA, "AD"))
    ]
    assert all(promises_of(windows_on(place(text), on, ANDORRA, "AD"), on, ANDORRA) for text in texts for on in week)
    assert len(unread) <= 0.06 * len(texts), unread


def test_a_very_long_text_is_not_parsed() -> None:
    assert open_on("10:00-12:00," * 5000 + "13:00-14:00") == ["09:00-18:00*"]


def test_windows_are_at_moments_that_compare_across_zones() -> None:
    window = only(windows_on(place("10:00-18:00"), FRIDAY, ANDORRA, "AD"))
    assert window.opens == datetime(2026, 12, 4, 9, tzinfo=UTC)
