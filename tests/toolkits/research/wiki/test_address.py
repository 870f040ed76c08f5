import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier.errors import InputError
from metier_research.wiki.address import LONGEST_KEY, check_name, key_of, read_address, wiki_url


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_an_address_leads_back_to_the_title_it_was_made_of(title: str) -> None:
    address = read_address(wiki_url("elm", title))
    assert (address.key if address else "") == key_of(title)
    assert key_of(key_of(title)) == key_of(title)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_an_address_is_plain_ascii_without_a_second_path(title: str) -> None:
    path = wiki_url("elm", title).removeprefix("wiki://elm/")
    assert path.isascii()
    assert not set(path) & set("/?# \n")


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("wiki://elm/Ada_Brook", "Ada Brook"),
        ("wiki://elm/Ada Brook#char=3,9", "Ada Brook"),
        ("wiki://elm/AC%2FDC", "AC/DC"),
        ("wiki://elm/AC/DC", "AC/DC"),
        ("WIKI://Elm/100%25%20Wolf", "100% Wolf"),
        ("wiki://elm/E\u0301lan", "Élan"),
        ("wiki://elm/A\u200bda", "Ada"),
        ("wiki://elm/%ff", "\ufffd"),
    ],
)
def test_a_title_is_understood_as_a_model_may_write_it(url: str, key: str) -> None:
    address = read_address(url)
    assert address is not None
    assert (address.name, address.key) == ("elm", key)


@pytest.mark.parametrize(
    "url", ["", "wiki://", "wiki://elm", "wiki://elm/", "wiki://elm/%20", "https://elm/Ada", "wiki:elm/Ada", "elm/Ada"]
)
def test_what_names_no_page_is_no_address(url: str) -> None:
    assert read_address(url) is None
    assert read_address(f"wiki://elm/{'x' * (LONGEST_KEY + 1)}") is None


@pytest.mark.parametrize(
    "name", ["", ".", "..", "a/b", "../elm", "a\\b", "Elm", "elm\n", "-elm", "elm.", "a..b", "x" * 65, "é", "a b"]
)
def test_a_name_that_could_lead_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(InputError):
        check_name(name)


def test_a_plain_name_is_taken() -> None:
    assert [check_name(name) for name in ("simple-2026", "world-7", "a", "en_wiki.1")]
