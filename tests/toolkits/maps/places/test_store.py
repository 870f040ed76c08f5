import threading
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from metier.errors import InputError, MissingError, StorageError
from metier_maps.facts import Fact, Tri
from metier_maps.place import Place
from metier_maps.places.gazetteer import Box
from metier_maps.places.intake.writing import writing_places
from metier_maps.places.search.measure import DEGREE_M
from metier_maps.places.search.names import fold, spread_names
from metier_maps.places.store import Installed, StoredGazetteer, open_gazetteer
from metier_maps.routing.router import Point
from metier_maps.routing.sphere import measure
from metier_maps.testing import make_place, make_region


def named(number: int, names: dict[str, str], category: str = "museum", at: tuple[float, float] = (42.5, 1.5)) -> Place:
    place = make_place(f"osm:node/{number}", category, at)
    kinds = {"hotel": ("hotel", "lodging"), "museum": ("museum", "sight"), "town": ("town", "settlement")}
    first = next(iter(names.values()), "Museum")
    return place.model_copy(update={"name": first, "names": names, "categories": kinds.get(category, (category,))})


def store(folder: Path, places: Iterable[Place]) -> StoredGazetteer:
    folder.mkdir()
    with writing_places(folder) as writer:
        for place in places:
            writer.add(place)
    return open_gazetteer(Installed(make_region(), folder))


def ids(gazetteer: StoredGazetteer, text: str = "", **how: object) -> list[str]:
    return [hit.place.id.removeprefix("osm:node/") for hit in gazetteer.search(text, **how)]  # type: ignore[arg-type]


written = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), min_size=1, max_size=25)
names = st.dictionaries(st.sampled_from(["name", "name:zh", "alt_name", "old_name", "brand"]), written, min_size=1)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(names, min_size=1, max_size=8))
def test_what_was_put_in_is_found_by_each_of_its_names(tmp_path: Path, each: list[dict[str, str]]) -> None:
    folder = tmp_path / str(len(list(tmp_path.iterdir())))
    spots = [(42 + i / 10, 1.5) for i in range(len(each))]
    gazetteer = store(folder, [named(i, one, at=spots[i]) for i, one in enumerate(each)])
    for i, one in enumerate(each):
        for name in spread_names(one):
            hits = gazetteer.search(name.text, limit=50)
            mine = next(hit for hit in hits if hit.place.id == f"osm:node/{i}")
            assert (mine.score, fold(mine.matched)) == (1.0, name.folded)


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=60), category=st.sampled_from(["", "museum", "lodging"]))
@example(text="0\u093a0", category="")  # a sign that SQLite takes for the end of a word
def test_no_text_breaks_the_search(museums: StoredGazetteer, text: str, category: str) -> None:
    assert all(0 < hit.score <= 1 for hit in museums.search(text, category=category))


@pytest.fixture(scope="module")
def museums(tmp_path_factory: pytest.TempPathFactory) -> StoredGazetteer:
    """A row of places at 42.5 N, one every hundredth of a degree to the east, about 820 m."""
    each = [
        ({"name": "故宫博物院", "name:en": "Palace Museum"}, "museum"),
        ({"name": "北京站"}, "railway station"),
        ({"name": "Museu del Tabac", "alt_name": "Tabakmuseum;Tobacco Museum"}, "museum"),
        ({"name": "Hotel Nord"}, "hotel"),
        ({"name": "Nord"}, "town"),
        ({"name": "Nord"}, "shop"),
        ({"name": 'O\'Neil "50%_" AND OR NEAR(x)*'}, "museum"),
        ({}, "viewpoint"),
    ]
    places = [named(i, names, category, (42.5, 1.5 + i / 100)) for i, (names, category) in enumerate(each)]
    return store(tmp_path_factory.mktemp("museums") / "data", places)


def test_two_chinese_characters_find_their_place_anywhere_in_the_name(museums: StoredGazetteer) -> None:
    assert ids(museums, "故宫") == ["0"]
    assert ids(museums, "博物") == ["0"]
    assert ids(museums, "北京") == ["1"]
    assert ids(museums, "京") == ["1"]
    assert ids(museums, "院") == ["0"]
    assert ids(museums, "天坛") == []


