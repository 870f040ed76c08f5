"""Sources come and go whole."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from metier.errors import InputError, MissingError, StorageError
from metier.toolkit import Settings
from metier_legal.corpus.importing import add_source, remove_source
from metier_legal.corpus.store import open_corpus
from metier_legal.law.case import Case, Paragraph
from metier_legal.law.provision import Provision, Status
from metier_legal.law.work import Work

Writer = Callable[..., Path]
Progress = Callable[[str, float], None]

CODE = Work(id="xx/code", jurisdiction="xx", title="Code of Works", complete=True, fictional=True, licence="CC0-1.0")


def edition(day: str, *texts: str) -> list[Work | Provision]:
    begin = date.fromisoformat(day)
    return [
        CODE,
        *(
            Provision(work=CODE.id, number=str(n), text=text, valid_from=begin)
            for n, text in enumerate(texts, 1)
            if text
        ),
    ]


def ruling(number: int, *texts: str) -> Case:
    return Case(
        id=f"cn/{number}",
        jurisdiction="cn",
        name=f"Case {number}",
        court="Court",
        citations=(f"{number} U.S. 5",),
        paragraphs=tuple(Paragraph(number=n, text=text) for n, text in enumerate(texts, 1)),
        fictional=True,
    )


OLD = edition("2001-01-01", "One.", "Two.", "Three.")
NEW = edition("2011-01-01", "One.", "Two, amended.", "")
LARGE = [*edition("2001-01-01", *(f"Section number {n}." for n in range(1, 1600))), ruling(1, "See 2 U.S. 5.")]


def stop_at(count: int, step: str) -> Progress:
    left = [count]

    def tell(told: str, share: float) -> None:
        left[0] -= told == step
        if not left[0]:
            raise KeyboardInterrupt

    return tell


def test_a_source_says_what_it_brought(settings: Settings, write: Writer) -> None:
    steps: list[tuple[str, float]] = []
    source = add_source(settings, write([*OLD, ruling(1, "x")]), progress=lambda *told: steps.append(told))
    assert (source.works, source.provisions, source.cases, source.licence) == (1, 3, 1, "CC0-1.0")
    assert (source.name, source.format, source.warnings) == ("law", "jsonl", ())
    assert steps[-1] == (f"{source.id} is ready", 1.0)
    assert [share for _, share in steps] == sorted(share for _, share in steps)
    assert open_corpus(settings).sources() == (source,)


def test_the_same_file_twice_is_not_read_again(settings: Settings, write: Writer) -> None:
    path = write(OLD)
    first = add_source(settings, path)
    before = open_corpus(settings).snapshot()
    steps: list[str] = []
    again = add_source(settings, path, name="other", progress=lambda step, share: steps.append(step))
    assert again == first
    assert {"reading", "merging"}.isdisjoint(steps)
    assert steps[-1] == f"{first.id} is there already"
    assert open_corpus(settings).snapshot() == before


def test_a_newer_file_of_a_work_adds_versions_and_ends_what_it_lacks(settings: Settings, write: Writer) -> None:
    add_source(settings, write(OLD, "old.jsonl"))
    add_source(settings, write(NEW, "new.jsonl"))
    corpus = open_corpus(settings)
    assert [v.text for v in corpus.versions(CODE.id, "2")] == ["Two.", "Two, amended."]
    (third,) = corpus.versions(CODE.id, "3")
    assert third.valid_to == date(2011, 1, 1)
    assert corpus.provision(CODE.id, "3", date(2010, 12, 31)) == third
    assert corpus.provision(CODE.id, "3", date(2011, 1, 1)) is None


def test_the_order_of_imports_does_not_matter_for_the_text_of_a_day(settings: Settings, write: Writer) -> None:
    add_source(settings, write(NEW, "new.jsonl"))
    add_source(settings, write(OLD, "old.jsonl"))
    assert open_corpus(settings).provision(CODE.id, "3", date(2011, 1, 1)) is None


@pytest.mark.parametrize("amended", [("2",), ("1", "2")])
def test_an_amending_act_alone_ends_nothing(settings: Settings, write: Writer, amended: tuple[str, ...]) -> None:
    begin = date(2011, 1, 1)
    act = [Provision(work=CODE.id, number=number, text="Amended.", valid_from=begin) for number in amended]
    add_source(settings, write([*OLD, *act]))
    third = open_corpus(settings).provision(CODE.id, "3", date(2012, 1, 1))
    assert third is not None
    assert third.text == "Three."


def test_several_publications_in_one_file_end_what_they_lack(settings: Settings, write: Writer) -> None:
    add_source(settings, write([*OLD, *NEW[1:]]))
    assert open_corpus(settings).provision(CODE.id, "3", date(2011, 1, 1)) is None


def test_removing_takes_one_source_and_leaves_the_others(settings: Settings, write: Writer) -> None:
    add_source(settings, write(OLD, "old.jsonl"))
    alone = open_corpus(settings).snapshot()
    new = add_source(settings, write([*NEW, ruling(1, "x")], "new.jsonl"))
    assert remove_source(settings, new.id) == (new,)
    corpus = open_corpus(settings)
    assert corpus.snapshot() == alone
    assert corpus.counts() == {
        "works": 1, "provisions": 3, "versions": 3, "cases": 0, "paragraphs": 0, "references": 0, "resolved": 0,
    }  # fmt: skip
    third = corpus.provision(CODE.id, "3", date(2012, 1, 1))
    assert third is not None
    remove_source(settings, "old")
    assert open_corpus(settings).works() == ()
    assert open_corpus(settings).find_works("Code of Works") == ()
    with pytest.raises(MissingError, match="metier legal list"):
        remove_source(settings, "old")


def test_references_are_resolved_when_what_they_cite_arrives_and_let_go_when_it_leaves(
    settings: Settings, write: Writer
) -> None:
    citing = ruling(1, "The court follows 2 U.S. 5 in all.").model_copy(update={"jurisdiction": "us", "id": "us/1"})
    add_source(settings, write([citing], "citing.jsonl"))
    corpus = open_corpus(settings)
    assert [reference.cited for reference in corpus.cites("us/1")] == [""]
    add_source(settings, write([ruling(2, "x")], "cited.jsonl"))
    assert [reference.cited for reference in corpus.cites("us/1")] == ["cn/2"]
    assert [mention.quote for mention in corpus.cited_by("cn/2")] == ["The court follows 2 U.S. 5 in all."]
    twin = ruling(2, "x").model_copy(update={"id": "cn/twin"})
    add_source(settings, write([twin], "twin.jsonl"))
    assert corpus.cited_by("cn/2") == ()
    remove_source(settings, "twin")
    assert len(corpus.cited_by("cn/2")) == 1
    remove_source(settings, "cited")
    assert [reference.cited for reference in corpus.cites("us/1")] == [""]


@pytest.mark.parametrize(
    ("count", "step"), [(1, "reading"), (3, "reading"), (2, "merging"), (6, "merging"), (10, "merging")]
)
def test_an_interrupted_import_changes_nothing_and_goes_on_where_it_stopped(
    settings: Settings, write: Writer, tmp_path: Path, count: int, step: str
) -> None:
    add_source(settings, write([ruling(7, "x")], "before.jsonl"))
    before = open_corpus(settings).snapshot()
    path = write(LARGE)
    with pytest.raises(KeyboardInterrupt):
        add_source(settings, path, progress=stop_at(count, step))
    assert open_corpus(settings).snapshot() == before
    steps: list[str] = []
    add_source(settings, path, progress=lambda told, share: steps.append(told))
    assert "going on reading" in steps
    whole = Settings(tmp_path / "whole")
    add_source(whole, tmp_path / "before.jsonl")
    add_source(whole, path)
    assert open_corpus(settings).snapshot() == open_corpus(whole).snapshot()
    assert open_corpus(settings).counts() == open_corpus(whole).counts()
    assert not list((settings.data / "incoming").iterdir())


KILLER = """
import os, signal, sys
from pathlib import Path
from metier.toolkit import Settings
from metier_legal.corpus.importing import add_source

