import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from typing import Any

import lxml.html
import pytest

from metier.toolkit import Delivery, Settings
from metier_legal.law.provision import Provision, Unit
from metier_legal.law.work import Work
from metier_legal.memo import Cited, Memo
from metier_legal.records import ProvisionRecord, read_record, record_provision
from metier_legal.rendering.layout import find_spans, lay_out
from metier_legal.rendering.page.html import render_html
from metier_legal.rendering.wording.cleaning import clean, one_line


def open_page(delivery: Delivery, settings: Settings) -> Any:
    return lxml.html.document_fromstring(render_html(delivery, settings).decode())


@pytest.fixture
def page(delivery: Delivery, settings: Settings) -> Any:
    return open_page(delivery, settings)


@pytest.fixture
def bad_page(hostile: Delivery, settings: Settings) -> Any:
    return open_page(hostile, settings)


def shown(element: Any) -> str:
    return " ".join(element.text_content().split())


def test_every_link_leads_to_an_anchor_of_the_page(page: Any, bad_page: Any) -> None:
    for one in (page, bad_page):
        ids = one.xpath("//@id")
        links = one.xpath("//a/@href")
        assert links
        assert all(link.startswith("#") for link in links)
        assert {link[1:] for link in links} <= set(ids)
        assert len(ids) == len(set(ids))


def test_every_citation_of_the_memo_leads_to_its_source(page: Any, delivery: Delivery) -> None:
    paper = lay_out(delivery)
    cites = page.xpath("//main//a[contains(@class, 'cite')]")
    assert {int(cite.get("data-note")) for cite in cites} == {note.number for note in paper.notes}
    for note in paper.notes:
        (anchor,) = page.xpath(f"//aside//*[@id='q-{note.number}']")
        (article,) = anchor.xpath("ancestor::article")
        (source,) = [one for one in paper.sources if note in one.notes]
        assert source.display in shown(article.find("h3"))
        assert source.record.display in shown(article) or note.display in shown(article)


def test_each_quote_is_highlighted_at_exactly_its_span(page: Any, delivery: Delivery) -> None:
    paper = lay_out(delivery)
    for note in paper.notes:
        (source,) = [one for one in paper.sources if note in one.notes]
        text = source.evidence.text
        marks = page.xpath(f"//mark[contains(concat(' ', @data-notes, ' '), ' {note.number} ')]")
        wanted = "".join(clean(text[start:end]) for start, end in note.spans)
        assert "".join(mark.text_content() for mark in marks) == wanted
        quote = note.cited.quote
        assert wanted == quote


def test_a_quote_is_marked_in_the_part_that_is_pinned(english: Delivery) -> None:
    paper = lay_out(english)
    for note in paper.notes:
        (source,) = [one for one in paper.sources if note in one.notes]
        parts = [unit for unit in source.units if unit.path == note.cited.pin]
        for unit in parts:
            assert all(unit.start <= start and end <= unit.end for start, end in note.spans)


def test_a_sentence_that_stands_twice_is_marked_where_it_is_pinned() -> None:
    sentence = "The tenant may withhold rent in proportion to the defect."
    text = f"(1) {sentence}\n(2) {sentence}"
    second = text.index("(2)")
    units = (Unit(path=("1",), start=0, end=second), Unit(path=("2",), start=second, end=len(text)))
    version = Provision(work="w", number="1", text=text, units=units)
    item = record_provision(Work(id="w", jurisdiction="j", title="An Act"), version, display="An Act § 1")
    record = read_record(item)
    assert isinstance(record, ProvisionRecord)
    for pin, start in ((("1",), 4), (("2",), second + 4), ((), 4), (("9",), 4)):
        cited = Cited(evidence=item.id, quote=sentence, pin=pin)
        assert find_spans(cited, record, text) == ((start, start + len(sentence)),)


