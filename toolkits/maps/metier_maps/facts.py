"""Facts: a value, where it comes from, and when that was so. Unknown is a value of its own and never shown as yes."""

from enum import StrEnum
from typing import Generic, TypeVar

from metier.answer import Value

T = TypeVar("T")


class Tri(StrEnum):
    """Yes, no, or unknown."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Fact(Value, Generic[T]):
    """A value with its source ("OpenStreetMap node/123", "user", "assumption") and its date (ISO 8601, may be empty).

    `value` is None when nothing is known.
    """

    value: T | None
    source: str
    date: str = ""


class Money(Value):
    """An amount in minor units (cents) of an ISO 4217 currency."""

    cents: int
    currency: str = "EUR"

    def __str__(self) -> str:
        return f"{self.cents // 100}.{self.cents % 100:02d} {self.currency}"
