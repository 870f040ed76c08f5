import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier.errors import InputError, ServerError, StorageError
from metier_research.pages.page import Page
from metier_research.wiki.entries import Counts, Entry, Redirect, Skipped
from metier_research.wiki.importing import import_pages, locked, wiki_url
from metier_research.wiki.store import Wiki

Make = Callable[..., Wiki]
MakePage = Callable[..., Page]

# it stops in the middle until its input ends, so that it outlives no test
HALF = """
import sys
from pathlib import Path
from metier_research.pages.page import Page
from metier_research.wiki.importing import import_pages, wiki_url

def pages():
    for number in range(3_000):
        yield Page(wiki_url("elm", f"New {number}"), f"New {number}", "new words")
    print("under way", flush=True)
    sys.stdin.read()

import_pages(pages(), Path(sys.argv[1]), name="elm", licence="", synthetic=True)
"""


def _import(entries: Iterator[Entry] | list[Entry], path: Path) -> Counts:
    return import_pages(entries, path, name="elm", licence="", synthetic=True)


@pytest.fixture
def path(data: Path) -> Path:
    return data / "wikis" / "elm.sqlite"


def _left_over(path: Path) -> list[str]:
    return sorted(file.name for file in path.parent.iterdir() if not file.name.endswith(".lock"))


def test_everything_is_counted(path: Path, page: MakePage) -> None:
    counts = _import(
        [
            page("Ada"),
            page("Ada", "Another text."),
            page("Empty", " \n "),
            page("x" * 301),
            page("\u200b"),
            Redirect("Ada B.", "Ada"),
            Redirect("Ada B.", "Ada"),
            Redirect("Ada", "Nobody"),
            Redirect("Lost", "Nobody"),
            Redirect("Round", "About"),
            Redirect("About", "Round"),
            Redirect("Self", "Self"),
            Redirect("", "Ada"),
            Skipped("line 3", "it has no title"),
        ],
        path,
    )
    assert (counts.pages, counts.redirects, counts.duplicates, counts.broken, counts.skipped) == (1, 1, 3, 4, 5)
    assert counts.reasons[0] == "Empty: it has no text"
    assert counts.reasons[-1] == "line 3: it has no title"


def test_of_several_pages_of_a_title_the_newest_stays_whatever_the_order(path: Path, page: MakePage) -> None:
    versions = [
        page("Ada", "The oldest and the longest of them all.", modified="2001-01-01T00:00:00Z"),
        page("Ada", "New.", modified="2011-01-01T00:00:00Z"),
        page("Ada", "New, longer.", modified="2011-01-01T00:00:00Z"),
        page("Ada", "New, langer.", modified="2011-01-01T00:00:00Z"),
    ]
    kept = set()
    for order in permutations(versions):
        _import(list(order), path)
        read = Wiki.open(path).read("wiki://elm/Ada")
        assert read is not None
        kept.add(read.text)
    assert kept in ({"New, longer."}, {"New, langer."})


def test_a_long_chain_of_redirects_is_broken_and_a_short_one_is_not(path: Path, page: MakePage) -> None:
    chain = [Redirect(f"R{number}", f"R{number - 1}") for number in range(1, 20)]
    counts = _import([page("R0"), *chain], path)
    assert (counts.redirects, counts.broken) == (8, 11)


def test_progress_grows_to_the_whole(path: Path, page: MakePage) -> None:
    told: list[tuple[str, float]] = []
    import_pages(
        (page(f"P{number}") for number in range(1_200)),
        path,
        name="elm",
        licence="",
        synthetic=True,
        progress=lambda step, share: told.append((step, share)),
    )
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert (shares[-1], told[-1][0]) == (1.0, "1,200 pages are ready")
    assert len(told) > 10


def test_interrupted_anywhere_the_old_wiki_stays_whole(path: Path, page: MakePage) -> None:
    _import([page("Old")], path)
    before = path.read_bytes()

    def broken(error: BaseException) -> Iterator[Entry]:
        yield from (page(f"New {number}") for number in range(700))
        raise error

    for error in (KeyboardInterrupt(), InputError("cut off"), ServerError("gone"), GeneratorExit()):
        with pytest.raises(type(error)):
            _import(broken(error), path)
        assert path.read_bytes() == before
        assert _left_over(path) == ["elm.sqlite"]


