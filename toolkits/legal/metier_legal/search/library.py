"""The index of a corpus, brought up to it: made when there is none or it is damaged; else only changes are read in.

Option `search` names the engine ("tantivy", the usual one, or "fulltext"), `embeddings` an endpoint as "URL|model".
"""

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from metier.errors import InputError, MissingError, StorageError
from metier.late import late
from metier.toolkit import Settings
from metier_legal.search.backend import Entry, Explanation, Filters, Found, SearchBackend
from metier_legal.search.embedding.endpoint import read_endpoint
from metier_legal.search.engines.fulltext import FullText
from metier_legal.search.engines.inverted import InvertedIndex
from metier_legal.search.entries import Listed, entries_of_unit, unit_of_group, units_of
from metier_legal.search.learning.questions import Questions
from metier_legal.search.state import IndexState

FORM: Final = "1"
"""Raised whenever terms or entries are made in another way: an index of another form is made again."""

Progress = Callable[[str, float], None]
Make = Callable[[Path], SearchBackend]
Asked = Mapping[str, tuple[str, ...]]
_ENGINES: Final[Mapping[str, Make]] = {
    "tantivy": InvertedIndex,
    "fulltext": lambda folder: FullText(folder / "words.db"),
}

_open_fused = late("metier_legal.search.embedding.fused", "open_fused")


class Unavailable:
    """The SearchBackend of an index that cannot be used: it says so, and never that nothing matches."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def index(self, entries: Iterable[Entry]) -> int:
        """Raises StorageError."""
        raise StorageError(self._reason)

    def search(self, query: str, *, filters: Filters, limit: int) -> Found:
        """Returns UNAVAILABLE and the reason."""
        return Found("UNAVAILABLE", reason=self._reason)

    def delete(self, sources: Sequence[str]) -> int:
        """Raises StorageError."""
        raise StorageError(self._reason)

    def explain(self, query: str, entry_id: str, *, filters: Filters) -> Explanation | None:
        """Returns None: nothing was found."""
        return None


def open_search(settings: Settings, corpus: Listed, *, progress: Progress | None = None) -> SearchBackend:
    """Returns the index of the corpus, current to its snapshot and the past questions.

    Its searches come to UNAVAILABLE, with the reason, when the index can be neither used nor made. Raises InputError
    for an option that means nothing.
    """
    make, folder = _engine_of(settings)
    try:
        state = _open_state(folder)
        with closing(state):
            return _bring_up(state, make, corpus, Questions(settings), progress or _tell_nobody)
    except StorageError as error:
        return Unavailable(f"The search index cannot be used: {error}")


def _engine_of(settings: Settings) -> tuple[Make, Path]:
    name = settings.options.get("search", "tantivy")
    engine = _ENGINES.get(name)
    if engine is None:
        raise InputError(f"There is no search engine {name!r}.", hint=f"Set search to one of: {', '.join(_ENGINES)}.")
    folder = settings.data / "index"
    if not (named := settings.options.get("embeddings", "")):
        return engine, folder / name
    endpoint = read_endpoint(named)
    mark = sha256(named.encode()).hexdigest()[:8]

    if find_spec("numpy") is None:
        raise MissingError("Embeddings need numpy.", hint="Install it: pip install 'metier-legal[embeddings]'.")

    def make(folder: Path) -> SearchBackend:
        fresh = not folder.exists()
        fused: SearchBackend = _open_fused(
            engine(folder), folder.with_name(f"vectors-{mark}.db"), endpoint, fresh=fresh
        )
        return fused

    return make, folder / f"{name}-{mark}"


def _open_state(folder: Path) -> IndexState:
    try:
        return IndexState(folder)
    except StorageError:
        # a damaged state says nothing of the index: both are made again
        with suppress(OSError):
            folder.with_name(f"{folder.name}.db").unlink(missing_ok=True)
        return IndexState(folder)


def _bring_up(state: IndexState, make: Make, corpus: Listed, questions: Questions, progress: Progress) -> SearchBackend:
    snapshot = corpus.snapshot()
    stamp = sha256(f"{FORM}\n{snapshot}\n{questions.digest()}".encode()).hexdigest()
    if state.is_current(stamp) and (ready := _try(make, state.folder)) is not None:
        return ready
    asked = questions.by_provision()
    with state.locked():
        if state.is_current(stamp) and (ready := _try(make, state.folder)) is not None:
            return ready
        fresh = state.form() != FORM or state.is_damaged() or _try(make, state.folder) is None
        changed, gone = list[str](), list[str]()
        if fresh:
            shutil.rmtree(state.folder, ignore_errors=True)
            state.begin(FORM)
        else:
            changed, gone = _compare(state, corpus, snapshot, asked)
            state.mark([*changed, *gone])
    with state.locked():
        backend = make(state.folder)
        if not fresh:
            backend.delete([*changed, *gone])
            state.drop(gone)
        backend.index(_entries(state, corpus, units_of(corpus) if fresh else changed, asked, progress))
        state.finish(stamp, snapshot)
        return backend


def _try(make: Make, folder: Path) -> SearchBackend | None:
    """Returns the engine over the folder, or None where the folder is no index that it can open."""
    try:
        return make(folder)
    except StorageError:
        return None


def _compare(state: IndexState, corpus: Listed, snapshot: str, asked: Asked) -> tuple[list[str], list[str]]:
    """Returns the units whose entries are not those of the index, and the units that are no more."""
    known = state.digests()
    candidates: Iterable[str]
    if state.corpus() == snapshot:
        unfinished = (unit for unit, digest in known.items() if not digest)
        candidates = dict.fromkeys((*map(unit_of_group, asked), *state.learned_units(), *unfinished))
        gone = set[str]()
    else:
        candidates, gone = units_of(corpus), set(known)
    changed = []
    for unit in candidates:
        entries = entries_of_unit(corpus, unit, asked)
        if entries:
            gone.discard(unit)
            changed += [unit] if known.get(unit) != _digest(entries) else []
        elif unit in known:
            gone.add(unit)
    return changed, sorted(gone)


def _entries(
    state: IndexState, corpus: Listed, units: Iterable[str], asked: Asked, progress: Progress
) -> Iterator[Entry]:
    total = max(1, sum(source.works + source.cases for source in corpus.sources()))
    for place, unit in enumerate(units):
        entries = entries_of_unit(corpus, unit, asked)
        if not entries:
            continue
        yield from entries
        state.keep(unit, _digest(entries), learned=any(entry.questions for entry in entries))
        progress("indexing", min(1.0, place / total))


def _digest(entries: Sequence[Entry]) -> str:
    return sha256(repr(entries).encode("utf-8", "replace")).hexdigest()


def _tell_nobody(step: str, share: float) -> None:
    """Is told of progress where nobody asked."""
