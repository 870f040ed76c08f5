"""The page of a report: it works offline, a citation leads to its marked quote, and no text of it runs."""

import re
from base64 import b64encode
from hashlib import sha256
from typing import Any

import lxml.html
import pytest

from metier.toolkit import Delivery, Settings
from metier_research.rendering.layout import lay_out
from metier_research.rendering.page.html import render_html
from metier_research.rendering.showing import link_of, plain_rows


def open_page(delivery: Delivery, settings: Settings) -> Any:
    return lxml.html.document_fromstring(render_html(delivery, settings).decode())


@pytest.fixture
def page(full: Delivery, settings: Settings) -> Any:
    """Returns the page of the full report."""
    return open_page(full, settings)


@pytest.fixture
def bad_page(hostile: Delivery, settings: Settings) -> Any:
    """Returns the page of the hostile report."""
    return open_page(hostile, settings)


def test_every_link_leads_to_an_anchor_of_the_page_or_to_a_web_page(page: Any, bad_page: Any) -> None:
    for one in (page, bad_page):
        ids = one.xpath("//@id")
        inner = [link for link in one.xpath("//a/@href") if link.startswith("#")]
        outer = [link for link in one.xpath("//a/@href") if not link.startswith("#")]
        assert inner
        assert {link[1:] for link in inner} <= set(ids)
        assert len(ids) == len(set(ids))
        assert all(link.startswith("https://") for link in outer)
    assert not bad_page.xpath("//a[starts-with(@href, 'javascript')]")


def test_every_citation_leads_to_its_marked_quote(page: Any, full: Delivery) -> None:
    for line in lay_out(full).lines():
        for note in line.notes:
            (anchor,) = page.xpath(f"//aside//*[@id='{note.anchor}']")
            marks = page.xpath(f"//mark[contains(concat(' ', @data-notes, ' '), ' {note.anchor} ')]")
            assert " ".join("".join(mark.text_content() for mark in marks).split()) == note.quote
            assert anchor.xpath("following-sibling::mark")[0] in marks
            cites = page.xpath(f"//main//a[@data-note='{note.anchor}']")
            assert {cite.get("href") for cite in cites} == {f"#{note.anchor}"}


def test_a_source_is_shown_around_its_quotes_with_its_date(page: Any) -> None:
    (article,) = page.xpath("//article[@id='source-1']")
    shown = " ".join(article.text_content().split())
    assert "It lies on the left bank of the Orva" in shown
    assert "modified 2024-05-02" in shown
    assert "Fictional" in shown
    assert "1901 · 1,310" in shown


def test_nothing_is_fetched_and_only_its_own_script_and_style_run(page: Any, bad_page: Any) -> None:
    for one in (page, bad_page):
        assert not one.xpath("//@src | //link | //iframe | //object | //form | //base")
        assert not [
            name
            for element in one.iter()
            if isinstance(element.tag, str)
            for name in element.attrib
            if name.startswith("on")
        ]
        assert not one.xpath("//@style")
        (policy,) = one.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        (script,), (style,) = one.xpath("//script"), one.xpath("//style")
        for kind, element in (("script-src", script), ("style-src", style)):
            digest = b64encode(sha256(element.text.encode()).digest()).decode()
            assert f"{kind} 'sha256-{digest}'" in policy
        assert policy.startswith("default-src 'none';")
        assert "unsafe" not in policy


def test_a_hostile_text_is_shown_as_text(bad_page: Any) -> None:
    body = bad_page.text_content()
    assert "<script>alert(1)</script>" in body
    assert not re.search("[\u200b\u202a-\u202e]", body)
    assert not re.search("\u0301{5}", body)


def test_a_quote_that_stands_nowhere_is_struck_out_and_leads_to_its_source(bad_page: Any) -> None:
    bad = bad_page.xpath("//a[contains(@class, 'bad')]")
    assert bad
    assert {cite.get("href") for cite in bad} <= {"#source-1", "#source-2"}


def test_conflicts_open_questions_and_removed_claims_are_shown(page: Any) -> None:
    assert len(page.xpath("//div[@class='sides']/div")) == 2
    assert "Who designed the Long Bridge was not found." in page.xpath("//section[@id='open']")[0].text_content()
    assert page.xpath("//ul[@class='removed']//del")[0].text == "The bridge cost 640,000 crowns."


def test_a_chinese_report_speaks_chinese(chinese: Delivery, settings: Settings) -> None:
    page = open_page(chinese, settings)
    assert page.get("lang") == "zh"
    assert "全部检查成立" in page.text_content()


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://x.example/a", "https://x.example/a"),
        ("http://x.example", "http://x.example"),
        ("javascript:alert(1)", ""),
        ("wiki://w/T", ""),
        ("https://", ""),
        ("https://x.example/a b", ""),
        ("http://[bad", ""),
    ],
)
def test_only_web_addresses_are_links(address: str, link: str) -> None:
    assert link_of(address) == link


def test_rows_are_shown_without_bars() -> None:
    assert plain_rows("| a | b |\n|---|:-:|\n| 1 | 2 |\nx | y") == "a · b\n1 · 2\nx · y"
