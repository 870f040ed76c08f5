"""The tables of a region's places. Written once, at import; only read afterwards."""

from typing import Final

FILENAME: Final = "places.sqlite"
VERSION: Final = 2
TABLES: Final = """
CREATE TABLE places (
    num INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, lat REAL NOT NULL, lon REAL NOT NULL, weight REAL NOT NULL,
    dogs TEXT NOT NULL, wheelchair TEXT NOT NULL, fee TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE kinds (word TEXT NOT NULL, num INTEGER NOT NULL, PRIMARY KEY (word, num)) WITHOUT ROWID;
CREATE TABLE names (num INTEGER PRIMARY KEY, place INTEGER NOT NULL, text TEXT NOT NULL, folded TEXT NOT NULL);
CREATE TABLE grams (gram TEXT NOT NULL, name INTEGER NOT NULL, PRIMARY KEY (gram, name)) WITHOUT ROWID;
CREATE VIRTUAL TABLE boxes USING rtree(num, south, north, west, east);
CREATE VIRTUAL TABLE name_words USING fts5(
    words, content='', prefix='1 2 3', tokenize='unicode61 remove_diacritics 2');
"""
INDEXES: Final = """
CREATE INDEX names_folded ON names (folded);
INSERT INTO name_words (name_words) VALUES ('optimize');
ANALYZE;
"""
