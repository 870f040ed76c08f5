"""The pages of the wiki: linked, varied, true to the truth but for what is marked, and the same in every process."""

import re
import subprocess
import sys
import unicodedata
from itertools import islice

import pytest

from metier.canonical import digest_of
from metier.errors import InputError
from metier.world import make_country
from metier_research.language.instructions import find_instruction
from metier_research.pages.page import Page
from metier_research.wiki.address import wiki_url
from metier_research.world.pages import make_pages, open_truth
from metier_research.world.truth.facts import Rumour, Truth
from metier_research.world.truth.kinds import relations_by_key
from metier_research.world.writing.specials import write_namesakes
from metier_research.world.writing.values import Manner

DIGEST = (
    "from metier.canonical import digest_of; from metier.world import make_country;"
    "from metier_research.world.pages import make_pages;"
    "print(digest_of([page.digest for page in make_pages(make_country(2), 420)]))"
)


def test_the_count_of_pages_is_exact_and_no_address_comes_twice(pages: dict[str, Page]) -> None:
    assert len(pages) == 700
    assert len({page.title for page in pages.values()}) == 700
    assert all(page.url == wiki_url("world-3", page.title) for page in pages.values())


def test_few_pages_are_the_first_and_none_is_an_error() -> None:
    country = make_country(3)
    assert next(make_pages(country, 3)).title == country.name
    assert len(list(make_pages(country, 3))) == 3
    with pytest.raises(InputError, match="at least one"):
        next(make_pages(country, 0))


def test_pages_are_the_same_in_every_process() -> None:
    environment = {"PYTHONHASHSEED": "77", "PYTHONPATH": ":".join(sys.path)}
    ran = subprocess.run([sys.executable, "-c", DIGEST], env=environment, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == digest_of([page.digest for page in make_pages(make_country(2), 420)])


def test_links_stand_in_the_text_in_their_order_and_lead_to_pages(pages: dict[str, Page]) -> None:
    for page in pages.values():
        at = 0
        for link in page.links:
            assert link.url in pages
            at = page.text.find(link.text, at)
            assert at >= 0, (page.title, link)


def test_every_page_says_that_its_country_does_not_exist(pages: dict[str, Page], truth: Truth) -> None:
    line = f"an encyclopaedia of {truth.country.name}, a country that does not exist."
    assert all(line.removeprefix("an ") in page.text for page in pages.values())
    assert all("world-3" in page.site for page in pages.values())


def test_texts_are_in_unicode_form_c_and_have_no_markup_left(pages: dict[str, Page]) -> None:
    for page in pages.values():
        assert unicodedata.is_normalized("NFC", page.text)
        assert not re.search(r"\[\[|\]\]|\{[a-z]\}|  ", page.text), page.title


def test_what_is_stated_stands_on_the_page_of_its_subject(pages: dict[str, Page], truth: Truth) -> None:
    for fact in truth.facts:
        relation = relations_by_key()[fact.relation]
        if not fact.stated or not (relation.words.own or fact.since):
            continue
        text = pages[wiki_url(truth.wiki, truth.things[fact.subject].title)].text
        if isinstance(fact.object, str):
            said = {truth.things[fact.object].name}
        else:
            manners = [Manner(spelt=one, month_first=other) for one in (True, False) for other in (True, False)]
            said = {manner.value(fact.object, relation) for manner in manners}
        assert any(form in text for form in said), fact


def test_what_nobody_states_is_in_no_article(pages: dict[str, Page], truth: Truth) -> None:
    silent = [fact for fact in truth.facts if not fact.stated and isinstance(fact.object, str)]
    for fact in silent:
        thing, other = truth.things[fact.subject], truth.things[str(fact.object)]
        others = {str(one.object) for one in truth.of_subject[fact.subject] if one.stated}
        if other.id in others or other.name in thing.name:
            continue
        assert other.name not in pages[wiki_url(truth.wiki, thing.title)].text, fact
        back = {one.object for one in truth.of_subject[fact.subject] if one.stated and one.object == other.id}
        if not back and thing.id not in {one.object for one in truth.of_subject.get(other.id, ())}:
            assert thing.name not in pages[wiki_url(truth.wiki, other.title)].text, fact
    assert len(silent) > 20


def test_no_sentence_has_always_the_same_frame(pages: dict[str, Page]) -> None:
    text = "\n".join(page.text for page in pages.values() if not page.canonical)
    for frames in (
        ("was directed by", "is a film by", " directed "),
        ("has a population of", " counts ", "At the last count"),
    ):
        assert all(frame in text for frame in frames)


def test_a_disputed_figure_stands_otherwise_on_a_survey_and_an_old_one_on_a_page_marked_outdated(
    pages: dict[str, Page], truth: Truth
) -> None:
    special = [page for page in pages.values() if page.title.startswith(("Survey", "Yearbook"))]
    for rumour in truth.rumours:
        found = [page for page in special if _says(page, rumour, truth)]
        assert found, rumour
        assert any(bool(page.outdated) == bool(rumour.year) for page in found)
    assert all(
        bool(page.outdated) == page.title.startswith("Yearbook") for page in pages.values() if not page.canonical
    )


def _says(page: Page, rumour: Rumour, truth: Truth) -> bool:
    relation = relations_by_key()[rumour.fact.relation]
    name = truth.things[rumour.fact.subject].name
    forms = {Manner(spelt=spelt, month_first=False).value(rumour.other, relation) for spelt in (True, False)}
    parts = re.split(r"\n|(?<=\.) ", page.text)
    return any(name in part and any(form in part for form in forms) for part in parts)


def test_a_copy_names_its_original_and_has_its_words(pages: dict[str, Page]) -> None:
    copies = [page for page in pages.values() if page.canonical]
    assert len(copies) >= 20
    for copy in copies:
        assert copy.text.startswith(pages[copy.canonical].text)
        assert copy.site == "copies of world-3"


def test_namesakes_share_a_page_that_leads_to_each() -> None:
    truth = open_truth(3, 1600)
    titles = {thing.title for thing in truth.things.values()}
    shared = list(write_namesakes(truth))
    assert shared
    for page in shared:
        assert len(page.links) > 1
        assert all(link.text.startswith(f"{page.title} (") and link.text in titles for link in page.links)


def test_traps_give_orders_and_state_what_is_not_so(pages: dict[str, Page]) -> None:
    traps = [page for page in pages.values() if page.title.startswith("Notes on") and not page.canonical]
    assert len(traps) >= 2
    assert all(find_instruction(page.text) for page in traps)
    articles = [page for page in islice(pages.values(), 400) if page not in traps]
    assert not any(find_instruction(page.text) for page in articles)
