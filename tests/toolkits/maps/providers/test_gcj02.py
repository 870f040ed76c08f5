"""The shift of Chinese maps, there and back."""

import math

from hypothesis import example, given
from hypothesis import strategies as st

from metier_maps.providers.amap.gcj02 import from_gcj02, to_gcj02
from metier_maps.providers.amap.wire import read_location, write_location
from metier_maps.routing.router import Point
from metier_maps.routing.sphere import measure

CHINA = st.builds(Point, st.floats(17.5, 54.0), st.floats(73.0, 135.5))
CENTIMETRE_M = 0.01


@given(CHINA)
@example(Point(39.9042, 116.4074))
@example(Point(35.0, 105.0))
def test_the_inverse_is_exact_to_a_centimetre_all_over_china(point: Point) -> None:
    assert measure(from_gcj02(to_gcj02(point)), point) < CENTIMETRE_M
    assert measure(to_gcj02(from_gcj02(point)), point) < CENTIMETRE_M


@given(CHINA)
def test_the_shift_is_some_hundred_metres_and_never_none(point: Point) -> None:
    assert 1 < measure(to_gcj02(point), point) < 1_000


def test_the_shift_is_the_published_one() -> None:
    # the forward formula as the public implementations write it out, at Tiananmen
    x, y = 116.4074 - 105, 39.9042 - 35
    pi = math.pi
    common = (20 * math.sin(6 * x * pi) + 20 * math.sin(2 * x * pi)) * 2 / 3
    lat = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + common
    lat += (20 * math.sin(y * pi) + 40 * math.sin(y / 3 * pi)) * 2 / 3
    lat += (160 * math.sin(y / 12 * pi) + 320 * math.sin(y * pi / 30)) * 2 / 3
    lon = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + common
    lon += (20 * math.sin(x * pi) + 40 * math.sin(x / 3 * pi)) * 2 / 3
    lon += (150 * math.sin(x / 12 * pi) + 300 * math.sin(x / 30 * pi)) * 2 / 3
    flat = 1 - 0.00669342162296594323 * math.sin(math.radians(39.9042)) ** 2
    north = lat * 180 / (6378245.0 * (1 - 0.00669342162296594323) / (flat * math.sqrt(flat)) * pi)
    east = lon * 180 / (6378245.0 / math.sqrt(flat) * math.cos(math.radians(39.9042)) * pi)
    shifted = to_gcj02(Point(39.9042, 116.4074))
    assert math.isclose(shifted.lat, 39.9042 + north, abs_tol=1e-12)
    assert math.isclose(shifted.lon, 116.4074 + east, abs_tol=1e-12)


def test_no_box_decides_what_is_shifted() -> None:
    # Hong Kong, Hanoi and Thimphu lie in the usual box or at its edge: the source decides, for all alike
    for place in (Point(22.28, 114.16), Point(21.03, 105.85), Point(27.47, 89.64)):
        assert measure(to_gcj02(place), place) > 1
        assert measure(from_gcj02(to_gcj02(place)), place) < CENTIMETRE_M


@given(CHINA)
def test_a_position_goes_to_amap_and_back_within_its_six_digits(point: Point) -> None:
    text = write_location(point)
    assert len(text.split(",")) == 2
    read = read_location(text)
    assert read is not None
    assert measure(read, point) < 0.15  # half a unit of the sixth digit, both ways


def test_what_is_no_position_is_none() -> None:
    for value in (
        "",
        "[]",
        [],
        None,
        5,
        "116.4",
        "39.9;116.4",
        "nan,nan",
        "inf,1",
        "116.4,91",
        "200,10",
        "0,90",
        "x,y",
    ):
        assert read_location(value) is None, value


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_a_hostile_position_never_becomes_one_that_is_nowhere(lat: float, lon: float) -> None:
    read = read_location(f"{lon},{lat}")
    assert read is None or (abs(read.lat) <= 90 and abs(read.lon) <= 180)
