"""Adding law to the corpus and taking it away: whole sources, each all or nothing."""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final, TypeAlias

from metier.errors import InputError, MissingError
from metier.toolkit import Settings
from metier_legal.corpus.corpus import Source
from metier_legal.corpus.schema import FILENAME
from metier_legal.corpus.store import open_corpus
from metier_legal.corpus.writing.digests import digest_path
from metier_legal.corpus.writing.guarding import connect, lock, translated
from metier_legal.corpus.writing.merging import merge, remove
from metier_legal.corpus.writing.staging import Staging, drop, drop_unfinished, place_of, staged
from metier_legal.intake.reading import FORMATS, detect_format, read_batches, source_size

Progress: TypeAlias = Callable[[str, float], None]

LONGEST_NAME: Final = 60
_ID_DIGITS: Final = 12
_DROPPED: Final = re.compile(r"[^\w.]+")
_ENDING: Final = re.compile(r"(?:\.(?:gz|zip|tar|tgz|jsonl|json|xml|md|csv|txt|html?|docx))+$", re.IGNORECASE)
_CHECKED, _READ = 0.05, 0.75
_LIST: Final = "`metier legal list` shows what there is."


def add_source(
    settings: Settings, path: Path, *, format: str = "", name: str = "", progress: Progress | None = None
) -> Source:
    """Returns the source made of a file, folder or archive; one that is there already is not read again.

    `format` is one of `intake.reading.FORMATS`, found when ""; `name` is that of the file unless given; `progress`
    gets each step and the share that is done. Interrupted, nothing that was there changes, and the same call goes on
    where it stopped. Raises InputError for what cannot be read as law, MissingError for no file, StorageError where
    nothing can be written or another import runs.
    """
    tell = progress or _tell_nobody
    if format and format not in FORMATS:
        raise InputError(f"There is no format {format!r}.", hint=f"Use one of: {', '.join(FORMATS)}.")
    label = name_source(name or _ENDING.sub("", path.name) or path.resolve().name)
    with lock(settings.data):
        size = source_size(path)
        digest = digest_path(path, lambda done: tell("checking the file", _CHECKED * min(done / max(size, 1), 1.0)))
        there = _find(settings, digest, format)
        if there is not None:
            drop(place_of(settings.data, _identity(digest, format)))
            tell(f"{there.id} is there already", 1.0)
            return there
        made_of = format or detect_format(path)
        identity = f"{label}-{digest[:_ID_DIGITS]}"
        source = Source(id=identity, name=label, format=made_of, digest=digest, added="", bytes=size)
        kept = _import(settings.data, path, source, format, tell)
    tell(f"{kept.id} is ready", 1.0)
    return kept


def remove_source(settings: Settings, name_or_id: str) -> tuple[Source, ...]:
    """Returns the sources that were taken away: every one of a name, or the one of an id.

    Raises MissingError when there is none, StorageError when the corpus cannot be written.
    """
    wanted = name_or_id.strip()
    with lock(settings.data):
        sources = open_corpus(settings).sources()
        gone = tuple(source for source in sources if wanted in (source.id, source.name))
        if not gone:
            raise MissingError(f"There is no source {name_or_id[:80]!r}.", hint=_LIST)
        path = settings.data / FILENAME
        with translated(path), closing(connect(path)) as connection:
            for source in gone:
                remove(connection, source.id)
            _settle(connection)
    return gone


def remove_unfinished(settings: Settings) -> int:
    """Returns how many half-finished imports were taken away; raises StorageError while another import runs."""
    with lock(settings.data):
        return drop_unfinished(settings.data)


def name_source(text: str) -> str:
    """Returns `text` as a source's name: words joined by "-"; raises InputError for what leaves none."""
    label = _DROPPED.sub("-", text.strip()).strip("-._")[:LONGEST_NAME].strip("-._")
    if not label:
        raise InputError(f"{text[:80]!r} cannot be the name of a source.", hint="Give one with --name.")
    return label


def _import(folder: Path, path: Path, source: Source, format: str, tell: Progress) -> Source:
    main, identity = folder / FILENAME, _identity(source.digest, format)
    with translated(main):
        try:
            with staged(folder, identity, path) as staging:
                _read(path, format, source.bytes, staging, tell)
                with closing(connect(main)) as connection:
                    kept = merge(connection, staging, source, lambda share: tell("merging", _READ + 0.25 * share))
                    _settle(connection)
        except InputError:
            drop(place_of(folder, identity))  # the same bytes are as wrong the next time
            raise
        drop(staging.path)
    return kept


def _identity(digest: str, format: str) -> str:
    return f"{digest[:32]}-{format or 'any'}"


def _read(path: Path, format: str, size: int, staging: Staging, tell: Progress) -> None:
    step = "going on reading" if len(staging) else "reading"
    for batch in read_batches(path, format=format):
        staging.write(batch)
        tell(step, _CHECKED + (_READ - _CHECKED) * min(batch.done_bytes / max(size, 1), 1.0))
    if not any(staging.count(table) for table in ("works", "provisions", "cases")):
        fault = staging.first_fault()
        raise InputError(f"{path.name} holds no law that could be read. {fault}".strip(), hint="Check the file.")


def _find(settings: Settings, digest: str, format: str) -> Source | None:
    if not (settings.data / FILENAME).is_file():
        return None
    sources = open_corpus(settings).sources()
    return next((s for s in sources if s.digest == digest and format in ("", s.format)), None)


def _settle(connection: sqlite3.Connection) -> None:
    # a short log is quicker to read; readers that are at work keep it, and that is fine
    connection.execute("pragma wal_checkpoint(truncate)")
    connection.execute("pragma optimize")


def _tell_nobody(step: str, share: float) -> None:
    """Takes what is told of progress where nobody listens."""
