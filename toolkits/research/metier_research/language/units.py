"""Units of measure as they are written, with what they measure and how much of the base unit one is. Pure.

Factors are the exact ones of NIST Special Publication 811 (2008), appendix B. Money is never converted.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: `measures` is its dimension or currency; a value in it times `factor` plus `shift` is in the base."""

    name: str
    measures: str
    factor: Decimal = Decimal(1)
    shift: Decimal = Decimal(0)


# name, what it measures, factor, how it is written (a regular expression; letters as they are)
_TABLE: Final = (
    ("mm", "length", "0.001", r"mm|millimet(?:re|er)s?|毫米"),
    ("cm", "length", "0.01", r"cm|centimet(?:re|er)s?|厘米"),
    ("km²", "area", "1000000", r"km²|km2|km\^2|sq(?:uare|\.)? ?(?:km|kilomet(?:re|er)s?)|平方公里|平方千米"),
    ("m²", "area", "1", r"m²|m2|m\^2|sq(?:uare|\.)? ?(?:m|met(?:re|er)s?)|平方米"),
    ("m³", "volume", "1", r"m³|m3|m\^3|cubic (?:met(?:re|er)s?)|立方米"),
    ("km/h", "speed", "1", r"km/h|kmh|kph|kilomet(?:re|er)s? per hour|公里每小时"),
    ("m/s", "speed", "3.6", r"m/s|met(?:re|er)s? per second"),
    ("mph", "speed", "1.609344", r"mph|miles per hour"),
    ("kn", "speed", "1.852", r"kn|knots?"),
    ("km", "length", "1000", r"km|kilomet(?:re|er)s?|公里|千米"),
    ("m", "length", "1", r"m|met(?:re|er)s?|米"),
    ("nmi", "length", "1852", r"nmi|nautical miles?|海里"),
    ("sq mi", "area", "2589988.110336", r"mi²|sq(?:uare|\.)? ?(?:mi|miles?)|平方英里"),
    ("mi", "length", "1609.344", r"mi|miles?|英里"),
    ("sq ft", "area", "0.09290304", r"ft²|sq(?:uare|\.)? ?(?:ft|feet|foot)"),
    ("ft", "length", "0.3048", r"ft|feet|foot|英尺"),
    ("yd", "length", "0.9144", r"yd|yards?|码"),
    ("in", "length", "0.0254", r"inch(?:es)?|英寸"),
    ("ha", "area", "10000", r"ha|hectares?|公顷"),
    ("acre", "area", "4046.8564224", r"acres?|英亩"),
    ("kg", "mass", "1", r"kg|kilograms?|kilos?|公斤|千克"),
    ("g", "mass", "0.001", r"g|grams?|克"),
    ("t", "mass", "1000", r"t|tonnes?|metric tons?|吨"),
    ("lb", "mass", "0.45359237", r"lbs?|pounds? (?:in weight|of weight)|磅"),
    ("oz", "mass", "0.028349523125", r"oz|ounces?"),
    ("ton", "mass", "907.18474", r"short tons?"),
    ("l", "volume", "0.001", r"l|L|lit(?:re|er)s?|升"),
    ("W", "power", "1", r"W|watts?|瓦"),
    ("kW", "power", "1000", r"kW|kilowatts?|千瓦"),
    ("MW", "power", "1000000", r"MW|megawatts?|兆瓦"),
    ("GW", "power", "1000000000", r"GW|gigawatts?"),
    ("hp", "power", "745.69987158227022", r"hp|horsepower"),
    ("kWh", "energy", "1", r"kWh|kilowatt[- ]hours?"),
    ("MWh", "energy", "1000", r"MWh|megawatt[- ]hours?"),
    ("GWh", "energy", "1000000", r"GWh|gigawatt[- ]hours?"),
    ("Hz", "frequency", "1", r"Hz|hertz"),
    ("kHz", "frequency", "1000", r"kHz|kilohertz"),
    ("MHz", "frequency", "1000000", r"MHz|megahertz"),
    ("K", "temperature", "1", r"K|kelvins?"),
    ("percentage point", "points", "1", r"percentage points?|个?百分点"),
    ("percent", "share", "1", r"%|％|percent|per cent"),
    ("permille", "share", "0.1", r"‰|per mille"),
    ("s", "time", "1", r"s|secs?|seconds?|秒钟|秒"),
    ("min", "time", "60", r"min|mins|minutes?|分钟"),
    ("h", "time", "3600", r"h|hrs?|hours?|小时"),
    ("day", "time", "86400", r"days?|天"),
    ("week", "time", "604800", r"weeks?|周|星期"),
    ("month", "months", "1", r"months?|个月"),
    ("year", "months", "12", r"years?|yrs?|年(?!\d)"),
    ("decade", "months", "120", r"decades?"),
    ("USD", "USD", "1", r"USD|US dollars?|dollars?|美元"),
    ("EUR", "EUR", "1", r"EUR|euros?|欧元"),
    ("GBP", "GBP", "1", r"GBP|pounds? sterling|pounds?|英镑"),
    ("CNY", "CNY", "1", r"CNY|RMB|yuan|人民币|元"),
    ("JPY", "JPY", "1", r"JPY|yen|日元"),
    ("CHF", "CHF", "1", r"CHF|Swiss francs?"),
    ("crown", "crown", "1", r"crowns?|kronor|krone[rn]?|克朗"),
    ("mark", "mark", "1", r"marks?"),
    ("franc", "franc", "1", r"francs?"),
    ("florin", "florin", "1", r"florins?|guilders?"),
)
_FAHRENHEIT: Final = Unit("°F", "temperature", Decimal(5) / Decimal(9), Decimal("459.67") * Decimal(5) / Decimal(9))
_CELSIUS: Final = Unit("°C", "temperature", Decimal(1), Decimal("273.15"))
_DEGREES: Final = (
    (_CELSIUS, r"°\s?C|℃|degrees? (?:Celsius|centigrade)|摄氏度"),
    (_FAHRENHEIT, r"°\s?F|℉|degrees? Fahrenheit"),
)
SYMBOLS: Final = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "CNY", "￥": "CNY"}
STRICT: Final = frozenset(("share", "points", "temperature"))
"""What a number without a unit never measures."""

