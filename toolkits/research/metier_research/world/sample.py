"""The sample wiki: the wiki of the fictional country, imported like any other."""

from typing import Final

from metier.errors import CallerError
from metier.toolkit import Settings
from metier.world import make_country
from metier_research.wiki.entries import Counts, Progress
from metier_research.wiki.folder import wiki_path
from metier_research.wiki.importing import import_pages
from metier_research.wiki.store import Wiki
from metier_research.world.pages import make_pages

SAMPLE_SEED: Final = 1
SAMPLE_PAGES: Final = 1000
LICENCE: Final = "CC0-1.0"


def sample_name(seed: int) -> str:
    """Returns the name of the wiki of a seed: "world-<seed>"."""
    return f"world-{seed}"


def install_sample(
    settings: Settings, *, seed: int = SAMPLE_SEED, pages: int = SAMPLE_PAGES, progress: Progress | None = None
) -> Counts:
    """Returns what importing the wiki of the country of a seed came to; one of that size is not imported again.

    One of another size, or that cannot be read, is replaced. Raises StorageError where nothing can be written, and
    InputError for a count of pages that is none.
    """
    path = wiki_path(settings.data, sample_name(seed))
    try:
        if (there := Wiki.open(path).pages) == pages:
            return Counts(pages=there, redirects=0, duplicates=0, broken=0, skipped=0)
    except CallerError:
        pass  # not there, damaged, or of an earlier version: it is made
    made = make_pages(make_country(seed), pages)
    return import_pages(made, path, name=sample_name(seed), licence=LICENCE, synthetic=True, progress=progress)
