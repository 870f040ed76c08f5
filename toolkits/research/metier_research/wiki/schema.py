"""The tables of a wiki's file. Written once, at import; only read afterwards."""

import json
import zlib
from collections.abc import Sequence
from typing import Final

from metier_research.pages.page import Link

SUFFIX: Final = ".sqlite"
VERSION: Final = 1

TABLES: Final = """
create table meta (key text primary key, value text not null) strict, without rowid;
create table pages (
  num integer primary key, key text not null unique, title text not null, site text not null, published text not null,
  modified text not null, language text not null, canonical text not null, outdated text not null,
  size integer not null, digest blob not null, text blob not null, links blob not null
) strict;
create table redirects (key text primary key, target text not null, place integer) strict, without rowid;
create table places (place integer primary key, num integer not null) strict;
create table names (
  folded text not null, place integer not null, own integer not null, primary key (folded, place)
) strict, without rowid;
create virtual table words using fts5(
  title, names, text, content='', tokenize='porter unicode61 remove_diacritics 2'
);
"""
# A page's place is its rank among the keys. The index knows pages by their places, so that what scores alike is in the
# order of the titles, whatever the order of the dump was.

INDEXES: Final = """
insert into words (words) values ('optimize');
analyze;
"""


def pack_text(text: str) -> bytes:
    """Returns a text as it is stored."""
    return zlib.compress(text.encode("utf-8", "replace"))


def unpack_text(data: bytes) -> str:
    """Returns the text that was stored; raises zlib.error or UnicodeError for what never was one."""
    return zlib.decompress(data).decode("utf-8")


def pack_links(links: Sequence[Link]) -> bytes:
    """Returns links as they are stored, in their order."""
    return pack_text(json.dumps([[link.text, link.url] for link in links])) if links else b""


def unpack_links(data: bytes) -> tuple[Link, ...]:
    """Returns the links that were stored."""
    return tuple(Link(text, url) for text, url in json.loads(unpack_text(data))) if data else ()
