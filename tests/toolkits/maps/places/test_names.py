import pytest
from hypothesis import given
from hypothesis import strategies as st

from metier_maps.places.search.names import fold, grams_of, names_of, spread_names, words_of
from metier_maps.places.search.ranking import ALIKE, EXACT, score_name


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Sant Julià de Lòria", "sant julia de loria"),
        ("Cal·lís", "callis"),
        ("L'Aldosa", "l aldosa"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("Łódź — Øst", "lodz ost"),
        ("故宫博物院", "故宫博物院"),
        ("서울", "서울"),
        ("!!!", ""),
    ],
)
def test_names_are_compared_without_accents_case_and_signs(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_and_leaves_words_parted_by_one_space(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded == " ".join(folded.split())


@given(st.text(max_size=60))
def test_pieces_are_there_for_every_name_that_has_a_letter(text: str) -> None:
    folded = fold(text)
    assert bool(grams_of(folded)) == bool(folded) == bool(words_of(folded))


@given(st.text(alphabet="故宫博物院北京天坛", min_size=2, max_size=8), st.data())
def test_any_two_neighbours_of_a_chinese_name_are_among_its_pieces(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(name) - 2))
    assert name[at : at + 2] in grams_of(name)


def test_the_names_of_a_place_are_those_of_any_language_and_kind() -> None:
    tags = {
        "name": "Pic", "name:fr": "Pointe", "alt_name": "A;B", "old_name": "Z", "brand": "Q", "name:left": "no",
        "official_name:ca": "O", "name:zh-Hans": "峰", "amenity": "no", "int_name": "I", "nameless": "no",
    }  # fmt: skip
    names = names_of(tags)
    assert next(iter(names)) == "name"
    assert set(names) == {
        "name", "name:fr", "name:zh-Hans", "alt_name", "old_name", "brand", "official_name:ca", "int_name",
    }  # fmt: skip
    assert [name.text for name in spread_names({"name": "X", "alt_name": "A; B ;x"})] == ["X", "A", "B"]


def test_a_better_fit_scores_higher() -> None:
    exact = score_name("mirador roc del quer", "mirador roc del quer")
    swapped = score_name("roc del quer mirador", "mirador roc del quer")
    within = score_name("roc del quer", "mirador roc del quer")
    begun = score_name("mirador roc del qu", "mirador roc del quer")
    misspelt = score_name("mirador rock de kuer", "mirador roc del quer")
    assert exact > swapped > within > begun > misspelt > 0
    assert score_name("xyz", "mirador roc del quer") == 0


@given(st.text(min_size=1, max_size=30), st.text(min_size=1, max_size=30))
def test_scores_lie_between_0_and_1_and_only_equal_names_are_exact(one: str, other: str) -> None:
    query, name = fold(one), fold(other)
    score = score_name(query, name)
    assert 0 <= score <= 1
    assert (score == EXACT) == (query == name)
    assert 0 < ALIKE < 1