def test_an_equal_name_finds_the_town_before_the_shop_and_both_before_longer_names(museums: StoredGazetteer) -> None:
    assert ids(museums, "nord") == ["4", "5", "3"]


def test_each_name_of_a_list_is_found_and_named_as_what_matched(museums: StoredGazetteer) -> None:
    assert museums.search("Tobacco Museum")[0].matched == "Tobacco Museum"
    assert ids(museums, "Tabakmuseum") == ["2"]
    assert ids(museums, "Tabakmusum")[0] == "2"


def test_the_language_of_queries_is_text_here(museums: StoredGazetteer) -> None:
    assert ids(museums, 'O\'Neil "50%_" AND OR NEAR(x)*') == ["6"]
    for text in ('"', "'", "* OR *", "%", "_", "a:b", "NEAR(", "\x00", "'; DROP TABLE places; --"):
        museums.search(text)
    assert ids(museums, "Hotel Nord") == ["3"]


def test_a_category_holds_its_kinds_and_an_unknown_one_is_refused(museums: StoredGazetteer) -> None:
    assert ids(museums, category="lodging") == ["3"]
    assert sorted(ids(museums, category="museums")) == ["0", "2", "6"]
    assert ids(museums, "nord", category="hotel") == ["3"]
    with pytest.raises(InputError, match="No category"):
        museums.search(category="musuem")


def test_without_a_name_the_nearest_come_first_with_their_distance(museums: StoredGazetteer) -> None:
    hits = museums.search(near=Point(42.5, 1.529), limit=3)
    assert [hit.place.id[-1] for hit in hits] == ["3", "2", "4"]
    assert hits[0].distance_m == pytest.approx(82, abs=1)


def test_a_radius_and_a_box_cut_off_what_lies_outside(museums: StoredGazetteer) -> None:
    assert sorted(ids(museums, near=Point(42.5, 1.52), radius_m=825)) == ["1", "2", "3"]
    assert sorted(ids(museums, box=Box(42.4, 1.505, 42.6, 1.525))) == ["1", "2"]
    assert ids(museums, "nord", box=Box(42.4, 1.545, 42.6, 1.6)) == ["5"]
    assert ids(museums, box=Box(43, 1, 44, 2)) == []


def test_a_box_over_the_date_line_holds_both_sides(tmp_path: Path) -> None:
    places = [named(i, {"name": f"P{i}"}, at=(0.0, lon)) for i, lon in enumerate((179.9, -179.9, 0.0))]
    gazetteer = store(tmp_path / "data", places)
    assert sorted(ids(gazetteer, box=Box(-1, 179, 1, -179))) == ["0", "1"]


def test_places_along_a_line_come_in_the_order_of_the_drive(museums: StoredGazetteer) -> None:
    line = [Point(42.501, 1.555), Point(42.501, 1.515)]
    hits = museums.along(line, category="", buffer_m=200)
    assert [hit.place.id[-1] for hit in hits] == ["5", "4", "3", "2"]
    assert hits[0].distance_m == pytest.approx(0.001 * DEGREE_M, rel=0.001)
    assert [hit.place.id[-1] for hit in museums.along(line, category="lodging", buffer_m=200)] == ["3"]
    assert museums.along([], category="", buffer_m=100) == ()
    assert museums.along(line[:1], category="", buffer_m=1) == ()


def test_a_limit_along_a_line_keeps_those_nearest_to_it(tmp_path: Path) -> None:
    places = [named(i, {"name": f"P{i}"}, at=(42.5 + (3 - i) / 1000, 1.5 + i / 100)) for i in range(4)]
    gazetteer = store(tmp_path / "data", places)
    hits = gazetteer.along([Point(42.5, 1.4), Point(42.5, 1.6)], category="", buffer_m=1000, limit=2)
    assert [hit.place.id[-1] for hit in hits] == ["2", "3"]


