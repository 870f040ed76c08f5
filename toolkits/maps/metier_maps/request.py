"""A travel request, typed: what a plan must keep."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Literal, Self

from pydantic import Field, model_validator

from metier.answer import Value
from metier_maps.facts import Money
from metier_maps.routing.router import Mode

LONGEST_DAYS = 31
_A_PLACE = 'a place is {"id": "osm:node/123", "name": "..."}, both as search_places gives them'
_PETS = 'pets are {"kind": "dog", "confirmed": true}, or null without any'


class PlaceRef(Value):
    """A place by id, with the name a person knows it by."""

    id: str
    name: str

    @model_validator(mode="before")
    @classmethod
    def _from_fields(cls, value: object) -> object:
        if not isinstance(value, Mapping | cls):
            raise ValueError(_A_PLACE)  # noqa: TRY004  pydantic makes no message of a TypeError
        return value


class Pets(Value):
    """A pet that comes along. With `confirmed`, every lodging must state that it is welcome; unknown is then a no.

    Without, lodgings that say no are left out, and those that say nothing are allowed but listed to be asked.
    """

    kind: Literal["dog", "cat", "pet"] = "dog"
    confirmed: bool = True

    @model_validator(mode="before")
    @classmethod
    def _from_fields(cls, value: object) -> object:
        if not isinstance(value, Mapping | cls):
            raise ValueError(_PETS)  # noqa: TRY004  as above
        return value


class Lodging(Value):
    """Where to sleep: `change` is a different lodging every night, `stay` the same one, `any` either."""

    policy: Literal["any", "change", "stay"] = "any"
    categories: tuple[str, ...] = ()
    min_stars: float | None = None


class Party(Value):
    """Who travels."""

    adults: int = Field(default=1, ge=1, le=50)
    children: int = Field(default=0, ge=0, le=50)

    @property
    def people(self) -> int:
        """Returns how many travel."""
        return self.adults + self.children

    @property
    def rooms(self) -> int:
        """Returns the rooms they need, two to a room: a lodging's price is per room and night."""
        return (self.people + 1) // 2


class TripRequest(Value):
    """What is asked of a plan. Both dates are days of the trip; the nights lie between them.

    `drive_limit_s` is per day; `budget` covers lodging and entrance fees for the whole party; `lodging_price` is the
    user's own estimate of a night where the data has no price; `dropped` are places taken out by an edit.
    """

    region: str
    start_date: date
    end_date: date
    start: PlaceRef
    end: PlaceRef
    mode: Mode = "car"
    party: Party = Party()
    must_see: tuple[PlaceRef, ...] = ()
    avoid: tuple[PlaceRef, ...] = ()
    avoid_categories: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    pets: Pets | None = None
    drive_limit_s: int | None = Field(default=None, ge=0)
    budget: Money | None = None
    lodging_price: Money | None = None
    lodging: Lodging = Lodging()
    pace: Literal["relaxed", "normal", "full"] = "normal"
    lunch: bool = True
    day_start: time = time(9, 0)
    day_end: time = time(19, 0)
    dropped: tuple[PlaceRef, ...] = ()

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        if self.end_date < self.start_date:
            raise ValueError(f"the end ({self.end_date}) is before the start ({self.start_date})")
        if self.days > LONGEST_DAYS:
            raise ValueError(f"{self.days} days; a plan has at most {LONGEST_DAYS}")
        if self.day_start.tzinfo is not None or self.day_end.tzinfo is not None:
            raise ValueError("the hours of a day are local times and have no zone")
        if self.day_end <= self.day_start:
            raise ValueError("the day ends before it starts")
        return self

    @property
    def days(self) -> int:
        """Returns the number of days, the first and the last included."""
        return (self.end_date - self.start_date).days + 1

    @property
    def nights(self) -> int:
        """Returns the number of nights."""
        return self.days - 1

    def date_of(self, day: int) -> date:
        """Returns the date of day `day`, counted from 0."""
        return self.start_date + timedelta(days=day)
