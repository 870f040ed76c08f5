"""Whose page an address is: bounds of a walk that no spelling gets round."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier.errors import InputError
from metier_research.walking.site import key_of, shape_of, site_of


@pytest.mark.parametrize(
    ("start", "inside"),
    [
        ("https://www.town.example/", "http://town.example/a?b#c"),
        ("http://town.example", "https://WWW.TOWN.EXAMPLE./news"),
        ("https://town.example/a/page.html", "https://town.example/b"),
        ("https://town.example/", "https://museum.town.example/"),
        ("https://town.example/~ann/", "https://town.example/%7Eann/notes"),
        ("https://town.example/~ann/", "https://town.example/~ann/x/../y"),
        ("https://town.example:8443/", "https://town.example:8443/x"),
        ("wiki://world-1/Old%20Town", "wiki://world-1/Bridge"),
        ("wiki://world-1", "wiki://world-1/Bridge"),
    ],
)
def test_pages_of_the_site_are_inside(start: str, inside: str) -> None:
    assert site_of(start).holds(inside)


@pytest.mark.parametrize(
    ("start", "outside"),
    [
        ("https://town.example/", "https://nottown.example/"),
        ("https://town.example/", "https://town.example.evil.example/"),
        ("https://museum.town.example/", "https://town.example/"),
        ("https://town.example/", "https://town.example@evil.example/"),
        ("https://town.example/", "https://user:pass@town.example/"),
        ("https://town.example/", "https://town.example:9000/"),
        ("https://town.example/", "//town.example/"),
        ("https://town.example/", "javascript:alert(1)"),
        ("https://town.example/", "mailto:a@town.example"),
        ("https://town.example/", "ftp://town.example/"),
        ("https://town.example/", "https://[::1/"),
        ("https://town.example/", "https://town.example:bad/"),
        ("https://town.example/", f"https://town.example/{'a' * 3_000}"),
        ("https://town.example/~ann/", "https://town.example/~bob/"),
        ("https://town.example/~ann/", "https://town.example/~ann/../~bob/"),
        ("https://town.example/~ann/", "https://town.example/~ann/%2e%2e/~bob/"),
        ("https://town.example/~ann/", "https://town.example/~ann/..\\~bob/"),
        ("wiki://world-1", "wiki://world-2/Bridge"),
        ("wiki://world-1", "https://world-1/Bridge"),
        ("https://world-1/", "wiki://world-1/Bridge"),
    ],
)
def test_pages_of_others_are_outside(start: str, outside: str) -> None:
    assert not site_of(start).holds(outside)


@pytest.mark.parametrize("start", ["", "town", "file:///etc/passwd", "https://", "https://a@b/", "https://[::1/"])
def test_what_is_no_site_is_refused(start: str) -> None:
    with pytest.raises(InputError, match="is no site"):
        site_of(start)


def test_addresses_of_one_page_have_one_key_and_counted_ones_one_shape() -> None:
    assert key_of("http://www.a.example/x#top") == key_of("https://a.example:443/x")
    assert key_of("https://a.example") == key_of("https://a.example/")
    assert key_of("https://a.example/x?p=1") != key_of("https://a.example/x?p=2")
    assert shape_of("https://a.example/c?m=2027-01") == shape_of("https://a.example/c?m=2031-12")


@settings(max_examples=60)
@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_of_addresses(text: str) -> None:
    site = site_of("https://town.example/")
    assert isinstance(site.holds(text), bool)
    assert key_of(text) == key_of(text)
    assert not site.holds(text) or "town.example" in text.lower()
