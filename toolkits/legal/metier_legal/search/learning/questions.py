"""Past questions and the provisions that answered them, kept in `questions.db` of the data folder."""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import Field, ValidationError

from metier.answer import Value
from metier.errors import InputError, StorageError
from metier.toolkit import Settings
from metier_legal.search.analysis import writable

FILENAME: Final = "questions.db"
LONGEST_LINE: Final = 1 << 20
_SCHEMA: Final = (
    "create table if not exists pairs (question text not null, provision text not null, "
    "primary key (question, provision)) strict, without rowid"
)


class Lesson(Value):
    """A past question and what answered it: provisions as "work#number" or as a citation."""

    question: str = Field(min_length=1, max_length=10_000)
    provisions: tuple[str, ...] = Field(min_length=1, max_length=200)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file of lessons: its number, where it ends in the file (bytes), and the lesson, or what is wrong."""

    number: int
    end: int
    lesson: Lesson | None
    problem: str = ""


def read_lessons(path: Path) -> Iterator[Line]:
    """Yields the lines of a JSON Lines file that are not empty; raises InputError for a file that cannot be read."""
    try:
        with path.open("rb") as file:
            end = number = 0
            while line := file.readline(LONGEST_LINE):
                number, end = number + 1, end + len(line)
                if line.strip():
                    yield _read_line(number, end, line)
    except OSError as error:
        raise InputError(
            f"{path} cannot be read: {error.strerror}.",
            hint='Give a JSON Lines file: {"question": …, "provisions": […]}.',
        ) from error


def _read_line(number: int, end: int, line: bytes) -> Line:
    try:
        return Line(number, end, Lesson.model_validate(json.loads(line)))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "the line"
        return Line(number, end, None, f"{where}: {first['msg']}")
    except (ValueError, RecursionError):
        return Line(number, end, None, "it is not JSON")


class Questions:
    """The pairs of question and provision that were learned. Raises StorageError for a file that cannot be used."""

    def __init__(self, settings: Settings) -> None:
        self._path = settings.data / FILENAME

    def add(self, pairs: Iterable[tuple[str, str]]) -> int:
        """Returns how many of the pairs (question, provision) are new; all of them are kept, or none."""
        with self._open() as connection:
            before = connection.total_changes
            connection.executemany("insert or ignore into pairs values (?, ?)", map(_clean, pairs))
            return connection.total_changes - before

    def remove(self, pairs: Iterable[tuple[str, str]]) -> int:
        """Returns how many of the pairs were there; they no longer are."""
        with self._open() as connection:
            before = connection.total_changes
            connection.executemany("delete from pairs where question = ? and provision = ?", map(_clean, pairs))
            return connection.total_changes - before

    def clear(self) -> int:
        """Returns how many pairs there were; none is left."""
        with self._open() as connection:
            return connection.execute("delete from pairs").rowcount

    def by_provision(self) -> dict[str, tuple[str, ...]]:
        """Returns the questions of each provision, in the order of their text."""
        found: dict[str, list[str]] = {}
        for question, provision in self._pairs():
            found.setdefault(provision, []).append(question)
        return {provision: tuple(questions) for provision, questions in found.items()}

    def digest(self) -> str:
        """Returns a digest of the pairs, "" when there is none."""
        pairs = self._pairs()
        return hashlib.sha256(json.dumps(pairs).encode()).hexdigest() if pairs else ""

    def _pairs(self) -> list[tuple[str, str]]:
        if not self._path.is_file():
            return []
        with self._open() as connection:
            return connection.execute("select question, provision from pairs order by provision, question").fetchall()

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._path, timeout=30)) as connection, connection:
                connection.execute(_SCHEMA)
                yield connection
        except (sqlite3.Error, OSError) as error:
            raise StorageError(
                f"The past questions in {self._path} cannot be used: {error}.",
                hint="Move the file away and learn again: metier legal learn FILE.",
            ) from error


def _clean(pair: tuple[str, str]) -> tuple[str, str]:
    return writable(pair[0]), writable(pair[1])
