"""A small wiki of pages that were written for these tests, installed by the same import as a real one."""

from collections.abc import Iterator
from pathlib import Path

from metier_research.pages.page import Link, Page
from metier_research.wiki.folder import wiki_path
from metier_research.wiki.importing import import_pages

NAME = "harbour"
LONG = "wiki://harbour/Skerry%20Lighthouse"


def _page(title: str, text: str, *links: str, **more: str) -> Page:
    found = tuple(Link(words, f"wiki://{NAME}/{words.replace(' ', '%20')}") for words in links)
    return Page(f"wiki://{NAME}/{title.replace(' ', '%20')}", title, text, found, site=NAME, **more)


def pages() -> Iterator[Page]:
    """Yields the pages."""
    yield _page(
        "Skerry",
        "Skerry is an island of 412 people. Its lighthouse was built in 1874 by Ada Borovik.",
        "Skerry Lighthouse",
        "Ada Borovik",
        modified="2024-05-01",
    )
    yield _page("Ada Borovik", "Ada Borovik was an engineer. She was born in Lund in 1831.", "Lund")
    yield _page("Lund", "Lund is a town of 2,310 people.", outdated="Replaced by a newer count.")
    middle = "\n\n".join(f"Chapter {at}. " + "The keeper wrote down the weather of the day. " * 12 for at in range(40))
    lamp = "The lamp of Skerry Lighthouse burned whale oil until 1921, when it became electric."
    yield _page("Skerry Lighthouse", f"{middle}\n\n{lamp}\n\n{middle}", "Ada Borovik", "Skerry", "Whale oil", "Lund")


def install(data: Path) -> None:
    """Installs the wiki below a data folder."""
    import_pages(pages(), wiki_path(data, NAME), name=NAME, licence="CC0-1.0", synthetic=True)
