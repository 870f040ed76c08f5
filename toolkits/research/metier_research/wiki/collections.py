"""The wikis on this machine: what is there, adding one from a dump, taking one away."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from metier.errors import CallerError, MissingError
from metier.home import storage_error
from metier.late import late
from metier_research.wiki.entries import Counts, Progress
from metier_research.wiki.folder import wiki_path, wiki_paths
from metier_research.wiki.importing import READ, import_pages, locked
from metier_research.wiki.schema import SUFFIX
from metier_research.wiki.store import Wiki

if TYPE_CHECKING:
    from metier_research.wiki.dumps.reading import Dump

_open_dump: "Callable[[Path, str], Dump]" = late("metier_research.wiki.dumps.reading", "Dump")


@dataclass(frozen=True, slots=True)
class Installed:
    """A wiki on this machine: its file of `size` bytes, and the facts of it; `fault` says why it cannot be read."""

    name: str
    path: Path
    size: int
    pages: int = 0
    licence: str = ""
    synthetic: bool = False
    fault: str = ""


def list_wikis(data: Path) -> tuple[Installed, ...]:
    """Returns the wikis below a data folder, by their names, those that are damaged as well."""
    return tuple(map(_look_at, wiki_paths(data)))


def remove_wiki(data: Path, name: str) -> Installed:
    """Returns the wiki that was taken away; raises MissingError when there is none, StorageError when it must stay."""
    path = wiki_path(data, name)
    if not path.is_file():
        raise MissingError(f"There is no wiki {name!r}.", hint="`metier research list` shows what there is.")
    with locked(path):
        gone = _look_at(path)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise storage_error(path, error) from error
    return gone


def add_dump(source: Path, data: Path, *, name: str, licence: str, progress: Progress | None = None) -> Counts:
    """Returns what importing a dump came to: a MediaWiki export, a ZIM file, JSON lines, or a folder of them.

    The form is told from what is in it. A wiki of that name is replaced when the new one is whole, and stays as it was
    when anything goes wrong. Raises InputError for a dump that is broken, hostile or of no known form, MissingError for
    no dump, StorageError where something cannot be read or written.
    """
    path = wiki_path(data, name)
    dump = _open_dump(source, name)

    def tell(step: str, share: float) -> None:
        if progress is not None:
            progress(step, READ * dump.share() if share < READ else share)

    return import_pages(dump, path, name=name, licence=licence, synthetic=False, progress=tell)


def _look_at(path: Path) -> Installed:
    name, size = path.name.removesuffix(SUFFIX), path.stat().st_size
    try:
        wiki = Wiki.open(path)
    except CallerError as error:
        return Installed(name, path, size, fault=error.message)
    return Installed(name, path, size, wiki.pages, wiki.licence, wiki.synthetic)
