import re
from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metier.toolkit import Delivery, Settings
from metier_maps.facts import Fact, Money
from metier_maps.itinerary import Itinerary, Weather
from metier_maps.rendering.cartography.spread import spread_spots
from metier_maps.rendering.markdown import escape, render_markdown
from metier_maps.rendering.page.html import render_html
from metier_maps.rendering.wording import clean, minutes, opening, total_cost


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.fixture
def page(delivery: Delivery, settings: Settings) -> str:
    return render_html(delivery, settings).decode()


def test_nothing_in_a_name_becomes_markup_or_script(page: str) -> None:
    parser = Tags()
    parser.feed(page)
    assert [attributes.get("type") for tag, attributes in parser.tags if tag == "script"] == ["application/json", None]
    assert not [name for _, attributes in parser.tags for name in attributes if name.startswith("on")]
    assert not [a for _, a in parser.tags if (a.get("href") or "").startswith("javascript")]
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_the_page_asks_the_network_for_nothing(page: str) -> None:
    parser = Tags()
    parser.feed(page)
    assert not [a for _, a in parser.tags if {"src", "href", "srcset", "action"} & a.keys()]
    assert "url(" not in page
    assert "default-src &#39;none&#39;" in page


def test_the_policy_allows_exactly_the_script_and_style_that_are_in_the_page(page: str) -> None:
    for tag in ("script", "style"):
        (body,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = b64encode(sha256(body.encode()).digest()).decode()
        assert f"{tag}-src &#39;sha256-{digest.replace('+', '&#43;')}&#39;" in page or f"sha256-{digest}" in page


def test_every_citation_in_the_page_opens_evidence_that_is_in_the_page(page: str, delivery: Delivery) -> None:
    cited = set(re.findall(r'data-evidence="(ev-[0-9a-f]+)"', page))
    assert cited
    assert cited <= delivery.evidence.keys()
    assert all(f'"{entry}"' in page.split('id="evidence-data">')[1] for entry in cited)


def test_names_format_nothing_in_markdown(delivery: Delivery, settings: Settings) -> None:
    text = render_markdown(delivery, settings).decode()
    assert "\\<script\\>" in text
    assert "<script>" not in text
    assert "](javascript" not in text.replace("\\]", "")


@given(st.text())
def test_cleaned_text_holds_no_control_character_and_escaped_text_is_one_line(text: str) -> None:
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", clean(text))
    assert "\n" not in escape(text)


@given(st.integers(0, 10**6))
def test_a_started_minute_counts_in_full(seconds: int) -> None:
    numbers = [int(part) for part in re.findall(r"\d+", minutes(seconds))]
    shown = numbers[0] * 60 + numbers[1] if len(numbers) == 2 else numbers[0]
    assert 0 <= shown * 60 - seconds < 60


@given(st.lists(st.tuples(st.floats(0, 300), st.floats(0, 300)), max_size=12))
def test_marks_are_moved_apart_and_the_first_stays(spots: list[tuple[float, float]]) -> None:
    placed = spread_spots(spots, 20)
    assert len(placed) == len(spots)
    assert placed[:1] == spots[:1]
    for number, (x, y) in enumerate(placed):
        assert all((x - a) ** 2 + (y - b) ** 2 >= 399 for a, b in placed[:number])


def test_a_place_that_never_closes_is_open_all_day(itinerary: Itinerary) -> None:
    hours = next(stop.hours for stop in itinerary.days[0].stops if stop.hours is not None)
    always = hours.model_copy(update={"closes": hours.opens + timedelta(days=1), "text": "24/7", "assumed": False})
    assert opening(always) == "open all day (24/7)"


def test_why_the_weather_is_unknown_is_said_once(delivery: Delivery, itinerary: Itinerary, settings: Settings) -> None:
    unknown = Weather(known=False, text="unknown: the service was not asked")
    days = tuple(day.model_copy(update={"weather": unknown}) for day in itinerary.days)
    dull = replace(delivery, answer=itinerary.model_copy(update={"days": days}))
    for render in (render_html, render_markdown):
        assert render(dull, settings).decode().split('id="evidence-data"')[0].count("the service was not asked") == 1


def test_a_cost_without_every_fee_is_said_to_be_the_least(itinerary: Itinerary) -> None:
    known = itinerary.model_copy(update={"cost": Fact[Money](value=Money(cents=5000), source="computed")})
    assert total_cost(known) == "at least 50.00 EUR"
    free = Fact[Money](value=Money(cents=0), source="map")
    days = tuple(
        day.model_copy(update={"stops": tuple(stop.model_copy(update={"cost": free}) for stop in day.stops)})
        for day in itinerary.days
    )
    assert total_cost(known.model_copy(update={"days": days})) == "50.00 EUR"