_UNITS: Final = (
    *((Unit(name, measures, Decimal(factor)), written) for name, measures, factor, written in _TABLE),
    *_DEGREES,
)
_BY_NAME: Final = {unit.name: unit for unit, _ in _UNITS}
_GAP: Final = re.compile(r"[ \u00a0\u202f]?-?|-")


def unit_named(name: str) -> Unit:
    """Returns the unit of that name."""
    return _BY_NAME[name]


def read_unit(text: str, at: int) -> tuple[Unit, int] | None:
    """Returns the unit written at that place, after at most a space or hyphen, and where it ends; None for none."""
    gap = _GAP.match(text, at)
    start = gap.end() if gap else at
    if not text[start : start + 1].strip() or text[start].isdigit():
        return None
    found = ((unit, match.end()) for unit, pattern in _compiled() if (match := pattern.match(text, start)))
    return max(found, key=lambda pair: pair[1], default=None)


@lru_cache(maxsize=1)
def _compiled() -> tuple[tuple[Unit, re.Pattern[str]], ...]:
    return tuple((unit, re.compile(rf"(?:{written})(?![A-Za-z²³])")) for unit, written in _UNITS)


@lru_cache(maxsize=512)
def units_in(text: str) -> tuple[Unit, ...]:
    """Returns the units that are named anywhere in a text, as whole words: the head of a table has them."""
    return tuple(unit for unit, pattern in _compiled() if _stands_in(pattern, text))


def _stands_in(pattern: re.Pattern[str], text: str) -> bool:
    found = (match.start() for match in pattern.finditer(text))
    return any(not (text[at - 1 : at].isascii() and text[at - 1 : at].isalpha()) for at in found)
