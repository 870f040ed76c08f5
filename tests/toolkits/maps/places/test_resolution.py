import pytest

from metier_maps.place import Place
from metier_maps.places.intake.writing import writing_places
from metier_maps.places.resolution import resolve_place
from metier_maps.places.store import Installed, StoredGazetteer, open_gazetteer
from metier_maps.testing import make_place, make_region

KINDS = {"town": ("town", "settlement"), "church": ("church", "place of worship", "sight")}


def place(number: int, name: str, category: str, lat: float) -> Place:
    made = make_place(f"osm:node/{number}", category, (lat, 1.5))
    return made.model_copy(
        update={"name": name, "names": {"name": name}, "categories": KINDS.get(category, (category,))}
    )


@pytest.fixture(scope="module")
def land(tmp_path_factory: pytest.TempPathFactory) -> StoredGazetteer:
    folder = tmp_path_factory.mktemp("land")
    places = [
        place(1, "Ordino", "town", 42.50),
        place(2, "Ordino", "shop", 42.55),
        place(3, "Sant Martí", "church", 42.51),
        place(4, "Sant Martí", "church", 42.60),
        place(5, "Canillo", "town", 42.61),
        place(6, "Sant Joan de Caselles", "church", 42.58),
        place(7, "Palais princier", "bicycle rental", 42.52),
        place(8, "Palais princier de Ordino", "castle", 42.521),
    ]
    with writing_places(folder) as writer:
        for one in places:
            writer.add(one)
    return open_gazetteer(Installed(make_region(), folder))


def test_a_town_is_meant_before_a_shop_of_its_name(land: StoredGazetteer) -> None:
    resolved = resolve_place(land, "ordino")
    assert resolved.place is not None
    assert (resolved.place.id, resolved.exact) == ("osm:node/1", True)


def test_what_is_named_after_a_sight_is_not_meant_before_it(land: StoredGazetteer) -> None:
    resolved = resolve_place(land, "Palais princier")
    assert resolved.place is not None
    assert resolved.place.id == "osm:node/8"


def test_equal_names_of_equal_kind_are_choices_told_apart_by_the_town(land: StoredGazetteer) -> None:
    resolved = resolve_place(land, "Sant Marti")
    assert resolved.place is None
    assert sorted(choice.text for choice in resolved.choices) == ["church, near Canillo", "church, near Ordino"]


def test_a_misspelt_name_is_taken_and_marked_as_not_exact(land: StoredGazetteer) -> None:
    resolved = resolve_place(land, "Sant Joan de Casselles")
    assert resolved.place is not None
    assert (resolved.place.id, resolved.exact) == ("osm:node/6", False)


def test_an_unknown_name_gives_nothing_or_near_names_but_never_a_place(land: StoredGazetteer) -> None:
    assert resolve_place(land, "Eiffel Tower") == resolve_place(land, "?") == resolve_place(land, "")
    doubtful = resolve_place(land, "Casellas Joan")
    assert doubtful.place is None or not doubtful.exact


def test_a_category_narrows_what_is_meant(land: StoredGazetteer) -> None:
    resolved = resolve_place(land, "Ordino", category="shop")
    assert resolved.place is not None
    assert resolved.place.id == "osm:node/2"


@pytest.mark.parametrize(
    ("typed", "kind"),
    [("Sant Joan de Casselles", "church"), ("Mirador Roc de Quer", "viewpoint"), ("Andorra la Vella", "town")],
)
def test_must_sees_of_the_demo_are_clear(andorran: StoredGazetteer, typed: str, kind: str) -> None:
    resolved = resolve_place(andorran, typed)
    assert resolved.place is not None
    assert resolved.place.categories[0] == kind
