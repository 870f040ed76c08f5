"""The pages of the wiki of the fictional country."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, islice
from typing import Final

from metier.errors import InputError
from metier.world import Country, make_country
from metier_research.pages.page import Page
from metier_research.world.truth.facts import Truth
from metier_research.world.truth.growing import grow
from metier_research.world.writing.articles import write_article
from metier_research.world.writing.specials import TRAP_SHARE, write_copies, write_namesakes, write_surveys, write_traps

ARTICLES: Final = 0.88


def make_truth(country: Country, count: int) -> Truth:
    """Returns what a wiki of `count` pages about the country is written from."""
    return grow(country, int(count * ARTICLES))


@lru_cache(maxsize=2)
def open_truth(seed: int, count: int) -> Truth:
    """Returns the truth of the country of a seed; kept, because tasks are drawn from it again and again."""
    return make_truth(make_country(seed), count)


def make_pages(country: Country, count: int) -> Iterator[Page]:
    """Yields exactly `count` pages about the country, articles first; the same for the same country and count.

    Of fewer than about 600 pages not every thing that is mentioned has one. Raises InputError for a count below one.
    """
    if count < 1:
        raise InputError("A wiki needs at least one page.", hint="Ask for 600 or more to have the whole country.")
    yield from write_pages(make_truth(country, count), count)


def write_pages(truth: Truth, count: int) -> Iterator[Page]:
    """Yields `count` pages of a truth; what is left after articles and special pages are copies."""
    traps = max(2, count // TRAP_SHARE)
    articles = [write_article(truth, thing) for thing in islice(truth.things.values(), count)]
    special = chain(write_surveys(truth), write_namesakes(truth), write_traps(truth, traps))
    yield from islice(chain(articles, special, write_copies(truth, articles)), count)
