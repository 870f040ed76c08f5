"""Provisions of a work: one value for each version of each section or article."""

from datetime import date
from enum import StrEnum

from metier.answer import Value


class Status(StrEnum):
    """What a source says of a version."""

    IN_FORCE = "in force"
    REPEALED = "repealed"
    EXPIRED = "expired"
    OMITTED = "omitted"
    TRANSFERRED = "transferred"
    RESERVED = "reserved"
    UNKNOWN = "unknown"


class Standing(StrEnum):
    """Whether a version is the law on a date."""

    IN_FORCE = "in force"
    NOT_YET = "not yet in force"
    SUPERSEDED = "superseded"
    REPEALED = "repealed"
    UNKNOWN = "unknown"


class Unit(Value):
    """A part of a provision that a citation can pin: `text[start:end]` of its version.

    `path` is the way down from the provision: ("a", "2") for subsection (a)(2), ("2", "1") for 第二款第一项 or
    Absatz 2 Nummer 1. Units nest; a unit's span holds its children's, and its own text where it goes on after
    them.
    """

    path: tuple[str, ...]
    start: int
    end: int


class Provision(Value):
    """One version of one section or article.

    `number` is the label by which it is cited, without sign or word: "101", "1079", "823", "16-2301", "120-1" for
    第一百二十条之一. `path` are the headings above it, outermost first. `text` is kept as the source has it, its own
    number and heading left out. `valid_from` and `valid_to` bound the half-open interval in which this text is law;
    None is not known for the first, no end known for the second. `observed` is the date of a publication that has this
    text as current, for sources that give no intervals. `note` is what the source says of the status or of the act
    that made this version ("Repealed by Act 2019-4, s 7").
    """

    work: str
    number: str
    heading: str = ""
    path: tuple[str, ...] = ()
    text: str
    units: tuple[Unit, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    observed: date | None = None
    status: Status = Status.IN_FORCE
    note: str = ""


def standing_on(provision: Provision, day: date) -> Standing:
    """Returns whether this version is the law on `day`.

    A version with no interval is taken to be in force from the publication that has it on; before it, that is unknown.
    """
    begun = provision.valid_from or provision.observed
    if begun is None:
        return _standing_without_begin(provision, day)
    if day < begun:
        return Standing.NOT_YET if provision.valid_from is not None else Standing.UNKNOWN
    if provision.valid_to is not None and day >= provision.valid_to:
        return Standing.SUPERSEDED
    return _STANDING_OF_STATUS[provision.status]


def _standing_without_begin(provision: Provision, day: date) -> Standing:
    if provision.valid_to is not None and day >= provision.valid_to:
        return Standing.SUPERSEDED
    stated = _STANDING_OF_STATUS[provision.status]
    return stated if stated is Standing.REPEALED else Standing.UNKNOWN


_STANDING_OF_STATUS = {
    Status.IN_FORCE: Standing.IN_FORCE,
    Status.REPEALED: Standing.REPEALED,
    Status.EXPIRED: Standing.REPEALED,
    Status.OMITTED: Standing.REPEALED,
    Status.TRANSFERRED: Standing.REPEALED,
    Status.RESERVED: Standing.REPEALED,
    Status.UNKNOWN: Standing.UNKNOWN,
}
