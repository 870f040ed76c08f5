"""Every wiki on this machine, searched and read as one."""

from pathlib import Path
from typing import Self

from metier.errors import CallerError
from metier_research.pages.page import Hit, Page
from metier_research.wiki.address import read_address
from metier_research.wiki.folder import wiki_paths
from metier_research.wiki.store import Wiki


class Shelf:
    """The wikis below a data folder, by their names. Threads may share it.

    `wikis` are those that can be read; `faults` says, a sentence each, which cannot and why.
    """

    def __init__(self, wikis: tuple[Wiki, ...], faults: tuple[str, ...] = ()) -> None:
        self.wikis = wikis
        self.faults = faults
        self._by_name = {wiki.name: wiki for wiki in wikis}

    @classmethod
    def open(cls, data: Path) -> Self:
        """Returns the shelf of a toolkit's data folder, which need not be there; a damaged wiki spoils no other."""
        wikis, faults = list[Wiki](), list[str]()
        for path in wiki_paths(data):
            try:
                wikis.append(Wiki.open(path))
            except CallerError as error:
                faults.append(str(error))
        return cls(tuple(wikis), tuple(faults))

    def search(self, query: str, limit: int = 10) -> tuple[Hit, ...]:
        """Returns at most `limit` pages of all wikis, best first; of equal scores the first wiki's.

        Scores are BM25 over the logarithm of the number of pages, so that a large wiki does not drown a small one.
        """
        rankings = [wiki.rank(query, limit) for wiki in self.wikis]
        merged = sorted(
            (-found.score, number, found.place) for number, ranking in enumerate(rankings) for found in ranking.ranked
        )[: max(0, limit)]
        return tuple(
            hit
            for rank, (_, number, place) in enumerate(merged, 1)
            for hit in self.wikis[number].show(rankings[number], (place,), first=rank)
        )

    def read(self, url: str) -> Page | None:
        """Returns the page of a `wiki://` address, redirects followed; None when no wiki has it."""
        address = read_address(url)
        wiki = self._by_name.get(address.name) if address is not None else None
        return wiki.read(url) if wiki is not None else None
