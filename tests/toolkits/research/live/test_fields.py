"""Words, dates and addresses that a source sent are made plain, whatever it sent."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier_research.live.fields.addresses import clean_doi, clean_url, url_key
from metier_research.live.fields.dates import date_of_parts, read_date
from metier_research.live.fields.words import plain_text
from metier_research.pages.hits import shorten


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2024-05-17", "2024-05-17"),
        ("2024-05-17T08:00:00.000Z", "2024-05-17"),
        ("2024-05", "2024-05"),
        ("2024", "2024"),
        ("2024/5/7", "2024-05-07"),
        ("2024年5月7日", "2024-05-07"),
        ("2024年", "2024"),
        ("May 17, 2024", "2024-05-17"),
        ("17 May 2024", "2024-05-17"),
        ("Sept. 3, 2024", "2024-09-03"),
        ("May 2024", "2024-05"),
        ("Fri, 17 May 2024 08:00:00 GMT", "2024-05-17"),
        ("Friday, May 17, 2024", "2024-05-17"),
        ("3 days ago", ""),
        ("yesterday", ""),
        ("2024-13-40", ""),
        ("31 February 2024", ""),
        ("17 Foober 2024", ""),
        ("20240517", ""),
        ("", ""),
    ],
)
def test_a_date_is_iso_as_far_as_it_is_told(written: str, iso: str) -> None:
    assert read_date(written) == iso


@settings(max_examples=60, deadline=None)
@given(st.dates())
def test_every_day_is_read_back(day: object) -> None:
    assert read_date(str(day)) == (str(day) if str(day) >= "1000" else "")


@settings(max_examples=60, deadline=None)
@given(st.integers(), st.none() | st.integers(), st.none() | st.integers())
def test_parts_that_are_no_date_give_none(year: int, month: int | None, day: int | None) -> None:
    assert len(date_of_parts(year, month, day)) in (0, 4, 7, 10)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("How <strong>salt</strong> moved", "How salt moved"),
        ("H<sub>2</sub>O", "H2O"),
        ("one<br/>two<p class='x'>three</p>", "one two three"),
        ("a &amp;lt; b", "a &lt; b"),
        ("if a < b and c > d", "if a < b and c > d"),
        ("x<b and c>y", "x<b and c>y"),
        ("<script>alert(1)</script>Salt<!-- hidden -->", "Salt"),
        ("Salt\u202e\u200b\U000e0041 \x00road", "Salt road"),
        ("e\u0301", "é"),
        ("  two\n lines ", "two lines"),
    ],
)
def test_words_come_without_markup_and_hidden_signs(written: str, plain: str) -> None:
    assert plain_text(written) == plain


@settings(max_examples=60, deadline=None)
@given(st.text(), st.integers(2, 50))
def test_words_are_one_line_of_bounded_length_that_utf8_can_hold(written: str, longest: int) -> None:
    text = plain_text(written, longest)
    assert len(text) <= longest
    assert "\n" not in text
    assert not any(unicodedata.category(sign) in ("Cc", "Cs") for sign in text)
    text.encode()


def test_much_markup_is_read_in_one_pass() -> None:
    assert len(plain_text("<script>" * 200_000)) <= 4_000
    assert len(plain_text("<a " * 300_000)) <= 4_000


def test_a_cut_falls_between_words() -> None:
    assert shorten("salt roads of the north", 12) == "salt roads…"
    assert shorten("saltroads", 5) == "salt…"


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("https://a.example/x", "https://a.example/x"),
        ("//duckduckgo.com/l/?uddg=https%3A%2F%2Fa.example%2Fx%3Fy%3D1&rut=9", "https://a.example/x?y=1"),
        ("https://www.google.com/url?q=https://a.example/x&sa=U", "https://a.example/x"),
        (
            "https://duckduckgo.com/l/?uddg=javascript%3Aalert(1)",
            "https://duckduckgo.com/l/?uddg=javascript%3Aalert(1)",
        ),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("file:///etc/passwd", ""),
        ("http://", ""),
        ("http://[::1", ""),
        ("https://user:pass@a.example/", ""),
        ("https://a.example/two words", ""),
        ("https://a.example:0/", ""),
        ("https://a.example:99999/", ""),
        ("https://a.example/" + "x" * 3000, ""),
    ],
)
def test_an_address_is_the_one_meant_or_none(written: str, url: str) -> None:
    assert clean_url(written, "https://duckduckgo.com/") == url


def test_counters_within_counters_end() -> None:
    url = "https://a.example/"
    for _ in range(5):
        url = f"https://duckduckgo.com/l/?uddg={url.replace('%', '%25').replace(':', '%3A').replace('?', '%3F')}"
    assert clean_url(url) == ""


@settings(max_examples=60, deadline=None)
@given(st.text() | st.text("htps:/.@[]%?#&=ab\\", max_size=40).map(lambda text: f"https://{text}"))
def test_no_text_breaks_the_reading_of_addresses(written: str) -> None:
    url = clean_url(written)
    if url:
        assert url.startswith(("http://", "https://"))
        assert clean_url(url) == url
        url_key(url)


@pytest.mark.parametrize(
    "other",
    [
        "http://www.a.example/x/",
        "https://a.example/x#part",
        "https://a.example:443/x?utm_source=n&utm_medium=m",
        "https://A.example/x?gclid=1",
    ],
)
def test_addresses_of_one_page_have_one_key(other: str) -> None:
    assert url_key(other) == url_key("https://a.example/x")
    assert url_key("https://a.example/x?id=1") != url_key("https://a.example/x?id=2")


@pytest.mark.parametrize(
    ("written", "doi"),
    [
        ("https://doi.org/10.5555/SALT.17", "10.5555/salt.17"),
        ("doi:10.5555/a", "10.5555/a"),
        ("10.5555/(SICI)1096(199601)1:1<1::AID>3.0", "10.5555/(sici)1096(199601)1:1<1::aid>3.0"),
        ("10.5555/a(b);c", "10.5555/a(b);c"),
        ("11.5555/a", ""),
        ("", ""),
    ],
)
def test_a_doi_is_bare_and_in_small_letters(written: str, doi: str) -> None:
    assert clean_doi(written) == doi
