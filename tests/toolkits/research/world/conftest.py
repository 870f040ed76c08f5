"""The truth and the pages of one small world, made once."""

import pytest

from metier_research.pages.page import Page
from metier_research.world.pages import open_truth, write_pages
from metier_research.world.truth.facts import Truth

SEED = 3
PAGES = 700


@pytest.fixture(scope="session")
def truth() -> Truth:
    return open_truth(SEED, PAGES)


@pytest.fixture(scope="session")
def pages(truth: Truth) -> dict[str, Page]:
    return {page.url: page for page in write_pages(truth, PAGES)}
