"""Whether an answer in few words is the known one: the same name, number, date or amount, however it is written."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Final

from metier.canonical import JSON
from metier_research.world.writing.values import MONTHS as MONTH_NAMES

MONTHS: Final = {name.casefold(): number for number, name in enumerate(MONTH_NAMES, 1)}
WORDS: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip
NUMBERS: Final = {word: str(number) for number, word in enumerate(WORDS)}
UNITS: Final = {
    "metres": "m", "meters": "m", "metre": "m", "meter": "m", "kilometres": "km", "kilometers": "km", "kilometre": "km",
    "kilometer": "km", "centimetres": "cm", "centimeters": "cm", "percent": "%", "inhabitants": "people",
    "residents": "people", "persons": "people", "employees": "people", "members": "people", "minute": "minutes",
    "min": "minutes", "page": "pages", "goal": "goals",
}  # fmt: skip
_DATE: Final = re.compile(r"\b(\d{1,2}) ([a-z]+),? (\d{4})\b")
_DATE_US: Final = re.compile(r"\b([a-z]+) (\d{1,2}),? (\d{4})\b")
_THOUSANDS: Final = re.compile(r"(?<=\d)[,\u00a0\u202f'](?=\d{3}\b)")
_QUANTITY: Final = re.compile(r"(\d+(?:\.\d+)?)(?: ([^\d\s].*))?")
_TOKEN: Final = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+|%")


def grade(answer_exact: str, gold: Mapping[str, JSON]) -> bool:
    """Returns whether an answer's exact words are the known answer.

    `gold` is a task's: its `answer` or one of its `aliases` must be meant; where sources conflict each of its `values`
    must be named; and where the answer is unknown, and `answer` therefore empty, nothing may be.
    """
    said = normalise(answer_exact)
    values = gold.get("values")
    if isinstance(values, list) and values:
        return all(_names(said, normalise(str(value))) for value in values)
    answer = gold.get("answer")
    if not answer:
        return not said
    return any(_same(said, normalise(form)) for form in _forms(gold))


def normalise(text: str) -> str:
    """Returns a text as answers are compared: small letters, no accents, articles or punctuation; ISO dates, digits."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = "".join(sign for sign in folded if not unicodedata.combining(sign))
    plain = _THOUSANDS.sub("", plain).replace("per cent", "percent").replace("square ", "sq")
    plain = _DATE.sub(lambda found: _iso(found[0], found[3], found[2], found[1]), plain)
    plain = _DATE_US.sub(lambda found: _iso(found[0], found[3], found[1], found[2]), plain)
    plain = plain.replace("km²", "sqkm").replace("km2", "sqkm").replace("sqkilometres", "sqkm")
    words = (NUMBERS.get(word, UNITS.get(word, word)) for word in _TOKEN.findall(plain))
    return " ".join(word for word in words if word not in ("the", "a", "an"))


def _iso(found: str, year: str, month: str, day: str) -> str:
    number = MONTHS.get(month)
    return f"{year} {number:02d} {int(day):02d}" if number else found


def _forms(gold: Mapping[str, JSON]) -> Iterator[str]:
    aliases = gold.get("aliases")
    yield str(gold.get("answer"))
    yield from map(str, aliases if isinstance(aliases, list) else ())


def _same(said: str, known: str) -> bool:
    """Returns whether both are the same; an amount may lack its unit, never have another."""
    if said == known:
        return True
    one, other = _QUANTITY.fullmatch(said), _QUANTITY.fullmatch(known)
    if not one or not other or float(one[1]) != float(other[1]):
        return False
    return not one[2] or not other[2] or one[2] == other[2]


def _names(said: str, known: str) -> bool:
    """Returns whether a value stands among several; a number without its unit will do."""
    number = _QUANTITY.fullmatch(known)
    tokens = said.split()
    return number[1] in tokens if number else f" {known} " in f" {said} "
