"""Pages put into the tables of a new wiki."""

import sqlite3
from collections.abc import Iterator
from hashlib import sha256
from itertools import islice
from typing import Final

from metier_research.pages.page import Page
from metier_research.wiki.address import LONGEST_KEY, key_of, read_address
from metier_research.wiki.entries import Counts, Entry, Progress, Redirect, Skipped
from metier_research.wiki.schema import INDEXES, pack_links, pack_text, unpack_text
from metier_research.wiki.search.terms import spellings, spread

_BATCH: Final = 500
_HOPS: Final = 8
_SHOWN: Final = 20
_STRAY: Final = str.maketrans("\x00", " ")

_PUT_PAGE: Final = """
insert into pages values (null, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
on conflict (key) do update set
  title = ?2, site = ?3, published = ?4, modified = ?5, language = ?6, canonical = ?7, outdated = ?8, size = ?9,
  digest = ?10, text = ?11, links = ?12
where (?5, ?9, ?10) > (modified, size, digest)"""
_PUT_REDIRECT: Final = """
insert into redirects values (?1, ?2, null) on conflict (key) do update set target = ?2 where ?2 < target"""
_RANK: Final = "insert into places select row_number() over (order by key), num from pages"
_IN_ORDER: Final = "select place, title, text from places join pages using (num) order by place"
_PLACE_OF: Final = "select place from places join pages using (num) where key = ?"
_NAMES_OF: Final = "select key from redirects where place = ? order by key"


class WikiWriter:
    """Puts entries into the tables of the wiki `name`, in batches, within the transaction of its caller.

    Of several pages for one title the newest stays, and of equally new ones the longest: the order of the source does
    not matter.
    """

    def __init__(self, connection: sqlite3.Connection, name: str) -> None:
        self._connection = connection
        self._name = name
        self._pages: list[tuple[object, ...]] = []
        self._redirects: list[tuple[str, str]] = []
        self._reasons: list[str] = []
        self._skipped = 0
        self._taken = 0

    @property
    def taken(self) -> int:
        """Returns how many pages and redirects were taken so far."""
        return self._taken

    def add(self, entry: Entry) -> None:
        """Takes one entry; what cannot be a page is counted as skipped."""
        if isinstance(entry, Skipped):
            self._skip(entry)
        elif isinstance(entry, Redirect):
            self._add_redirect(entry)
        else:
            self._add_page(entry)
        if len(self._pages) + len(self._redirects) >= _BATCH:
            self._flush()

    def finish(self, tell: Progress) -> Counts:
        """Returns what came of it all, after the redirects are followed and the index is filled.

        `tell` is told the share of this step alone.
        """
        self._flush()
        self._connection.execute(_RANK)
        pages = self._count("pages")
        broken = self._follow_redirects()
        for done, batch in enumerate(self._batches(), 1):
            self._index(batch)
            tell("indexing", min(1.0, done * _BATCH / pages))
        self._connection.executescript(INDEXES)
        redirects = self._count("redirects")
        duplicates = self._taken - pages - redirects - broken
        return Counts(pages, redirects, duplicates, broken, self._skipped, tuple(self._reasons))

    def _skip(self, entry: Skipped) -> None:
        self._skipped += 1
        if len(self._reasons) < _SHOWN:
            self._reasons.append(f"{entry.where[:80]}: {entry.reason}")

    def _add_redirect(self, redirect: Redirect) -> None:
        key, target = key_of(redirect.title), key_of(redirect.target)
        if not (0 < len(key) <= LONGEST_KEY and target):
            self._skip(Skipped(redirect.title or "a redirect", "its title is empty or too long"))
            return
        self._taken += 1
        self._redirects.append((key, target[:LONGEST_KEY]))

    def _add_page(self, page: Page) -> None:
        address = read_address(page.url)
        own = address is not None and address.name == self._name
        key = address.key if address is not None and own else key_of(page.title)
        if not 0 < len(key) <= LONGEST_KEY or not page.text.strip():
            reason = "it has no text" if key and len(key) <= LONGEST_KEY else "its title is empty or too long"
            self._skip(Skipped(page.title or page.url, reason))
            return
        self._taken += 1
        text, links = pack_text(page.text), pack_links(page.links)
        words = (page.title or key, page.site, page.published, page.modified, page.language)
        origin = page.canonical or ("" if own else page.url)
        fields = [_storable(field) for field in (key, *words, origin, page.outdated)]
        digest = sha256("\0".join((*fields, page.text)).encode("utf-8", "replace") + links).digest()
        self._pages.append((*fields, len(page.text), digest, text, links))

    def _flush(self) -> None:
        self._connection.executemany(_PUT_PAGE, self._pages)
        self._connection.executemany(_PUT_REDIRECT, self._redirects)
        self._pages.clear()
        self._redirects.clear()

    def _follow_redirects(self) -> int:
        """Returns how many redirects lead nowhere; they are taken out. One that has a page of its title is none."""
        execute = self._connection.execute
        execute("delete from redirects where key in (select key from pages)")
        found = [(self._end_of(target), key) for key, target in execute("select key, target from redirects")]
        self._connection.executemany("update redirects set place = ? where key = ?", found)
        broken = execute("delete from redirects where place is null").rowcount
        return broken

    def _end_of(self, target: str) -> int | None:
        """Returns the place of the page at the end of a chain of redirects, None where there is none."""
        for _ in range(_HOPS):
            row = self._connection.execute(_PLACE_OF, (target,)).fetchone()
            if row is not None:
                return int(row[0])
            step = self._connection.execute("select target from redirects where key = ?", (target,)).fetchone()
            if step is None:
                return None
            target = step[0]
        return None

    def _batches(self) -> Iterator[list[tuple[int, str, bytes]]]:
        rows = self._connection.execute(_IN_ORDER)
        while batch := list(islice(rows, _BATCH)):
            yield batch

    def _index(self, batch: list[tuple[int, str, bytes]]) -> None:
        words, names = [], []
        for place, title, text in batch:
            others = [key for (key,) in self._connection.execute(_NAMES_OF, (place,))]
            columns = (title, "\n".join(others), unpack_text(text))
            words.append((place, *(spread(column).translate(_STRAY) for column in columns)))
            own = spellings(title)
            folded = {name: 0 for other in others for name in spellings(other)} | dict.fromkeys(own, 0)
            names += [(name, place, int(name in own[:1])) for name in folded]
        self._connection.executemany("insert into words (rowid, title, names, text) values (?, ?, ?, ?)", words)
        self._connection.executemany("insert into names values (?, ?, ?)", names)

    def _count(self, table: str) -> int:
        return int(self._connection.execute(f"select count(*) from {table}").fetchone()[0])


def _storable(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