def test_an_import_of_nothing_leaves_nothing(path: Path) -> None:
    with pytest.raises(InputError, match="no page") as caught:
        _import([Skipped("line 1", "it has no title"), Redirect("A", "B")], path)
    assert caught.value.hint == "line 1: it has no title"
    assert _left_over(path) == []


def test_killed_the_old_wiki_stays_and_the_next_import_clears_up(path: Path, page: MakePage) -> None:
    _import([page("Old")], path)
    command = [sys.executable, "-c", HALF, os.fspath(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        try:
            assert child.stdout.readline() == b"under way\n"
            with pytest.raises(StorageError, match="Another import"):
                _import([page("Third")], path)
        finally:
            child.send_signal(signal.SIGKILL)
    assert Wiki.open(path).titles("", 9) == ("Old",)
    assert _left_over(path) == [".elm.sqlite.part", "elm.sqlite"]
    _import([page("Newest")], path)
    assert Wiki.open(path).titles("", 9) == ("Newest",)
    assert _left_over(path) == ["elm.sqlite"]


def test_one_import_of_a_wiki_at_a_time_and_others_beside_it(path: Path, page: MakePage) -> None:
    path.parent.mkdir(parents=True)
    with locked(path):
        with pytest.raises(StorageError, match="Another import"):
            _import([page("Ada")], path)
        other = path.with_name("oak.sqlite")
        import_pages([page("Ada")], other, name="oak", licence="", synthetic=True)
    assert _left_over(path) == ["oak.sqlite"]


def test_a_wiki_that_is_open_reads_on_while_it_is_replaced(path: Path, page: MakePage) -> None:
    _import([page("Old")], path)
    wiki = Wiki.open(path)
    _import([page("New")], path)
    assert wiki.titles("", 9) == ("Old",)
    assert Wiki.open(path).titles("", 9) == ("New",)


@pytest.mark.parametrize("name", ["../elm", "Elm", ""])
def test_a_file_has_the_name_of_its_wiki(data: Path, page: MakePage, name: str) -> None:
    with pytest.raises(InputError):
        import_pages([page("Ada")], data / "elm.sqlite", name=name, licence="", synthetic=True)
    with pytest.raises(InputError):
        import_pages([page("Ada")], data / "oak.sqlite", name="elm", licence="", synthetic=True)


def test_a_folder_that_cannot_be_made_is_a_storage_error(tmp_path: Path, page: MakePage) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError):
        _import([page("Ada")], tmp_path / "file" / "elm.sqlite")


_TEXTS = st.text(max_size=30)
_ENTRIES = st.lists(
    st.one_of(
        st.builds(lambda title, text: Page(wiki_url("elm", title), title, text), _TEXTS, _TEXTS),
        st.builds(Redirect, _TEXTS, _TEXTS),
        st.builds(Skipped, _TEXTS, _TEXTS),
    ),
    max_size=12,
)


@settings(max_examples=25, deadline=None)
@given(_ENTRIES)
def test_whatever_is_imported_adds_up_and_can_be_read(
    tmp_path_factory: pytest.TempPathFactory, entries: list[Entry]
) -> None:
    path = tmp_path_factory.mktemp("any") / "elm.sqlite"
    good = Page(wiki_url("elm", "A good page"), "A good page", "It has a text.")
    counts = _import([*entries, good], path)
    given_in = len(entries) + 1
    assert counts.pages + counts.redirects + counts.duplicates + counts.broken + counts.skipped == given_in
    wiki = Wiki.open(path)
    assert wiki.pages == counts.pages == len(wiki.titles("", 100)) + len(_untitled(wiki))
    assert wiki.search("good page")[0].url == good.url


def _untitled(wiki: Wiki) -> list[str]:
    """Pages whose titles are signs only have no words to begin with: they are read by their address."""
    with wiki._connections.borrowed() as connection:
        rows = connection.execute(
            "select key from pages join places using (num) where place not in (select place from names where own)"
        ).fetchall()
    assert all(wiki.read(wiki_url("elm", key)) is not None for (key,) in rows)
    return [key for (key,) in rows]