@settings(max_examples=40, deadline=None)
@given(lat=st.floats(42.49, 42.51), lon=st.floats(1.49, 1.60))
def test_the_nearest_are_those_that_measuring_every_place_gives(
    museums: StoredGazetteer, lat: float, lon: float
) -> None:
    here = Point(lat, lon)
    every = [measure(here, Point(42.5, 1.5 + i / 100)) for i in range(8)]
    got = [hit.distance_m for hit in museums.search(near=here, limit=8)]
    assert got == pytest.approx(sorted(every), abs=0.1)


def test_only_a_yes_is_pet_friendly(tmp_path: Path) -> None:
    def hotel(number: int, dogs: Tri) -> Place:
        place = named(number, {"name": f"Hotel {number}"}, "hotel")
        return place.model_copy(update={"dogs": Fact(value=dogs, source="test")})

    gazetteer = store(tmp_path / "data", [hotel(i, dogs) for i, dogs in enumerate(Tri)])
    assert ids(gazetteer, category="pet-friendly hotels") == [str(list(Tri).index(Tri.YES))]
    assert len(gazetteer.search(category="hotel")) == 3


def test_the_same_hotel_as_point_and_as_outline_is_kept_once_with_what_is_known(tmp_path: Path) -> None:
    point = named(1, {"name": "Hotel Nord"}, "hotel")
    outline = named(2, {"name": "hotel nord"}, "hotel", (42.5005, 1.5)).model_copy(update={"tags": {"stars": "4"}})
    fullest = outline.model_copy(update={"id": "osm:way/2", "tags": {"stars": "4", "rooms": "9"}})
    elsewhere = named(3, {"name": "Hotel Nord"}, "hotel", (42.6, 1.5))
    for order in ([point, outline, elsewhere], [outline, point, elsewhere]):
        gazetteer = store(tmp_path / order[0].id[-1], order)
        assert sorted(ids(gazetteer, "Hotel Nord")) == ["2", "3"]
        assert sorted(ids(gazetteer, category="hotel")) == ["2", "3"]
    gazetteer = store(tmp_path / "all", [point, outline, fullest, elsewhere])
    assert sorted(ids(gazetteer, "Hotel Nord")) == ["3", "osm:way/2"]


def test_a_place_is_got_by_its_id_and_a_wrong_id_is_missing(museums: StoredGazetteer) -> None:
    assert museums.get("osm:node/3").name == "Hotel Nord"
    with pytest.raises(MissingError, match="no place"):
        museums.get("osm:node/999")


def test_nonsense_places_are_refused(museums: StoredGazetteer) -> None:
    with pytest.raises(InputError, match="no position on Earth"):
        museums.search(near=Point(101.5, 42.5))
    with pytest.raises(InputError, match="needs a position"):
        museums.search(radius_m=5)
    with pytest.raises(InputError, match="holds nothing"):
        museums.search(near=Point(42, 1), radius_m=float("nan"))
    assert museums.search(limit=0) == museums.search("!?") == ()


def test_threads_may_share_one_gazetteer(museums: StoredGazetteer) -> None:
    wrong: list[object] = []
    start = threading.Barrier(8)

    def look(number: int) -> None:
        start.wait(timeout=30)
        for _ in range(40):
            found = ids(museums, ("故宫", "nord", "Hotel Nord", "Tabakmusum")[number % 4])
            if found[0] != ("0", "4", "3", "2")[number % 4]:
                wrong.append(found)

    threads = [threading.Thread(target=look, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert wrong == []


def test_a_damaged_or_outdated_database_says_so(tmp_path: Path) -> None:
    (tmp_path / "places.sqlite").write_bytes(b"no database at all, but long enough to be read as a header" * 20)
    with pytest.raises(StorageError, match="cannot be read"):
        open_gazetteer(Installed(make_region(), tmp_path))
    (tmp_path / "places.sqlite").write_bytes(b"")
    with pytest.raises(StorageError, match="another version"):
        open_gazetteer(Installed(make_region(), tmp_path))
    with pytest.raises(StorageError, match="cannot be read"):
        open_gazetteer(Installed(make_region(), tmp_path / "nowhere"))
