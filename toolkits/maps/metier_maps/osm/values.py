"""Values of OpenStreetMap tags read as facts: yes or no, money, stars, phones, links. What is not clear is None."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from metier_maps.facts import Money, Tri
from metier_maps.osm.cleaning import LONGEST_VALUE

_YES: Final = frozenset(
    ("yes", "true", "1", "allowed", "permitted", "welcome", "leashed", "unleashed", "designated", "permissive")
)
_NO: Final = frozenset(("no", "false", "0", "never", "forbidden", "prohibited", "none"))
_DOG_KEYS: Final = ("dog", "dogs", "pets", "pets_allowed", "pet")
_SYMBOLS: Final[Mapping[str, str]] = {
    "€": "EUR",
    "£": "GBP",
    "$": "USD",
    "¥": "JPY",
    "元": "CNY",
    "FR.": "CHF",
    "EURO": "EUR",
    "EUROS": "EUR",
}
_CODES: Final = (
    "EUR|USD|GBP|CHF|CNY|JPY|SEK|NOK|DKK|CZK|PLN|HUF|CAD|AUD|NZD|TRY|RON|BGN|ISK|HKD|TWD|KRW|THB|INR|BRL|MXN|ZAR"
)
_UNIT: Final = rf"{_CODES}|€|£|\$|¥|元|Fr\.|euros?"
_PRICE: Final = re.compile(
    rf"(?:(?P<before>{_UNIT})\s*)?"
    r"(?P<whole>[0-9]{1,3}(?:[.,' ][0-9]{3})+|[0-9]{1,7})(?:[.,](?P<part>[0-9]{1,2}|-))?"
    rf"\s*(?P<after>{_UNIT})?\s*(?P<per>(?:/|per|a|pro|por|par)\s*(?:night|nacht|noche|nuit|nit|room|person|adult|pax))?",
    re.IGNORECASE,
)
_PER_HEAD: Final = ("person", "adult", "pax")
_STARS: Final = re.compile(r"(?P<number>[1-7](?:[.,]5)?)\s*(?:\*+|stars?|s|sup\.?|superior)?", re.IGNORECASE)
_MOST_CENTS: Final = 10**9
_PHONE: Final = re.compile(r"\+?[0-9][0-9 ()/.\-]{3,28}[0-9]")
_LONGEST_LINK: Final = 400
_NOT_IN_LINK: Final = re.compile(r"[\s<>\"'`\\^{}|]")
_HOST: Final = re.compile(r"[^\W_](?:[\w.-]*[^\W_])?")


def read_tri(value: str | None) -> Tri:
    """Returns yes or no only where the value says so and nothing else; "limited" and the like are unknown."""
    word = (value or "").strip().casefold()
    if word in _YES:
        return Tri.YES
    return Tri.NO if word in _NO else Tri.UNKNOWN


def read_dogs(tags: Mapping[str, str]) -> Tri:
    """Returns whether dogs may come: what all tags agree on; a no for dogs stands against pets=yes."""
    said = [read_tri(tags[key]) for key in _DOG_KEYS if key in tags]
    if Tri.NO in (read_tri(tags.get("dog")), read_tri(tags.get("dogs"))):
        return Tri.NO
    return said[0] if said and all(one == said[0] for one in said) else Tri.UNKNOWN


def read_hours(text: str | None) -> str | None:
    """Returns the opening hours as they are written; None where they were too long and are cut, or are empty."""
    return text if text and len(text) < LONGEST_VALUE else None


def read_price(text: str | None, *, per_head: bool) -> Money | None:
    """Returns the one amount that the text states with its currency ("85 EUR", "12.50 €", "19€ per night"), or None.

    A price by the person counts only with `per_head` (an entrance fee, not a room).
    """
    match = _PRICE.fullmatch((text or "").strip())
    if match is None or (match["before"] is None) == (match["after"] is None):
        return None
    if not per_head and any(word in (match["per"] or "").casefold() for word in _PER_HEAD):
        return None
    part = (match["part"] or "").strip("-")
    cents = int(re.sub("[^0-9]", "", match["whole"])) * 100 + int(part.ljust(2, "0") or "0")
    unit = (match["before"] or match["after"]).upper()
    return Money(cents=cents, currency=_SYMBOLS.get(unit, unit)) if cents <= _MOST_CENTS else None


def read_stars(text: str | None) -> float | None:
    """Returns the stars from 1 to 7; "4S" and "3 superior" give the number, "****" is counted, junk is None."""
    value = (text or "").strip()
    if value and set(value) <= {"*", "★"}:
        return float(len(value)) if len(value) <= 7 else None
    match = _STARS.fullmatch(value)
    number = float(match["number"].replace(",", ".")) if match else 0.0
    return number if 1 <= number <= 7 else None


def read_phone(text: str | None) -> str | None:
    """Returns the first number of a list of phone numbers, or None where it does not look like one."""
    first = re.split("[;,]", text or "", maxsplit=1)[0].strip()
    return first if _PHONE.fullmatch(first) else None


def read_link(text: str | None) -> str | None:
    """Returns the first http or https address of the text; None for any other scheme, for logins and odd characters."""
    first = (text or "").split(";", 1)[0].strip()
    if len(first) > _LONGEST_LINK or _NOT_IN_LINK.search(first):
        return None
    try:
        parts = urlsplit(first)
        sound = parts.scheme in ("http", "https") and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        return None
    return first if sound and _HOST.fullmatch(parts.hostname or "") else None
