"""What a search engine must do to stand in for another; `tests/toolkits/legal/search` holds each to it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol

State = Literal["GROUNDED", "NO_MATCH", "UNAVAILABLE"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One searchable thing: a version of a provision, or a paragraph of a case.

    `id` is "work#number@version" or "case#¶number"; `group` the provision ("work#number") or case it belongs to, by
    which hits are made one; `work` the law of a provision, for its prior. `begin` and `end` bound when a version is law
    (None: unknown, no end). `level` is the court's level or the rank of the law. `cited` are the provisions and cases
    that it cites. `questions` are past questions that it answered.
    """

    id: str
    group: str
    kind: Literal["provision", "case"]
    jurisdiction: str
    language: str
    title: str
    text: str
    work: str = ""
    court: str = ""
    level: int = 0
    decided: date | None = None
    begin: date | None = None
    end: date | None = None
    status: str = ""
    cited: tuple[str, ...] = ()
    source: str = ""
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Filters:
    """What hits must satisfy; empty fields demand nothing.

    `on` keeps versions that are law on that day, and those of unknown interval; `decided_from` and `decided_to` are
    inclusive; `cites` is a provision or case id.
    """

    kind: Literal["", "provision", "case"] = ""
    jurisdiction: str = ""
    language: str = ""
    court: str = ""
    level: int | None = None
    decided_from: date | None = None
    decided_to: date | None = None
    on: date | None = None
    status: str = ""
    cites: str = ""
    work: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing found, best first; `score` only orders hits of one search."""

    id: str
    group: str
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to. NO_MATCH looked and found nothing; UNAVAILABLE could not look, and `reason` says why."""

    state: State
    hits: tuple[Hit, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a thing was found for a query: each term that matched, the field and its part of the score."""

    id: str
    score: float
    parts: tuple[tuple[str, str, float], ...] = field(default=())


class SearchBackend(Protocol):
    """An index of entries."""

    def index(self, entries: Iterable[Entry]) -> int:
        """Returns how many entries were added or replaced; they are visible when it returns."""
        ...

    def search(self, query: str, *, filters: Filters, limit: int) -> Found:
        """Returns at most `limit` hits, one per group, best first."""
        ...

    def delete(self, sources: Sequence[str]) -> int:
        """Returns how many entries of these sources were removed."""
        ...

    def explain(self, query: str, entry_id: str, *, filters: Filters) -> Explanation | None:
        """Returns why the entry is found for the query, or None when it is not."""
        ...
