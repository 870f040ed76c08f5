"""Both engines keep the published contract; their filters are those of a naive reading; threads may share them."""

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier.errors import StorageError
from metier_legal.search.backend import Entry, Filters, SearchBackend
from metier_legal.search.contract import CONTRACT, MakeBackend, ids, make_entry
from metier_legal.search.engines.conditions import keeps
from metier_legal.search.engines.fulltext import FullText
from metier_legal.search.engines.inverted import InvertedIndex

ENGINES: dict[str, Callable[[Path], SearchBackend]] = {
    "tantivy": InvertedIndex,
    "fulltext": lambda folder: FullText(folder / "words.db"),
}
FIRST = date(1990, 1, 1)
DAYS = st.dates(FIRST - timedelta(days=2), FIRST + timedelta(days=40))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("promise", CONTRACT, ids=lambda promise: promise.__name__)
def test_an_engine_keeps_the_contract(engine: str, promise: Callable[[MakeBackend], None], tmp_path: Path) -> None:
    promise(lambda: ENGINES[engine](tmp_path / "index"))


def random_entries() -> list[Entry]:
    chance = random.Random(7)

    def day() -> date | None:
        return chance.choice([None, FIRST + timedelta(days=chance.randrange(40))])

    entries = []
    for number in range(300):
        facts = {
            "kind": chance.choice(["provision", "case"]),
            "jurisdiction": chance.choice(["us", "cn"]),
            "language": chance.choice(["en", "zh", "de"]),
            "court": chance.choice(["", "High Court"]),
            "level": chance.randrange(4),
            "decided": day(),
            "begin": day(),
            "end": day(),
            "status": chance.choice(["in force", "repealed"]),
            "cited": tuple(chance.sample(["a#1", "a#2", "b"], chance.randrange(3))),
            "work": chance.choice(["a", "b"]),
        }
        entries.append(make_entry(f"e{number}", "rent 1234", **facts))
    return entries


ENTRIES = random_entries()


@pytest.fixture(scope="module", params=ENGINES)
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchBackend]:
    backend = ENGINES[request.param](tmp_path_factory.mktemp("filled"))
    backend.index(ENTRIES)
    yield backend
    if isinstance(backend, FullText):
        backend.close()


FILTERS = st.builds(
    Filters,
    kind=st.sampled_from(["", "provision", "case"]),
    jurisdiction=st.sampled_from(["", "us", "cn", "fr"]),
    language=st.sampled_from(["", "en", "zh"]),
    court=st.sampled_from(["", "High Court"]),
    level=st.none() | st.integers(0, 4),
    decided_from=st.none() | DAYS,
    decided_to=st.none() | DAYS,
    on=st.none() | DAYS,
    status=st.sampled_from(["", "in force", "repealed"]),
    cites=st.sampled_from(["", "a#1", "a", "b"]),
    work=st.sampled_from(["", "a", "b"]),
    group=st.sampled_from(["", "e1", "e2"]),
)


def satisfies(entry: Entry, filters: Filters) -> bool:
    """The meaning of the filters, written without the engines' own."""
    names = ("kind", "jurisdiction", "language", "court", "status", "work", "group")
    same = all(getattr(filters, name) in ("", getattr(entry, name)) for name in names)
    level = filters.level is None or entry.level == filters.level
    cites = not filters.cites or filters.cites in entry.cited
    after = filters.decided_from is None or (entry.decided is not None and entry.decided >= filters.decided_from)
    before = filters.decided_to is None or (entry.decided is not None and entry.decided <= filters.decided_to)
    begun = filters.on is None or entry.begin is None or entry.begin <= filters.on
    unended = filters.on is None or entry.end is None or filters.on < entry.end
    return same and level and cites and after and before and begun and unended


@settings(max_examples=150, deadline=None)
@given(filters=FILTERS)
def test_filters_keep_what_a_naive_reading_keeps(filled: SearchBackend, filters: Filters) -> None:
    expected = [entry.id for entry in ENTRIES if satisfies(entry, filters)]
    found = filled.search("rent 1234", filters=filters, limit=400)
    assert sorted(hit.id for hit in found.hits) == sorted(expected)
    assert found.state == ("GROUNDED" if expected else "NO_MATCH")


@given(filters=FILTERS)
def test_the_filter_without_an_engine_is_the_same(filters: Filters) -> None:
    for entry in ENTRIES[:40]:
        assert keeps(filters, entry) is satisfies(entry, filters)


@given(query=st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_no_query_raises(filled: SearchBackend, query: str) -> None:
    assert filled.search(query, filters=Filters(), limit=3).state in ("GROUNDED", "NO_MATCH")


@pytest.mark.parametrize("engine", ENGINES)
def test_threads_search_while_one_writes(engine: str, tmp_path: Path) -> None:
    backend = ENGINES[engine](tmp_path / "index")
    backend.index([make_entry("always", "rent")])

    def look(_: int) -> bool:
        return "always" in ids(backend, "rent")

    with ThreadPoolExecutor(4) as pool:
        looked = pool.map(look, range(200))
        for number in range(5):
            backend.index([make_entry(f"more{number}", "rent and heat")])
        assert all(looked)
    assert len(ids(backend, "rent")) == 6


def test_an_index_that_another_holds_is_told_and_unharmed(tmp_path: Path) -> None:
    first, second = InvertedIndex(tmp_path / "index"), InvertedIndex(tmp_path / "index")

    def while_writing() -> Iterator[Entry]:
        yield make_entry("a", "rent")
        with pytest.raises(StorageError, match="cannot be written"):
            second.index([make_entry("b", "rent")])

    first.index([make_entry("x", "heat")])
    assert first.index(while_writing()) == 1
    assert ids(InvertedIndex(tmp_path / "index"), "rent") == ["a"]


@pytest.mark.parametrize("engine", ENGINES)
def test_an_index_that_cannot_be_opened_is_a_storage_error(engine: str, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    ENGINES[engine](folder).index([make_entry("a", "rent")])
    for path in folder.rglob("*"):
        if path.name in ("meta.json", "words.db"):
            path.write_bytes(b"no index at all, and long enough to be read as a header of one")
    with pytest.raises(StorageError, match="cannot be"):
        ENGINES[engine](folder)
