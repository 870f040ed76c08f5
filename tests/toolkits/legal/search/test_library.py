"""The index follows the corpus: only what changed is read in, and what a crash or damage left is mended."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from metier.errors import InputError, StorageError
from metier.toolkit import Settings
from metier_legal.law.work import Work
from metier_legal.search.backend import Filters, SearchBackend
from metier_legal.search.contract import ids
from metier_legal.search.engines.inverted import InvertedIndex
from metier_legal.search.learning.questions import Questions
from metier_legal.search.library import open_search
from metier_legal.search.state import IndexState

EVERYTHING = "landlord heat light rent master vessel boiler"


def everything(backend: SearchBackend) -> list[str]:
    return sorted(
        hit.id
        for kind in ("provision", "case")
        for group in ("xx/tenancy#12", "xx/tenancy#13", "xx/shipping#1", "xx/rc-123", "xx/tenancy#14")
        for hit in backend.search(EVERYTHING, filters=Filters(kind=kind, group=group), limit=5).hits
    )


def at(settings: Settings, **options: str) -> Settings:
    return Settings(settings.data, options)


@pytest.mark.parametrize("engine", ["tantivy", "fulltext"])
def test_the_index_has_what_the_corpus_has(engine: str, shelf, settings: Settings) -> None:
    backend = open_search(at(settings, search=engine), shelf)
    assert ids(backend, "heat and light", Filters(on=date(2020, 1, 1))) == ["xx/tenancy#12@2015-01-01"]
    assert ids(backend, "heat", Filters(on=date(2010, 1, 1))) == ["xx/tenancy#12@2001-01-01"]
    # the older text is the shorter one and would come first
    assert ids(backend, "landlord heat", Filters(on=date(2020, 1, 1))) == ["xx/tenancy#12@2015-01-01"]
    assert ids(backend, "Tenancy Act monthly")[0] == "xx/tenancy#13@2001-01-01"
    assert ids(backend, "boiler failed") == ["xx/rc-123#¶2"]
    case = Filters(kind="case", court="Regional Court", level=2, cites="xx/tenancy#12", decided_from=date(2019, 1, 1))
    assert ids(backend, "boiler", case) == ["xx/rc-123#¶2"]
    assert ids(backend, "RC 123/2018") == ["xx/rc-123#¶1"]


@pytest.mark.parametrize("engine", ["tantivy", "fulltext"])
def test_only_what_changed_is_indexed_again(engine: str, shelf, settings: Settings, monkeypatch) -> None:
    named = at(settings, search=engine)
    before = everything(open_search(named, shelf))
    shelf.read.clear()
    assert everything(open_search(named, shelf)) == before
    assert shelf.read == []
    told: list[str] = []
    changed = shelf.provisions["xx/shipping"][0][0].model_copy(update={"text": "x"})
    shelf.put(shelf.works_by_id["xx/shipping"], [changed])
    del shelf.cases["xx/rc-123"]
    backend = open_search(named, shelf, progress=lambda step, share: told.append(step))
    assert len(told) == 1
    assert everything(backend) == [
        "xx/tenancy#12@2015-01-01",
        "xx/tenancy#13@2001-01-01",
    ]


def test_a_work_that_is_gone_is_found_no_more(shelf, settings: Settings) -> None:
    open_search(settings, shelf)
    del shelf.works_by_id["xx/tenancy"]
    assert everything(open_search(settings, shelf)) == ["xx/rc-123#¶2", "xx/shipping#1@1990-01-01"]


@pytest.mark.parametrize("when", ["first build", "update"])
def test_what_a_crash_left_half_done_is_mended(when: str, shelf, settings: Settings) -> None:
    if when == "update":
        open_search(settings, shelf)
        shelf.put(shelf.works_by_id["xx/tenancy"], *shelf.provisions["xx/tenancy"], *_more(shelf))
    whole = sorted({*_expected(shelf)})
    shelf.breaks_at = "xx/tenancy#13"
    with pytest.raises(KeyboardInterrupt):
        open_search(settings, shelf)
    shelf.breaks_at = ""
    assert everything(open_search(settings, shelf)) == whole


def test_a_crash_after_the_index_and_before_the_stamp_is_mended(shelf, settings: Settings) -> None:
    open_search(settings, shelf)
    state = IndexState(settings.data / "index" / "tantivy")
    with state.locked():
        state.mark(["work:xx/tenancy", "work:gone"])
    state.close()
    InvertedIndex(settings.data / "index" / "tantivy").delete(["work:xx/tenancy"])
    assert everything(open_search(settings, shelf)) == _expected(shelf)


def _more(shelf):
    return [[shelf.provisions["xx/tenancy"][1][0].model_copy(update={"number": "14", "text": "Rent may fall."})]]


def _expected(shelf) -> list[str]:
    groups = {f"{work}#{versions[0].number}" for work, all_ in shelf.provisions.items() for versions in all_}
    best = {"xx/tenancy#12": "@2015-01-01", "xx/shipping#1": "@1990-01-01"}
    return sorted([*(f"{group}{best.get(group, '@2001-01-01')}" for group in groups), "xx/rc-123#¶2"])


@pytest.mark.parametrize("engine", ["tantivy", "fulltext"])
@pytest.mark.parametrize("harm", ["cut", "removed", "garbage", "folder", "state"])
def test_a_damaged_index_is_made_again(engine: str, harm: str, shelf, settings: Settings) -> None:
    named = at(settings, search=engine)
    before = everything(open_search(named, shelf))
    folder = settings.data / "index" / engine
    largest = max((path for path in folder.rglob("*") if path.is_file()), key=lambda path: path.stat().st_size)
    if harm == "cut":
        largest.write_bytes(largest.read_bytes()[: largest.stat().st_size // 2])
    elif harm == "removed":
        largest.unlink()
    elif harm == "garbage":
        heart = next(path for path in folder.rglob("*") if path.name in ("meta.json", "words.db"))
        heart.write_bytes(b"x" * heart.stat().st_size)
    elif harm == "folder":
        shutil.rmtree(folder)
    else:
        folder.with_name(f"{engine}.db").write_bytes(b"this is no database, although it is where one should be")
    assert everything(open_search(named, shelf)) == before


def test_an_index_of_another_form_is_made_again(shelf, settings: Settings) -> None:
    before = everything(open_search(settings, shelf))
    state = IndexState(settings.data / "index" / "tantivy")
    with state.locked():
        state.begin("0")
        state.finish("stamp", "snapshot")
    state.close()
    assert everything(open_search(settings, shelf)) == before


def test_an_index_that_cannot_be_used_is_unavailable_and_never_no_match(shelf, tmp_path: Path) -> None:
    settings = Settings(tmp_path / "data")
    settings.data.mkdir()
    (settings.data / "index").write_text("a file where the folder should be")
    backend = open_search(settings, shelf)
    found = backend.search("rent", filters=Filters(), limit=3)
    assert (found.state, found.hits) == ("UNAVAILABLE", ())
    assert "cannot be" in found.reason
    assert backend.explain("rent", "xx/tenancy#13@2001-01-01", filters=Filters()) is None
    for change in (lambda: backend.index([]), lambda: backend.delete([])):
        with pytest.raises(StorageError):
            change()


def test_the_three_states_are_distinct(shelf, settings: Settings) -> None:
    backend = open_search(settings, shelf)
    assert backend.search("rent", filters=Filters(), limit=1).state == "GROUNDED"
    nothing = backend.search("carburettor", filters=Filters(), limit=1)
    assert (nothing.state, bool(nothing.reason)) == ("NO_MATCH", True)


def test_past_questions_are_followed_without_reading_the_rest(shelf, settings: Settings) -> None:
    open_search(settings, shelf)
    Questions(settings).add([("Who sails the ferry?", "xx/shipping#1"), ("Lost?", "xx/gone#1")])
    shelf.read.clear()
    backend = open_search(settings, shelf)
    assert ids(backend, "ferry") == ["xx/shipping#1@1990-01-01"]
    assert set(shelf.read) == {"xx/shipping"}
    Questions(settings).clear()
    assert ids(open_search(settings, shelf), "ferry") == []


def test_versions_of_one_day_have_ids_of_their_own(shelf, settings: Settings) -> None:
    work = Work(id="xx/odd", jurisdiction="xx", title="Odd Act")
    version = shelf.provisions["xx/tenancy"][0][0].model_copy(update={"work": "xx/odd", "number": "7"})
    shelf.put(work, [version, version.model_copy(update={"text": "Otters."})])
    assert ids(open_search(settings, shelf), "otters") == ["xx/odd#7@2001-01-01~2"]


def test_an_engine_that_does_not_exist_is_told(shelf, settings: Settings) -> None:
    with pytest.raises(InputError, match="no search engine 'lucene'"):
        open_search(at(settings, search="lucene"), shelf)


def test_a_crash_before_the_stamp_costs_only_what_was_changing(shelf, settings: Settings, tmp_path: Path) -> None:
    open_search(settings, shelf)
    changed = shelf.provisions["xx/shipping"][0][0].model_copy(update={"text": "The master keeps a log of the vessel."})
    shelf.put(shelf.works_by_id["xx/shipping"], [changed])
    state, then = settings.data / "index" / "tantivy.db", tmp_path / "then.db"
    open_search(settings, shelf, progress=lambda step, share: shutil.copy(state, then))
    shutil.copy(then, state)
    told: list[str] = []
    backend = open_search(settings, shelf, progress=lambda step, share: told.append(step))
    assert len(told) == 1
    assert everything(backend) == _expected(shelf)
    assert ids(backend, "keeps a log") == ["xx/shipping#1@1990-01-01"]
