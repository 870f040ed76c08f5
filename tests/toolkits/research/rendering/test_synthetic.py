"""Only what is of a generated world is called fictional: a real site may have such a name too."""

import pytest

from metier_research.pages.evidence import passage_evidence
from metier_research.pages.page import Page, Passage
from metier_research.rendering.layout import is_synthetic


@pytest.mark.parametrize(
    ("url", "site", "fictional"),
    [
        ("wiki://world-1/Rodeskum", "world-1", True),
        ("wiki://world-21/Rodeskum", "copies of world-21", True),
        ("https://world-news.example/a", "world-news.example", False),
        ("https://world-1.example/a", "world-1.example", False),
        ("wiki://world-history/Rome", "world-history", False),
    ],
)
def test_what_a_generated_world_says_is_fictional_and_nothing_else(url: str, site: str, fictional: bool) -> None:
    page = Page(url, "T", "Some words.", site=site)

    assert is_synthetic(passage_evidence(page, Passage(0, 11, page.text))) is fictional