left = int(sys.argv[3])

def tell(step, share):
    global left
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)

add_source(Settings(Path(sys.argv[1])), Path(sys.argv[2]), progress=tell)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no kill -9 here")
def test_killed_anywhere_the_same_command_ends_with_the_same_corpus(
    settings: Settings, write: Writer, tmp_path: Path
) -> None:
    path = write(LARGE)
    whole = Settings(tmp_path / "whole")
    add_source(whole, path)
    for count in (2, 4, 12, 15):
        killed = subprocess.run(
            [sys.executable, "-c", KILLER, str(settings.data), str(path), str(count)], check=False, capture_output=True
        )
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        if (settings.data / "corpus.db").exists():
            assert open_corpus(settings).counts()["provisions"] in (0, 1599)
    add_source(settings, path)
    assert open_corpus(settings).snapshot() == open_corpus(whole).snapshot()
    assert open_corpus(settings).counts() == open_corpus(whole).counts()
    assert not list((settings.data / "incoming").iterdir())


def test_readers_see_the_old_or_the_new_corpus_and_nothing_between(settings: Settings, write: Writer) -> None:
    add_source(settings, write(OLD, "old.jsonl"))
    corpus = open_corpus(settings)
    seen: set[tuple[int, int]] = set()
    over = threading.Event()

    def look(step: str = "", share: float = 0.0) -> None:
        counts = corpus.counts()
        seen.add((counts["versions"], counts["cases"]))

    def watch() -> None:
        while not over.is_set():
            look()

    watcher = threading.Thread(target=watch)
    watcher.start()
    add_source(settings, write([*LARGE, *NEW[1:]], "new.jsonl"), progress=look)
    over.set()
    watcher.join()
    assert seen == {(3, 0), (1604, 1)}


