"""The fictional country: repeatable, whole and free of contradictions."""

import hashlib

from hypothesis import given, settings
from hypothesis import strategies as st

from metier.world import Chance, Country, make_country

seeds = st.integers(min_value=0, max_value=2**32)
few = settings(max_examples=25, deadline=None)


def test_a_seed_gives_the_country_it_always_gave() -> None:
    digest = hashlib.sha256(repr(make_country(1)).encode()).hexdigest()

    assert digest[:16] == "2b48c2aa9d501536"


def test_another_seed_gives_another_country() -> None:
    assert make_country(1).name != make_country(2).name


def test_a_stream_does_not_depend_on_what_others_drew() -> None:
    quiet, busy = Chance(7, "a"), Chance(7, "a")
    busy.unit()

    assert quiet.stream("b").unit() == busy.stream("b").unit()
    assert Chance(7, "a").unit() != Chance(7, "b").unit()


@given(st.integers(), st.lists(st.integers(), max_size=30))
def test_a_shuffle_keeps_every_item(seed: int, items: list[int]) -> None:
    assert sorted(Chance(seed, "s").shuffled(items)) == sorted(items)


def test_keys_are_dealt_by_their_weights() -> None:
    chance = Chance(3, "deal")
    dealt = [chance.deal({"often": 3.0, "seldom": 1.0, "never": 0.0}) for _ in range(2000)]

    assert 0.7 < dealt.count("often") / 2000 < 0.8
    assert "never" not in dealt


@few
@given(seeds)
def test_names_and_ids_are_given_once(seed: int) -> None:
    country = make_country(seed)
    ids = [t.id for t in country.towns] + [p.id for p in country.people] + [b.id for b in country.institutions]

    for values in (
        ids,
        [town.name for town in country.towns],
        [town.names["zh"] for town in country.towns if "zh" in town.names],
        [person.name for person in country.people],
        [body.name for body in country.institutions],
    ):
        assert len(values) == len(set(values))


@few
@given(seeds)
def test_towns_lie_in_the_country_on_dry_low_ground_and_apart(seed: int) -> None:
    country = make_country(seed)
    land = country.landscape

    assert len(country.towns) >= 40
    assert sum(town.rank == "capital" for town in country.towns) == 1
    for index, town in enumerate(country.towns):
        assert 0 < town.spot.x < land.width_km
        assert 0 < town.spot.y < land.height_km
        assert not land.is_water(town.spot)
        assert land.height_at(town.spot) < 1500
        assert all(town.spot.distance(other.spot) > 1.5 for other in country.towns[:index])
        lat, lon = country.frame.position(town.spot)
        assert 47.1 < lat < 47.9
        assert 13.6 < lon < 15.1


@few
@given(seeds)
def test_relations_point_to_what_exists_and_offices_are_held_by_the_living(seed: int) -> None:
    country = make_country(seed)
    people = {person.id: person for person in country.people}
    known = set(people) | {t.id for t in country.towns} | {b.id for b in country.institutions}

    offices = [r for r in country.relations if r.kind in ("mayor_of", "head_of")]
    assert all(r.subject in known and r.object in known for r in country.relations)
    assert all(people[r.subject].died is None for r in offices)
    assert len({r.subject for r in offices}) == len(offices)
    assert {r.object for r in country.relations if r.kind == "mayor_of"} == {t.id for t in country.towns}


@few
@given(seeds)
def test_some_towns_have_a_chinese_name_of_two_characters(seed: int) -> None:
    names = [town.names.get("zh", "") for town in make_country(seed).towns]

    assert sum(len(name) == 2 for name in names) >= 10


@few
@given(seeds)
def test_the_basin_and_the_valley_are_inhabited_and_the_range_stands_between(seed: int) -> None:
    country: Country = make_country(seed)
    zones = {town.zone for town in country.towns}

    assert zones == {"north", "south", "gap", "basin", "valley"}
    assert {notch.key for notch in country.landscape.passes} == {"main", "basin"}
