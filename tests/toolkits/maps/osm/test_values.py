import pytest
from hypothesis import given
from hypothesis import strategies as st

from metier_maps.facts import Money, Tri
from metier_maps.osm.values import read_dogs, read_hours, read_link, read_phone, read_price, read_stars, read_tri


@pytest.mark.parametrize(
    ("text", "cents", "currency"),
    [
        ("85 EUR", 8500, "EUR"),
        ("12.50 €", 1250, "EUR"),
        ("12,5€", 1250, "EUR"),
        ("€ 7", 700, "EUR"),
        ("19€ per night", 1900, "EUR"),
        ("1.200,00 EUR", 120000, "EUR"),
        ("1,200 CHF", 120000, "CHF"),
        ("CHF 20.-", 2000, "CHF"),
        ("80元", 8000, "CNY"),
        ("0 EUR", 0, "EUR"),
    ],
)
def test_an_amount_with_its_currency_is_read(text: str, cents: int, currency: str) -> None:
    assert read_price(text, per_head=False) == Money(cents=cents, currency=currency)


@pytest.mark.parametrize(
    "text",
    [
        None, "", "yes", "5", "EUR", "cheap", "5-10 EUR", "from 5 EUR", "2€/100l water; 2€/1h electricity",
        "5 EUR 6 EUR", "€5€", "5 EUR/h", "-5 EUR", "٣ EUR", "99999999999 EUR", "1.2.3 EUR", "12.345,6,7 EUR",
    ],
)  # fmt: skip
def test_what_is_no_single_clear_amount_is_no_price(text: str | None) -> None:
    assert read_price(text, per_head=True) is None


def test_a_price_by_the_person_is_an_entrance_fee_and_no_room() -> None:
    assert read_price("9 EUR/person", per_head=True) == Money(cents=900)
    assert read_price("9 EUR/person", per_head=False) is None


@given(st.integers(0, 10**8), st.sampled_from(["EUR", "CHF", "USD"]))
def test_every_amount_that_is_written_plainly_is_read_back(cents: int, currency: str) -> None:
    money = Money(cents=cents, currency=currency)
    assert read_price(str(money), per_head=False) == money


@given(st.text(max_size=40))
def test_no_text_breaks_the_readers(text: str) -> None:
    price, stars = read_price(text, per_head=False), read_stars(text)
    assert price is None or price.cents >= 0
    assert stars is None or 1 <= stars <= 7
    assert (read_link(text) or "http").startswith("http")
    assert sum(char.isdigit() for char in read_phone(text) or "00000") >= 2
    assert read_tri(text) in Tri


@pytest.mark.parametrize(
    ("text", "stars"),
    [("4", 4.0), ("4S", 4.0), ("3 superior", 3.0), ("****", 4.0), ("3.5", 3.5), ("2*", 2.0), ("5 stars", 5.0)],
)
def test_stars_are_read(text: str, stars: float) -> None:
    assert read_stars(text) == stars


@pytest.mark.parametrize("text", [None, "", "0", "8", "many", "3-4", "4;5", "-1", "1e3", "********"])
def test_what_is_no_number_of_stars_is_unknown(text: str | None) -> None:
    assert read_stars(text) is None


@pytest.mark.parametrize(
    ("tags", "answer"),
    [
        ({"dog": "yes"}, Tri.YES),
        ({"dog": "leashed"}, Tri.YES),
        ({"pets_allowed": "yes"}, Tri.YES),
        ({"dog": "no"}, Tri.NO),
        ({"dog": "no", "pets": "yes"}, Tri.NO),
        ({"dog": "yes", "pets": "no"}, Tri.UNKNOWN),
        ({"dog": "outside"}, Tri.UNKNOWN),
        ({"dog": "assistance"}, Tri.UNKNOWN),
        ({}, Tri.UNKNOWN),
    ],
)
def test_dogs_are_welcome_only_where_the_map_says_so_clearly(tags: dict[str, str], answer: Tri) -> None:
    assert read_dogs(tags) is answer


@pytest.mark.parametrize("value", ["limited", "maybe", "yes;no", "unknown", "y", ""])
def test_what_is_not_clearly_yes_or_no_is_unknown(value: str) -> None:
    assert read_tri(value) is Tri.UNKNOWN


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)", "JAVASCRIPT://x.org/%0aalert(1)", "data:text/html,x", "www.hotel.ad", "http://", "http:///x",
        "https://user:pw@hotel.ad", 'https://hotel.ad/"><script>', "https://hotel.ad/a b", "ftp://hotel.ad",
        "https://[::1", "https://hotel.ad:99999/", "https://" + "a" * 500,
    ],
)  # fmt: skip
def test_only_plain_web_addresses_are_links(text: str) -> None:
    assert read_link(text) is None


def test_opening_hours_that_were_cut_are_not_known() -> None:
    assert read_hours("Mo-Fr 09:00-18:00") == "Mo-Fr 09:00-18:00"
    assert read_hours("Mo 09:00-18:00; " * 40) is None
    assert read_hours(None) is None


def test_the_first_of_several_links_and_phones_is_taken() -> None:
    assert read_link("https://hotel.ad/ca?x=1;http://b.ad") == "https://hotel.ad/ca?x=1"
    assert read_phone("+376 80 80 80; +376 81") == "+376 80 80 80"
    assert read_phone("call us!") is None
