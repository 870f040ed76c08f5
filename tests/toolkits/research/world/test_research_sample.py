"""The sample wiki is imported like any other, once."""

from pathlib import Path

import pytest

from metier.errors import InputError
from metier.toolkit import Settings
from metier.world import make_country
from metier_research import toolkit
from metier_research.wiki.folder import wiki_path
from metier_research.wiki.shelf import Shelf
from metier_research.wiki.store import Wiki
from metier_research.world import SAMPLE_REQUEST
from metier_research.world.pages import make_pages, open_truth
from metier_research.world.sample import SAMPLE_PAGES, SAMPLE_SEED, install_sample
from metier_research.world.tasks.queries import Along, One, solve


def test_row_24_what_is_installed_can_be_searched_and_read_and_says_that_it_is_synthetic(tmp_path: Path) -> None:
    assert install_sample(Settings(tmp_path), seed=3, pages=420).pages == 420
    page = next(page for page in make_pages(make_country(3), 420) if page.links and "(" not in page.title)
    shelf = Shelf.open(tmp_path)
    assert page.url in [hit.url for hit in shelf.search(page.title)]
    assert shelf.read(page.url) == page
    wiki = Wiki.open(wiki_path(tmp_path, "world-3"))
    assert (wiki.synthetic, wiki.licence) == (True, "CC0-1.0")


def test_one_of_that_size_is_not_imported_again_and_one_of_another_size_is_replaced(tmp_path: Path) -> None:
    path = wiki_path(tmp_path, "world-3")
    install_sample(Settings(tmp_path), seed=3, pages=60)
    before = path.stat().st_ino, path.stat().st_mtime_ns
    install_sample(Settings(tmp_path), seed=3, pages=60)
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == before
    install_sample(Settings(tmp_path), seed=3, pages=61)
    assert Wiki.open(path).pages == 61


def test_the_sample_request_has_one_answer_on_the_sample() -> None:
    truth = open_truth(SAMPLE_SEED, SAMPLE_PAGES)
    (ship,) = [key for key, thing in truth.things.items() if thing.name == "Star of Mévörna"]
    query = Along(Along(Along(One(ship), "ship.builder"), "company.headquarters"), "town.population")
    (solution,) = solve(truth, query)
    assert all(fact.stated for fact in solution.proof)
    assert toolkit.sample == SAMPLE_REQUEST


def test_a_damaged_one_is_made_again_and_a_wiki_without_pages_is_refused(tmp_path: Path) -> None:
    path = wiki_path(tmp_path, "world-3")
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no database")
    install_sample(Settings(tmp_path), seed=3, pages=50)
    assert Wiki.open(path).pages == 50
    with pytest.raises(InputError):
        install_sample(Settings(tmp_path), seed=4, pages=0)