def test_a_quote_of_fragments_is_marked_at_each_and_links_to_the_first(english: Delivery, settings: Settings) -> None:
    memo = english.answer
    assert isinstance(memo, Memo)
    rule = memo.rules[1]
    whole = rule.authorities[0]
    split = whole.model_copy(
        update={"quote": "the tenant may withhold rent in proportion ... unless the tenant caused it."}
    )
    changed = rule.model_copy(update={"authorities": (split,)})
    page = open_page(replace(english, answer=memo.model_copy(update={"rules": (changed,)})), settings)
    (number,) = [
        note.number
        for note in lay_out(replace(english, answer=memo.model_copy(update={"rules": (changed,)}))).notes
        if note.cited == split
    ]
    marks = page.xpath(f"//mark[contains(concat(' ', @data-notes, ' '), ' {number} ')]")
    said = [shown(mark) for mark in marks]
    assert " ".join(said).startswith("the tenant may withhold rent in proportion")
    assert " ".join(said).endswith("unless the tenant caused it.")
    assert "to the defect" not in said
    (anchor,) = page.xpath(f"//*[@id='q-{number}']")
    assert anchor.xpath("following-sibling::mark")[0] in marks
    assert anchor.tail is None


def test_every_source_is_shown_whole_with_its_digest(page: Any, delivery: Delivery) -> None:
    paper = lay_out(delivery)
    articles = page.xpath("//aside/article")
    assert len(articles) == len(paper.sources)
    for article, source in zip(articles, paper.sources, strict=True):
        (body,) = article.xpath(".//div[@class='text']")
        for pin in body.xpath(".//span[@class='pin']"):
            pin.text = ""
        assert body.text_content() == clean(source.evidence.text)
        assert sha256(source.evidence.text.encode()).hexdigest() in shown(article)


def test_parts_of_a_chinese_article_bear_their_pins(chinese: Delivery, settings: Settings) -> None:
    page = open_page(chinese, settings)
    pins = [pin.text for pin in page.xpath("//span[@class='pin']")]
    assert pins == ["第一款", "第二款", "第一款", "第二款"]


def test_nothing_in_a_text_becomes_markup_or_script(bad_page: Any, hostile: Delivery, settings: Settings) -> None:
    (script,) = bad_page.xpath("//script")
    assert "alert" not in script.text
    assert not bad_page.xpath("//img | //iframe | //object | //form | //base | //svg")
    assert not [name for name in bad_page.xpath("//@*/..") for key in name.attrib if key.startswith("on")]
    assert not bad_page.xpath("//@style")
    assert "<script>alert(1)</script>" in bad_page.text_content()
    assert "49" not in shown(bad_page.xpath("//h1")[0])
    raw = render_html(hostile, settings).decode()
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\x00-\x08\x0b\x0c\x0e-\x1f\x7f\U000e0000-\U000e007f]", raw)


def test_the_page_asks_the_network_for_nothing(page: Any, bad_page: Any) -> None:
    for one in (page, bad_page):
        assert not one.xpath("//@src | //@srcset | //@action | //link | //@data")
        assert not [value for value in one.xpath("//@href") if not value.startswith("#")]
        (style,) = one.xpath("//style")
        assert "url(" not in style.text
        assert "@import" not in style.text
    assert "https://evil.example/x" in bad_page.text_content()


def test_the_policy_allows_exactly_the_script_and_style_that_are_in_the_page(page: Any) -> None:
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    for tag in ("script", "style"):
        (element,) = page.xpath(f"//{tag}")
        digest = b64encode(sha256(element.text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_the_page_says_its_language_and_all_statements(page: Any, delivery: Delivery) -> None:
    memo = delivery.answer
    assert isinstance(memo, Memo)
    assert page.get("lang") == {"en": "en", "zh": "zh-Hans"}[memo.language]
    text = shown(page)
    for _, statement in memo.statements():
        assert one_line(statement.text) in text
    for section in lay_out(delivery).sections:
        assert section.title in text


def test_a_quote_that_does_not_stand_in_its_source_is_said_not_to(hostile: Delivery, settings: Settings) -> None:
    paper = lay_out(hostile)
    wrong = [note for note in paper.notes if note.problem]
    assert wrong
    page = open_page(hostile, settings)
    assert "authority that was not read in this run" in shown(page)
    assert all(note.tone == "bad" for note in wrong)
