"""Which country a file is of. Pure, but for the table of time zones that comes with the tzdata package."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Final

_CODE: Final = re.compile("[A-Z]{2}")
_FEWEST: Final = 3
_MAJORITY: Final = 0.6


@dataclass(frozen=True, slots=True)
class Country:
    """An ISO 3166-1 code ("" when it is not known) and what it was read from."""

    code: str
    how: str


@dataclass(slots=True)
class Votes:
    """What the things of a file say of their country: addresses, and the borders of whole countries."""

    addresses: Counter[str] = field(default_factory=Counter)
    borders: set[str] = field(default_factory=set)

    def take(self, tags: Mapping[str, str]) -> None:
        """Counts what one thing says."""
        address = tags.get("addr:country", "").upper()
        if _CODE.fullmatch(address):
            self.addresses[address] += 1
        if tags.get("boundary") == "administrative" and tags.get("admin_level") == "2":
            border = (tags.get("ISO3166-1:alpha2") or tags.get("ISO3166-1") or "").upper()
            if _CODE.fullmatch(border):
                self.borders.add(border)


def is_vote(tags: Mapping[str, str]) -> bool:
    """Returns whether a thing with these tags says something of its country."""
    return "addr:country" in tags or (tags.get("boundary") == "administrative" and tags.get("admin_level") == "2")


def decide_country(votes: Votes, zone: str) -> Country:
    """Returns the country that most addresses name, else the only border's, else that of the time zone.

    Neighbours' borders are in most extracts, so that several of them decide nothing.
    """
    best, count = next(iter(votes.addresses.most_common(1)), ("", 0))
    if count >= _FEWEST and count >= _MAJORITY * votes.addresses.total():
        return Country(best, "the addresses in the file")
    if len(votes.borders) == 1:
        return Country(next(iter(votes.borders)), "the border in the file")
    if zone in _countries_by_zone():
        return Country(_countries_by_zone()[zone], f"the time zone {zone}")
    return Country(best, "an address in the file" if best else "nothing")


@lru_cache(maxsize=1)
def _countries_by_zone() -> dict[str, str]:
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return {row[2]: row[0] for row in rows}
