"""The usual engine: tantivy, one index for each language, so that each has its own statistics.

BM25 (k1 1.2, b 0.75) over one field with the terms of title and text together: on STARD, separate fields measured worse
at every boost. What past questions teach is added inside the query, so filters hold for it too.
"""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Final, Self

import tantivy
from tantivy import Occur, Query

from metier.errors import StorageError
from metier_legal.search.analysis import writable
from metier_legal.search.backend import Entry, Explanation, Filters, Found
from metier_legal.search.engines.merging import merge_hits
from metier_legal.search.engines.shard import BROKEN, Part, Shard, View, demands, document_of, exactly
from metier_legal.search.learning.memory import Memory

_HEAP_BYTES: Final = 96_000_000
_LANGUAGE: Final = re.compile(r"[a-z]{2,8}")
_OTHER: Final = "other"


class InvertedIndex:
    """A SearchBackend (see there) in a folder. Threads may share it; one process at a time may change it.

    Raises StorageError for a folder that cannot be read or written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = RLock()
        names = sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
        self._shards = {name: Shard(folder / name, name) for name in names if _LANGUAGE.fullmatch(name)}
        self._refresh()

    def index(self, entries: Iterable[Entry]) -> int:
        """Returns how many entries were added or replaced; all of them are visible when it returns, or none."""
        with self._lock, _Writing() as writing:
            count = 0
            for entry in entries:
                writing.put(entry, self._home(entry.language), self._shards.values())
                count += 1
            writing.commit()
            self._refresh()
            return count

    def search(self, query: str, *, filters: Filters, limit: int) -> Found:
        """Returns at most `limit` hits, one per group, best first."""
        views, memory = self._state
        found = []
        try:
            recall = memory.recall(query)
            for view in views:
                parts = view.parts(query, recall)
                if any(part.alone for part in parts):
                    found += view.find(_whole(parts, filters), limit)
        except BROKEN as error:
            return Found("UNAVAILABLE", reason=f"The index cannot be read: {error}.")
        return merge_hits(found, limit)

    def delete(self, sources: Sequence[str]) -> int:
        """Returns how many entries of these sources were removed."""
        with self._lock, _Writing() as writing:
            shards = self._shards.values()
            count = sum(writing.drop(source, shard) for shard in shards for source in dict.fromkeys(sources))
            writing.commit()
            self._refresh()
            return count

    def explain(self, query: str, entry_id: str, *, filters: Filters) -> Explanation | None:
        """Returns why the entry is found for the query, or None when it is not."""
        views, memory = self._state
        recall = memory.recall(query)
        this = (Occur.Must, exactly("id", entry_id))
        for view in views:
            parts = view.parts(query, recall)
            if not view.count(Query.boolean_query([this, (Occur.Must, _whole(parts, filters))])):
                continue
            scored = []
            for part in parts:
                hits = view.find(Query.boolean_query([this, (Occur.Must, part.query)]), 1)
                scored += [(part.term, part.field, hit.score) for hit in hits]
            return Explanation(entry_id, sum(score for _, _, score in scored), tuple(scored))
        return None

    def _home(self, language: str) -> Shard:
        name = language if _LANGUAGE.fullmatch(language) else _OTHER
        if name not in self._shards:
            self._shards[name] = Shard(self._folder / name, name)
        return self._shards[name]

    def _refresh(self) -> None:
        views = tuple(shard.look() for shard in self._shards.values())
        memory = Memory(asked for view in views for asked in view.lessons())
        self._state: tuple[tuple[View, ...], Memory] = (views, memory)


class _Writing:
    """Writers of shards, one for each that is changed; what was not committed when the block ends is undone."""

    def __init__(self) -> None:
        self._writers: dict[str, tantivy.IndexWriter] = {}
        self._fresh: set[int] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for writer in self._writers.values():
            with suppress(*BROKEN):
                writer.rollback()
                writer.wait_merging_threads()

    def put(self, entry: Entry, home: Shard, shards: Iterable[Shard]) -> None:
        """Adds the entry, in the place of one of the same id."""
        name = hash(entry.id)
        for shard in shards:
            if name in self._fresh or (shard.view.size and shard.view.holds(entry.id)):
                self._writer(shard).delete_documents_by_term("id", writable(entry.id))
        self._fresh.add(name)
        self._writer(home).add_document(document_of(entry, home.language))

    def drop(self, source: str, shard: Shard) -> int:
        """Returns how many entries of the source are in the shard, and removes them."""
        if count := shard.view.count(exactly("source", source)):
            self._writer(shard).delete_documents_by_term("source", writable(source))
        return count

    def commit(self) -> None:
        """Keeps what was written; raises StorageError when that cannot be done."""
        try:
            while self._writers:
                _, writer = self._writers.popitem()
                writer.commit()
                writer.wait_merging_threads()
        except BROKEN as error:
            raise StorageError(f"The search index cannot be written: {error}.", hint="Is the disk full?") from error

    def _writer(self, shard: Shard) -> tantivy.IndexWriter:
        if shard.language not in self._writers:
            try:
                self._writers[shard.language] = shard.index.writer(_HEAP_BYTES, 1)
            except BROKEN as error:
                raise StorageError(
                    f"The search index cannot be written: {error}.", hint="Another metier may be writing it: try again."
                ) from error
        return self._writers[shard.language]


def _whole(parts: Sequence[Part], filters: Filters) -> Query:
    """Returns the query that finds what one of the parts that stand alone finds, scored by all of them."""
    finds = Query.boolean_query([(Occur.Should, part.query) for part in parts if part.alone])
    others = [(Occur.Should, part.query) for part in parts if not part.alone]
    return Query.boolean_query([(Occur.Must, finds), *others, *demands(filters)])
