"""What a change may do to a request, and that anything else is seen."""

from datetime import date, time
from typing import Any

import pytest

from metier_maps.facts import Money
from metier_maps.language import list_strays, parse_edit
from metier_maps.request import Lodging, Pets, PlaceRef, TripRequest

TOWN, CASTLE, MUSEUM = (PlaceRef(id=f"osm:node/{n}", name=str(n)) for n in (1, 2, 3))
OLD = TripRequest(
    region="drawn",
    start_date=date(2026, 12, 4),
    end_date=date(2026, 12, 6),
    start=TOWN,
    end=TOWN,
    must_see=(CASTLE,),
    drive_limit_s=7200,
    budget=Money(cents=50_000),
    pets=Pets(),
)


def strays(text: str, **changes: Any) -> tuple[str, ...]:
    edit = parse_edit(text)
    assert edit.not_understood == ()
    return list_strays(OLD, OLD.model_copy(update=changes), edit.edits)


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("start a day later", {"start_date": date(2026, 12, 5), "end_date": date(2026, 12, 7)}),
        ("one more day", {"end_date": date(2026, 12, 7)}),
        ("one more hour of driving is fine", {"drive_limit_s": 10_800}),
        ("at most 4 hours of driving a day", {"drive_limit_s": 14_400}),
        ("budget 800 euros", {"budget": Money(cents=80_000)}),
        ("more relaxed", {"pace": "relaxed"}),
        ("no lunch break", {"lunch": False}),
        ("different hotel every night", {"lodging": Lodging(policy="change")}),
        ("drop Castle", {"must_see": (), "dropped": (CASTLE,)}),
        ("drop the museum on day 2", {"dropped": (MUSEUM,)}),
        ("add Museum Three", {"must_see": (CASTLE, MUSEUM)}),
        ("swap the hotel on night 2", {}),
        ("avoid churches", {"avoid_categories": ("church",)}),
        (
            "drop the museum on day 2, start a day later and no lunch break",
            {
                "dropped": (MUSEUM,),
                "start_date": date(2026, 12, 5),
                "end_date": date(2026, 12, 7),
                "lunch": False,
            },
        ),
    ],
)
def test_what_the_change_says_may_change(text: str, changes: dict[str, Any]) -> None:
    assert strays(text, **changes) == ()


@pytest.mark.parametrize(
    ("text", "changes", "field"),
    [
        ("start a day later", {"start_date": date(2026, 12, 5)}, "end_date"),
        ("one more hour of driving is fine", {"drive_limit_s": 14_400}, "drive_limit_s"),
        ("one more hour of driving is fine", {"drive_limit_s": None}, "drive_limit_s"),
        ("no lunch break", {"lunch": False, "budget": None}, "budget"),
        ("no lunch break", {"lunch": False, "pets": Pets(confirmed=False)}, "pets"),
        ("swap the hotel on night 2", {"must_see": ()}, "must_see"),
        ("add Museum Three", {"must_see": (MUSEUM, TOWN, CASTLE)}, "must_see"),
        ("drop Museum Three", {"day_end": time(21), "dropped": (MUSEUM,)}, "day_end"),
    ],
)
def test_what_it_does_not_say_may_not(text: str, changes: dict[str, Any], field: str) -> None:
    assert field in strays(text, **changes)
