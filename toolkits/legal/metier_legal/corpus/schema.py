"""The tables of corpus.db: what was imported, source by source, so that a source can be taken away whole."""

import sqlite3
from typing import Final

FILENAME: Final = "corpus.db"
VERSION: Final = 1

SCHEMA: Final = """
create table sources (
  num integer primary key autoincrement, id text not null unique, digest text not null, format text not null,
  content text not null, body text not null
) strict;

create table work_rows (
  id text not null, source integer not null, body text not null, primary key (id, source)
) strict, without rowid;
create table works (id text primary key, jurisdiction text not null, body text not null) strict, without rowid;
create table names (key text not null, work text not null, primary key (key, work)) strict, without rowid;
create table editions (
  work text not null, begin text not null, source integer not null, primary key (work, begin, source)
) strict, without rowid;

create table texts (
  num integer primary key, hash blob not null unique, text text not null, normal text
) strict;
create table provisions (
  num integer primary key, source integer not null, seq integer not null, work text not null, number text not null,
  heading text not null, path text not null, text integer not null, units text not null, valid_from text,
  valid_to text, observed text, status text not null, note text not null
) strict;
create index provisions_number on provisions (work, number);
create index provisions_source on provisions (source);
create index provisions_text on provisions (text);

create table cases (
  num integer primary key, source integer not null, id text not null, shadowed integer not null,
  jurisdiction text not null, court text not null, level integer not null, decided text, body text not null
) strict;
create index cases_id on cases (id);
create index cases_source on cases (source);
create index cases_court on cases (jurisdiction, level, court);
create table paragraphs (
  case_num integer not null, seq integer not null, number integer not null, text text not null, normal text,
  part text not null, author text not null, page text not null, primary key (case_num, seq)
) strict, without rowid;
create table case_keys (
  key text not null, case_num integer not null, primary key (key, case_num)
) strict, without rowid;
create index case_keys_case on case_keys (case_num);

create table refs (
  num integer primary key, case_num integer not null, seq integer not null, written text not null, cited text not null,
  treatment text not null, stated integer not null, paragraph integer, quote text not null, citation text not null
) strict;
create index refs_case on refs (case_num, seq);
create table ref_keys (key text not null, ref integer not null, primary key (key, ref)) strict, without rowid;
create index ref_keys_ref on ref_keys (ref);
create table targets (
  ref integer not null, seq integer not null, target text not null, primary key (ref, seq)
) strict, without rowid;
create index targets_target on targets (target);

create table coverage (
  source integer not null, jurisdiction text not null, court text not null, complete integer not null,
  primary key (source, jurisdiction, court)
) strict, without rowid;
"""
"""`provisions.seq` is the place in the source; `cases.shadowed` marks a case that a later source has too; `targets` is
what a reference means, `refs.citation` how it was read, `ref_keys` the names by which it may be found once their
bearer arrives."""

STAGING: Final = """
create table meta (key text primary key, value text not null) strict, without rowid;
create table batches (
  seq integer primary key, key text not null unique, digest blob not null, bytes integer not null
) strict;
create table works (seq integer primary key, id text not null, body text not null) strict;
create table provisions (
  seq integer primary key, work text not null, number text not null, heading text not null, path text not null,
  hash blob not null, text text not null, normal text, units text not null, valid_from text, valid_to text,
  observed text, status text not null, note text not null
) strict;
create index provisions_number on provisions (work, number);
create table cases (
  num integer primary key, id text not null, jurisdiction text not null, court text not null, level integer not null,
  decided text, body text not null
) strict;
create index cases_id on cases (id);
create table paragraphs (
  case_num integer not null, seq integer not null, number integer not null, text text not null, normal text,
  part text not null, author text not null, page text not null, primary key (case_num, seq)
) strict, without rowid;
create table case_keys (
  key text not null, case_num integer not null, primary key (key, case_num)
) strict, without rowid;
create table refs (
  num integer primary key, case_num integer not null, seq integer not null, written text not null, cited text not null,
  treatment text not null, stated integer not null, paragraph integer, quote text not null, citation text not null
) strict;
create table ref_keys (key text not null, ref integer not null, primary key (key, ref)) strict, without rowid;
create table coverage (
  jurisdiction text not null, court text not null, complete integer not null, primary key (jurisdiction, court)
) strict, without rowid;
create table faults (seq integer primary key, body text not null) strict;
"""


def create_tables(connection: sqlite3.Connection, script: str) -> None:
    """Makes the tables of `script` inside the transaction that is open, statement by statement."""
    for statement in script.split(";"):
        if statement.strip():
            connection.execute(statement)
    connection.execute(f"pragma user_version = {VERSION}")
