"""A dump, file by file and entry by entry, in the form that each file is found to have."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from metier.errors import InputError, MissingError
from metier_research.wiki.dumps.jsonl import read_lines
from metier_research.wiki.dumps.mediawiki import read_export
from metier_research.wiki.dumps.streams import Stream, open_file, unpack
from metier_research.wiki.dumps.zim.archive import MAGIC, Archive
from metier_research.wiki.dumps.zim.pages import read_zim
from metier_research.wiki.entries import Entry, Skipped

_KNOWN: Final = "a MediaWiki export (.xml, .xml.bz2, .xml.gz), a ZIM file, JSON lines, or a folder of them"
_ROOT: Final = re.compile(rb"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*<([A-Za-z_][\w:.-]*|!DOCTYPE)", re.DOTALL)
_MARK: Final = b"\xef\xbb\xbf"


class Dump:
    """The entries of a file, or of the files of a folder in the order of their names, for the wiki `name`.

    It may be iterated once. Files of a folder that are of no known form are skipped. Raises MissingError when there is
    none, InputError for what is broken, hostile or of no known form, StorageError for what cannot be read.
    """

    def __init__(self, source: Path, name: str) -> None:
        if not source.exists():
            raise MissingError(f"There is no {source}.", hint="Check the path.")
        self._files = tuple(_files_of(source)) if source.is_dir() else (source,)
        self._name = name
        self._alone = not source.is_dir()
        self._sizes = [file.stat().st_size for file in self._files]
        self._before = 0
        self._tell: Callable[[], int] = int
        self._share = 0.0
        if not sum(self._sizes):
            raise InputError(f"{source} is empty.", hint=f"Give {_KNOWN}.")

    def __iter__(self) -> Iterator[Entry]:
        for file, size in zip(self._files, self._sizes, strict=True):
            if size:
                with open_file(file) as raw:
                    self._tell = raw.tell
                    yield from _read(file.name, raw, self._name, alone=self._alone)
                    self._tell = int
            self._before += size

    def share(self) -> float:
        """Returns the share of the bytes that were read, which never falls."""
        self._share = max(self._share, min(1.0, (self._before + self._tell()) / sum(self._sizes)))
        return self._share


def _files_of(folder: Path) -> Iterator[Path]:
    """Returns the files below a folder; links are not followed, and hidden ones are left out."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.is_symlink():
            continue
        if path.is_dir():
            yield from _files_of(path)
        elif path.is_file():
            yield path


def _read(file: str, raw: BinaryIO, name: str, *, alone: bool) -> Iterator[Entry]:
    if raw.read(len(MAGIC)) == MAGIC:
        yield from read_zim(Archive(file, raw), name)
        return
    raw.seek(0)
    with unpack(file, raw) as stream:
        read = _form_of(stream)
        if read is not None:
            yield from read(stream, name)
        elif alone:
            raise InputError(f"{file} is of no form that is known.", hint=f"Give {_KNOWN}.")
        else:
            yield Skipped(file, "it is of no form that is known")


def _form_of(stream: Stream) -> Callable[[Stream, str], Iterator[Entry]] | None:
    head = stream.head.removeprefix(_MARK)
    root = _ROOT.match(head)
    if root is not None and root[1].rpartition(b":")[2] == b"mediawiki":
        return read_export
    if root is not None and root[1] == b"!DOCTYPE":
        raise InputError(
            f"{stream.name} begins with a document type, which no export of MediaWiki does; it was not read.",
            hint="Such declarations can be made to swell without end. Take it out if you trust the file.",
        )
    if head.lstrip()[:1] == b"{":
        return read_lines
    return None
