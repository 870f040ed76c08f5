"""Plans on Andorra as it is."""

from metier_maps.facts import Tri
from metier_maps.places.gazetteer import Gazetteer
from metier_maps.planning.edit import DropPlace, edit_trip
from metier_maps.planning.plan import plan_trip
from metier_maps.planning.search.best import Effort
from metier_maps.request import Lodging, Pets, PlaceRef, TripRequest
from tests.toolkits.maps.planning.land import Land, find_violations

LITTLE = Effort(8, 6, 1)


def named(gazetteer: Gazetteer, name: str) -> PlaceRef:
    place = gazetteer.search(name, limit=1)[0].place
    return PlaceRef(id=place.id, name=place.name)


def ask(land: Land, **fields: object) -> TripRequest:
    town = named(land.gazetteer, "Andorra la Vella")
    musts = ("Sant Joan de Caselles", "Mirador Roc del Quer")
    return TripRequest.model_validate(
        {
            "region": land.gazetteer.region.name,
            "start_date": "2026-12-04",
            "end_date": "2026-12-07",
            "start": town,
            "end": town,
            "must_see": tuple(named(land.gazetteer, name) for name in musts),
            "pets": Pets(confirmed=False),
            "drive_limit_s": 3 * 3600,
            "lodging": Lodging(policy="change"),
            **fields,
        }
    )


def test_four_days_with_a_dog_and_a_hotel_every_night_hold(andorra: Land) -> None:
    request = ask(andorra)
    made = plan_trip(request, andorra.gazetteer, andorra.router, effort=LITTLE)
    trip = made.itinerary
    assert trip is not None
    assert find_violations(made) == []
    assert len(made.alternatives) >= 2
    nights = [day.night for day in trip.days if day.night is not None]
    assert len({night.place.id for night in nights}) == 3
    for night in nights:
        assert night.dogs.value is not Tri.NO
        assert night.dogs.value is Tri.YES or any(night.place.name in text and "ask" in text for text in trip.warnings)
    assert trip.title == "4 days in Andorra, 4-7 December 2026"
    assert trip.days[-1].night is None
    assert trip.days[2].holiday == "" != trip.days[0].depart.isoformat()


def test_dropping_a_sight_in_andorra_keeps_the_rest(andorra: Land) -> None:
    made = plan_trip(ask(andorra), andorra.gazetteer, andorra.router, effort=LITTLE)
    assert made.itinerary is not None
    sights = [s.place for day in made.itinerary.days for s in day.stops if s.kind == "sight" and not s.must_see]
    done = edit_trip(made.itinerary, DropPlace(place=sights[0].id), andorra.gazetteer, andorra.router)
    assert done.plan.itinerary is not None
    assert find_violations(done.plan) == []
    assert {s.place.id for day in done.plan.itinerary.days for s in day.stops} <= {
        s.place.id for day in made.itinerary.days for s in day.stops
    }


def test_a_drive_limit_of_minutes_in_andorra_is_refused_with_the_least_that_works(andorra: Land) -> None:
    request = ask(andorra, end_date="2026-12-04", drive_limit_s=1200)
    made = plan_trip(request, andorra.gazetteer, andorra.router, effort=LITTLE)
    assert made.itinerary is None
    assert made.conflict is not None
    assert made.conflict.proof == "proved"
    assert "drive_limit" in made.conflict.requirements
    assert any("drive up to" in relaxation.change for relaxation in made.conflict.relaxations)