def test_a_second_import_at_the_same_time_is_told_to_wait(settings: Settings, write: Writer) -> None:
    other = write(NEW, "new.jsonl")
    refused: list[StorageError] = []

    def try_another(step: str, share: float) -> None:
        if step == "reading":
            with pytest.raises(StorageError, match=r"Another import is running\.") as caught:
                add_source(settings, other)
            refused.append(caught.value)

    add_source(settings, write(OLD), progress=try_another)
    assert refused
    assert add_source(settings, other).works == 1


def test_a_file_that_changed_since_it_was_begun_is_begun_anew(settings: Settings, write: Writer) -> None:
    with pytest.raises(KeyboardInterrupt):
        add_source(settings, write(LARGE), progress=stop_at(2, "reading"))
    add_source(settings, write(OLD))
    assert open_corpus(settings).counts()["versions"] == 3
    assert not list((settings.data / "incoming").iterdir())


FULL = """
import resource, sys
from pathlib import Path
from metier.errors import StorageError
from metier.toolkit import Settings
from metier_legal.corpus.importing import add_source

resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
try:
    add_source(Settings(Path(sys.argv[1])), Path(sys.argv[2]))
except StorageError as error:
    print(error)
"""


@pytest.mark.skipif(os.name != "posix", reason="file sizes cannot be limited here")
def test_a_full_disk_is_a_storage_error_and_the_import_goes_on_later(settings: Settings, write: Writer) -> None:
    add_source(settings, write(OLD, "old.jsonl"))
    before = open_corpus(settings).snapshot()
    path = write(LARGE)
    tried = subprocess.run(
        [sys.executable, "-c", FULL, str(settings.data), str(path)], check=True, capture_output=True, text=True
    )
    assert "Free some space and give the same command again" in tried.stdout
    assert open_corpus(settings).snapshot() == before
    assert add_source(settings, path).provisions == 1599


def test_a_folder_that_cannot_be_written_is_a_storage_error(tmp_path: Path, write: Writer) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageError):
        add_source(Settings(tmp_path / "file"), write(OLD))


