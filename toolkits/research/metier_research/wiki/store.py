"""One wiki on this machine: searching and reading it."""

import json
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Self

from metier.errors import MissingError, StorageError
from metier.lending import Connections, open_unchanging
from metier_research.pages.page import Hit, Page
from metier_research.wiki.address import read_address, wiki_url
from metier_research.wiki.schema import SUFFIX, VERSION, unpack_links, unpack_text
from metier_research.wiki.search.ranking import Ranking, rank
from metier_research.wiki.search.snippets import Snippets
from metier_research.wiki.search.terms import fold

_HINT: Final = "Add the wiki again: `metier research add DUMP`, or `metier research sample` for the fictional one."
_MOST_TITLES: Final = 1_000
_LAST: Final = "\U0010ffff"

_PAGE: Final = """
select key, title, site, published, modified, language, canonical, outdated, text, links from pages where """
_SHOWN: Final = """
select place, key, title, published, modified, text from places join pages using (num)
where place in (select value from json_each(?))"""
_REDIRECTED: Final = "num = (select num from redirects join places using (place) where redirects.key = ?)"
_ALIKE: Final = "select num from names join places using (place) where folded = ? limit 2"
_TITLES: Final = """
select title from names join places using (place) join pages using (num)
where own and folded >= ? and folded < ? order by folded, key limit ?"""


class Wiki:
    """The wiki of a file that `import_pages` made. Threads may share it; it never changes while it is open.

    `name` is its name, `licence` what its pages may be used under, `synthetic` whether they were generated, `pages` how
    many there are.
    """

    def __init__(self, connections: Connections, facts: dict[str, str]) -> None:
        self._connections = connections
        self.name = facts["name"]
        self.licence = facts["licence"]
        self.synthetic = facts["synthetic"] == "1"
        self.pages = int(facts["pages"])

    @classmethod
    def open(cls, path: Path) -> Self:
        """Returns the wiki of the file `path`.

        Raises MissingError when there is none, StorageError for one that is damaged, of another version or renamed.
        """
        if not path.is_file():
            raise MissingError(f"There is no wiki {path.name.removesuffix(SUFFIX)!r}.", hint=_HINT)
        connections = Connections(path, open_unchanging, version=VERSION, hint=_HINT)
        with connections.borrowed() as connection:
            facts = dict(connection.execute("select key, value from meta").fetchall())
        if facts.get("name") != path.name.removesuffix(SUFFIX) or not facts.get("pages", "").isdigit():
            raise StorageError(f"{path} is not the file that was made.", hint=f"Give it its old name. {_HINT}")
        return cls(connections, facts)

    def search(self, query: str, limit: int = 10) -> tuple[Hit, ...]:
        """Returns at most `limit` pages that have words of the query, best first; none for a query without words."""
        ranking = self.rank(query, limit)
        return self.show(ranking, tuple(found.place for found in ranking.ranked))

    def read(self, url: str) -> Page | None:
        """Returns the page of a `wiki://` address, the one it redirects to, or None.

        A title that differs from one page's only in its first letter, or in case, accents or punctuation, is that page.
        """
        address = read_address(url)
        if address is None or address.name != self.name:
            return None
        key = address.key
        with self._reading() as connection:
            for condition, value in (
                ("key = ?", key),
                (_REDIRECTED, key),
                ("key = ?", key[0].upper() + key[1:]),
                (_REDIRECTED, key[0].upper() + key[1:]),
            ):
                row = connection.execute(_PAGE + condition, (value,)).fetchone()
                if row is not None:
                    return self._page(row)
            alike = connection.execute(_ALIKE, (fold(key),)).fetchall()
            if len(alike) != 1:
                return None
            return self._page(connection.execute(f"{_PAGE} num = ?", alike[0]).fetchone())

    def titles(self, prefix: str, limit: int) -> tuple[str, ...]:
        """Returns at most `limit` titles that begin so, case, accents and punctuation put aside, in their order."""
        begin = fold(prefix)
        with self._reading() as connection:
            rows = connection.execute(_TITLES, (begin, begin + _LAST, max(0, min(limit, _MOST_TITLES)))).fetchall()
        return tuple(title for (title,) in rows)

    def rank(self, query: str, limit: int) -> Ranking:
        """Returns what the wiki makes of a query, before any page is looked at."""
        with self._reading() as connection:
            return rank(connection, query, pages=self.pages, limit=limit)

    def show(self, ranking: Ranking, places: Sequence[int], *, first: int = 1) -> tuple[Hit, ...]:
        """Returns the hits of these places, ranked from `first` on, each with the stretch that fits the query best."""
        snippets = Snippets(ranking.weights)
        with self._reading() as connection:
            rows = connection.execute(_SHOWN, (json.dumps(list(places)),)).fetchall()
            by_place = {place: shown for place, *shown in rows}
            return tuple(
                self._hit(by_place[place], snippets, first + index)
                for index, place in enumerate(places)
                if place in by_place
            )

    def _hit(self, row: Sequence[Any], snippets: Snippets, rank: int) -> Hit:
        key, title, published, modified, text = row
        return Hit(
            title=title,
            url=wiki_url(self.name, key),
            snippet=snippets.snippet(unpack_text(text)),
            source=self.name,
            rank=rank,
            date=modified or published,
        )

    def _page(self, row: Sequence[Any]) -> Page:
        key, title, site, published, modified, language, canonical, outdated, text, links = row
        return Page(
            url=wiki_url(self.name, key),
            title=title,
            text=unpack_text(text),
            links=unpack_links(links),
            published=published,
            modified=modified,
            language=language,
            site=site or self.name,
            canonical=canonical,
            outdated=outdated,
        )

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        try:
            with self._connections.borrowed() as connection:
                yield connection
        except (zlib.error, UnicodeError, json.JSONDecodeError) as error:
            raise StorageError(f"The wiki {self.name} is damaged: {error}.", hint=_HINT) from error
