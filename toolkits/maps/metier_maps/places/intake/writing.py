"""Places put into the tables of a new database."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Final

from metier.errors import StorageError
from metier_maps.place import Place
from metier_maps.places.intake.duplicates import Duplicates
from metier_maps.places.schema import FILENAME, INDEXES, TABLES, VERSION
from metier_maps.places.search.names import grams_of, spread_names, words_of
from metier_maps.places.search.ranking import weigh

_BATCH: Final = 2_000


class PlaceWriter:
    """Puts places into the tables, in batches, within the transaction of `writing_places`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._waiting: list[tuple[int, Place]] = []
        self._duplicates = Duplicates()
        self._ids: set[str] = set()
        self._places = 0
        self._names = 0

    def add(self, place: Place) -> None:
        """Takes one place; the second of an id, or of a name at the same spot that tells no more, is let go."""
        if place.id in self._ids or not self._duplicates.is_new(place, self._places + 1):
            return
        self._ids.add(place.id)
        self._places += 1
        self._waiting.append((self._places, place))
        if len(self._waiting) >= _BATCH:
            self._flush()

    def finish(self) -> None:
        """Writes what waits, takes out what was replaced, and fills the index of names."""
        self._flush()
        gone = [(num,) for num in self._duplicates.dropped]
        for table, column in (("places", "num"), ("kinds", "num"), ("boxes", "num"), ("names", "place")):
            self._connection.executemany(f"DELETE FROM {table} WHERE {column} = ?", gone)
        names = self._connection.execute("SELECT num, folded FROM names")
        while batch := list(islice(names, _BATCH)):
            self._index(batch)

    def _flush(self) -> None:
        places, kinds, boxes, names = [], [], [], []
        for num, place in self._waiting:
            weight = weigh(place.categories, {**place.tags, **place.names})
            known = (place.dogs.value, place.wheelchair.value, place.fee.value)
            places.append((num, place.id, place.lat, place.lon, weight, *known, place.model_dump_json()))
            kinds += [(word, num) for word in place.categories]
            boxes.append((num, place.lat, place.lat, place.lon, place.lon))
            for name in spread_names(place.names):
                self._names += 1
                names.append((self._names, num, name.text, name.folded))
        self._waiting.clear()
        put = self._connection.executemany
        put("INSERT INTO places VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", places)
        put("INSERT INTO kinds VALUES (?, ?)", kinds)
        put("INSERT INTO boxes VALUES (?, ?, ?, ?, ?)", boxes)
        put("INSERT INTO names VALUES (?, ?, ?, ?)", names)

    def _index(self, names: list[tuple[int, str]]) -> None:
        put = self._connection.executemany
        words = ((num, " ".join(words_of(folded))) for num, folded in names)
        put("INSERT INTO name_words (rowid, words) VALUES (?, ?)", words)
        put("INSERT INTO grams VALUES (?, ?)", ((gram, num) for num, folded in names for gram in grams_of(folded)))


@contextmanager
def writing_places(folder: Path) -> Iterator[PlaceWriter]:
    """Gives a writer of a new database in `folder`; raises StorageError where it cannot be written (disk full, ...)."""
    path = folder / FILENAME
    try:
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            # nobody reads the file before it is whole, so it needs no journal
            connection.executescript(f"PRAGMA journal_mode = OFF; PRAGMA user_version = {VERSION}; {TABLES}")
            connection.execute("BEGIN")
            writer = PlaceWriter(connection)
            yield writer
            writer.finish()
            connection.execute("COMMIT")
            connection.executescript(INDEXES)
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise StorageError(
            f"The places cannot be written to {path}: {error}.",
            hint="Check the free space and permissions of the folder.",
        ) from error