def test_what_cannot_be_used_is_refused_in_a_line(settings: Settings, write: Writer, tmp_path: Path) -> None:
    with pytest.raises(MissingError):
        add_source(settings, tmp_path / "none")
    with pytest.raises(InputError, match="There is no format 'cuneiform'"):
        add_source(settings, write(OLD), format="cuneiform")
    with pytest.raises(InputError, match="cannot be the name of a source"):
        add_source(settings, write(OLD), name="///")
    with pytest.raises(InputError, match="holds no law"):
        add_source(settings, write([{"type": "coverage", "jurisdiction": "xx"}], "empty.jsonl"))
    with pytest.raises(MissingError):
        open_corpus(settings).sources()


def test_a_broken_line_stops_the_import_and_changes_nothing(settings: Settings, write: Writer) -> None:
    add_source(settings, write(OLD, "old.jsonl"))
    before = open_corpus(settings).snapshot()
    with pytest.raises(InputError, match="line 5"):
        add_source(settings, write([*NEW, *edition("2020-01-01", "x")[1:], {"type": "riddle"}], "bad.jsonl"))
    assert open_corpus(settings).snapshot() == before


def test_duplicated_sections_are_told(settings: Settings, write: Writer) -> None:
    twice = Provision(work=CODE.id, number="1", text="One more.", valid_from=date(2001, 1, 1))
    source = add_source(settings, write([*OLD, twice]))
    assert source.warnings == ("xx/code 1 is there twice of 2001-01-01 with different texts; the later one is read.",)


def test_the_same_text_in_several_versions_is_kept_once(settings: Settings, write: Writer) -> None:
    texts = ["The same long sentence. " * 40] * 3
    add_source(settings, write(edition("2001-01-01", *texts), "a.jsonl"))
    size = (settings.data / "corpus.db").stat().st_size
    for year in range(2002, 2008):
        add_source(settings, write(edition(f"{year}-01-01", *texts), f"{year}.jsonl"))
    assert (settings.data / "corpus.db").stat().st_size == size
    assert len(open_corpus(settings).versions(CODE.id, "1")) == 7


def test_a_folder_is_one_source_whose_digest_is_of_names_and_bytes(
    settings: Settings, write: Writer, tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    (folder / ".git").mkdir(parents=True)
    write(OLD, "folder/a.jsonl")
    write([CODE, Provision(work=CODE.id, number="9", text="Nine.", status=Status.IN_FORCE)], "folder/b.jsonl")
    source = add_source(settings, folder)
    assert (source.name, source.provisions) == ("folder", 4)
    (folder / ".git" / "HEAD").write_text("changed")
    assert add_source(settings, folder) == source
    (folder / "b.jsonl").rename(folder / "c.jsonl")
    assert add_source(settings, folder) != source


def test_a_file_that_is_wrong_leaves_no_half_of_it_behind(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "wrong.jsonl"
    good = '{"type": "work", "id": "xx/a", "jurisdiction": "xx", "title": "A"}'
    path.write_text(f"{good}\n" + '{"type": "provision", "work": "xx/none", "number": "1", "text": "One."}\n')
    with pytest.raises(InputError, match=r"wrong\.jsonl, line 2"):
        add_source(settings, path)
    assert not list((settings.data / "incoming").iterdir())


def test_a_text_that_two_sources_have_is_one_version(settings: Settings, tmp_path: Path) -> None:
    work = '{"type": "work", "id": "xx/a", "jurisdiction": "xx", "title": "A"}\n'
    row = '{"type": "provision", "work": "xx/a", "number": "1", "text": "One.", "valid_from": "2001-01-01"}\n'
    for name in ("one", "two"):
        (tmp_path / f"{name}.jsonl").write_text(f"{work}{row}" + "\n" * len(name) * (name == "two"))
        add_source(settings, tmp_path / f"{name}.jsonl")
    counts = open_corpus(settings).counts()
    assert (len(open_corpus(settings).sources()), counts["provisions"], counts["versions"]) == (2, 1, 1)
