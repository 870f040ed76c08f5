"""The law that the tools work on: store and index, opened when first asked for and kept open."""

from datetime import UTC, date, datetime
from threading import Lock

from metier.errors import MissingError
from metier.toolkit import Settings
from metier_legal.corpus.store import StoredCorpus, open_corpus
from metier_legal.search.backend import SearchBackend
from metier_legal.search.learning.questions import Questions
from metier_legal.search.library import open_search

NO_LAW = "Add some with `metier legal add PATH`, or the fictional sample with `metier legal sample`."


class Library:
    """Opens the corpus and its index when they are first needed. Safe to use from several threads."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._corpus: StoredCorpus | None = None
        self._search: SearchBackend | None = None
        self._state = ("", "")
        self._lock = Lock()

    @property
    def today(self) -> date:
        """Returns the day in the zone of this machine, or the one that the option `today` names."""
        named = self.settings.options.get("today", "")
        return date.fromisoformat(named) if named else datetime.now(UTC).astimezone().date()

    @property
    def judge(self) -> str:
        """Returns the judge that the option `judge` names, as "URL|model", or "" where none must be asked."""
        return self.settings.options.get("judge", "")

    @property
    def corpus(self) -> StoredCorpus:
        """Returns the corpus; raises StorageError for a damaged one."""
        with self._lock:
            if self._corpus is None:
                self._corpus = open_corpus(self.settings)
            return self._corpus

    @property
    def search(self) -> SearchBackend:
        """Returns the index, brought up to what the corpus and the past questions are now."""
        corpus = self.corpus
        with self._lock:
            state = (corpus.snapshot(), Questions(self.settings).digest())
            if self._search is None or state != self._state:
                self._search, self._state = open_search(self.settings, corpus), state
            return self._search

    def known(self, jurisdiction: str) -> str:
        """Returns the jurisdiction, "" meaning the only one; raises MissingError when the corpus has no law of it."""
        there = self.corpus.jurisdictions()
        if not there:
            raise MissingError("There is no law yet.", hint=NO_LAW)
        if jurisdiction and jurisdiction not in there:
            raise MissingError(
                f"There is no law of {jurisdiction[:40]!r} in this corpus.", hint=f"It has: {', '.join(there)}."
            )
        return jurisdiction
