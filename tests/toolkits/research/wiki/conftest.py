from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from metier_research.pages.page import Page
from metier_research.wiki.entries import Entry
from metier_research.wiki.importing import import_pages, wiki_url
from metier_research.wiki.store import Wiki

Make = Callable[..., Wiki]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "research"


@pytest.fixture
def make_wiki(data: Path) -> Make:
    """Gives what imports entries as a wiki and opens it."""

    def make(entries: Iterable[Entry], name: str = "elm") -> Wiki:
        path = data / "wikis" / f"{name}.sqlite"
        import_pages(entries, path, name=name, licence="CC0-1.0", synthetic=True)
        return Wiki.open(path)

    return make


@pytest.fixture(scope="session")
def page() -> Callable[..., Page]:
    """Gives what makes a page of the wiki `elm`."""

    def make(title: str, text: str = "Some words.", **facts: object) -> Page:
        return Page(**{"url": wiki_url("elm", title), "title": title, "text": text, **facts})  # type: ignore[arg-type]

    return make
