"""The tables of a region's places, and how they are filled. Written once, at import; only read afterwards."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from metier.errors import StorageError
from metier_maps.places.place import Place
from metier_maps.places.search.names import grams_of, spread_names, words_of
from metier_maps.places.search.ranking import weigh

FILENAME: Final = "places.sqlite"
VERSION: Final = 1
_BATCH: Final = 2_000
_TABLES: Final = """
CREATE TABLE places (
    num INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, lat REAL NOT NULL, lon REAL NOT NULL, weight REAL NOT NULL,
    dogs TEXT NOT NULL, wheelchair TEXT NOT NULL, fee TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE kinds (word TEXT NOT NULL, num INTEGER NOT NULL, PRIMARY KEY (word, num)) WITHOUT ROWID;
CREATE TABLE names (num INTEGER PRIMARY KEY, place INTEGER NOT NULL, text TEXT NOT NULL, folded TEXT NOT NULL);
CREATE VIRTUAL TABLE boxes USING rtree(num, south, north, west, east);
CREATE VIRTUAL TABLE name_words USING fts5(
    words, content='', detail=column, prefix='1 2 3', tokenize='unicode61 remove_diacritics 2');
CREATE TABLE grams (gram TEXT NOT NULL, name INTEGER NOT NULL, PRIMARY KEY (gram, name)) WITHOUT ROWID;
"""
_INDEXES: Final = """
CREATE INDEX names_folded ON names (folded);
INSERT INTO name_words (name_words) VALUES ('optimize');
ANALYZE;
"""


class PlaceWriter:
    """Puts places into the tables, in batches, within the transaction of `writing_places`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._waiting: list[Place] = []
        self._places = 0
        self._names = 0

    def add(self, place: Place) -> None:
        """Takes one place. Its id must be new."""
        self._waiting.append(place)
        if len(self._waiting) >= _BATCH:
            self.flush()

    def flush(self) -> None:
        """Writes what waits."""
        places, kinds, boxes, names = [], [], [], []
        for place in self._waiting:
            self._places += 1
            num = self._places
            at = (place.lat, place.lon)
            weight = weigh(place.categories, {**place.tags, **place.names})
            asked = (place.dogs.value, place.wheelchair.value, place.fee.value)
            places.append((num, place.id, *at, weight, *asked, place.model_dump_json()))
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
        put("INSERT INTO name_words (rowid, words) VALUES (?, ?)", [(n[0], " ".join(words_of(n[3]))) for n in names])
        grams = ((gram, name[0]) for name in names for gram in grams_of(name[3]))
        put("INSERT INTO grams VALUES (?, ?)", grams)


@contextmanager
def writing_places(folder: Path) -> Iterator[PlaceWriter]:
    """Gives a writer of a new database in `folder`; raises StorageError where it cannot be written (disk full, ...)."""
    path = folder / FILENAME
    try:
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            # nobody reads the file before it is whole, so it needs no journal
            connection.executescript(f"PRAGMA journal_mode = OFF; PRAGMA user_version = {VERSION};")
            connection.executescript(_TABLES)
            connection.execute("BEGIN")
            writer = PlaceWriter(connection)
            yield writer
            writer.flush()
            connection.execute("COMMIT")
            connection.executescript(_INDEXES)
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise StorageError(
            f"The places cannot be written to {path}: {error}.",
            hint="Check the free space and permissions of the folder.",
        ) from error
