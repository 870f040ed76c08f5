"""The documents of a path: the file itself, the files of a folder, the members of an archive."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from metier.errors import InputError, MissingError, StorageError
from metier_legal.intake.batch import Fault
from metier_legal.intake.files.archives import is_zip, walk_tar, walk_zip
from metier_legal.intake.files.document import Document, Stream
from metier_legal.intake.files.head import HEAD_BYTES
from metier_legal.intake.files.meter import Meter
from metier_legal.intake.files.streams import PACKED_SUFFIXES, Packed, is_packed, plain_name, read_up_to, unpack

_TAR_AT: Final = 257


def walk(path: Path, meter: Meter) -> Iterator[Document | Fault]:
    """Returns the documents of a path in the order of their names, and a Fault for each file that cannot be read.

    Links are not followed; names that begin with "." are left out. Raises MissingError when the path is not there,
    StorageError when it cannot be read, InputError for an empty source and for an archive that is not sound.
    """
    if not path.exists():
        raise MissingError(f"There is no {path}.", hint="Check the path.")
    if path.is_dir():
        return _walk_folder(path, meter)
    return _walk_single(path, meter)


def measure(path: Path) -> int:
    """Returns the bytes of all the files that `walk` would read; raises as `walk` does."""
    if not path.exists():
        raise MissingError(f"There is no {path}.", hint="Check the path.")
    if not path.is_dir():
        return path.stat().st_size
    return sum(found.path.stat().st_size for found in _list_files(path) if not found.fault)


def _walk_single(path: Path, meter: Meter) -> Iterator[Document | Fault]:
    if not path.is_file():
        raise InputError(f"{path} is neither a file nor a folder.", hint="Name a file, a folder or an archive.")
    if path.stat().st_size == 0:
        raise InputError(f"{path} is empty.", hint="Fetch the file again.")
    yield from _walk_file(path, path.name, meter)


def _walk_folder(folder: Path, meter: Meter) -> Iterator[Document | Fault]:
    for found in _list_files(folder):
        name = found.path.relative_to(folder).as_posix()
        if found.fault:
            yield Fault(name, found.fault)
        elif found.path.stat().st_size == 0:
            yield Fault(name, "The file is empty; it was left out.")
        else:
            yield from _walk_file(found.path, name, meter)


@dataclass(frozen=True, slots=True)
class _Found:
    path: Path
    fault: str = ""


def _list_files(folder: Path) -> Iterator[_Found]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        raise StorageError(f"{folder} cannot be read: {error.strerror}.", hint="Check its permissions.") from error
    for entry in entries:
        path = Path(entry.path)
        if entry.name.startswith(".") or entry.name == "__MACOSX":
            continue
        if entry.is_symlink():
            yield _Found(path, "Links are not followed; it was left out.")
        elif entry.is_dir():
            yield from _list_files(path)
        elif entry.is_file():
            yield _Found(path)


def _walk_file(path: Path, name: str, meter: Meter) -> Iterator[Document | Fault]:
    with _open_file(path) as file:
        head = file.read(HEAD_BYTES)
    if is_packed(head):
        yield from _walk_packed(path, name, meter)
    elif _is_tar(head):
        with _open_file(path) as file:
            meter.enter(file.tell)
            yield from walk_tar(name, file, Packed(known=path.stat().st_size))
    elif is_zip(head):
        yield from walk_zip(path, name, meter)
    else:
        yield plain_document(path, name, meter)
    meter.leave(path.stat().st_size)


def _walk_packed(path: Path, name: str, meter: Meter) -> Iterator[Document | Fault]:
    with _open_file(path) as file, unpack(name, file) as stream:
        head = read_up_to(stream, HEAD_BYTES)
    if _is_tar(head):
        with _open_file(path) as file, unpack(name, file) as stream:
            meter.enter(file.tell)
            yield from walk_tar(name, stream, Packed(known=path.stat().st_size))
        return
    if not head:
        raise InputError(f"{name} is empty.", hint="Fetch the file again.")
    yield Document(
        plain_name(name),
        head,
        lambda: _open_packed(path, name, meter),
        _siblings(path, name),
        beside=lambda: _names_beside(path),
    )


def plain_document(path: Path, name: str, meter: Meter) -> Document:
    """Returns the document of a file that is read as it is."""
    with _open_file(path) as file:
        head = file.read(HEAD_BYTES)
    return Document(
        name, head, lambda: _open_plain(path, meter), _siblings(path, name), path, beside=lambda: _names_beside(path)
    )


def _names_beside(path: Path) -> tuple[str, ...]:
    return tuple(sorted(map(plain_name, os.listdir(path.parent))))


def _siblings(path: Path, name: str) -> Callable[[str], Document | None]:
    folder = name.rpartition("/")[0]

    def find(wanted: str) -> Document | None:
        for file in (wanted, *(f"{wanted}{end}" for end in PACKED_SUFFIXES)):
            beside = path.parent / file
            if "/" not in wanted and beside.is_file() and not beside.is_symlink():
                label = f"{folder}/{file}" if folder else file
                return next(
                    (found for found in _walk_file(beside, label, Meter()) if isinstance(found, Document)), None
                )
        return None

    return find


def _is_tar(head: bytes) -> bool:
    return head[_TAR_AT : _TAR_AT + 5] == b"ustar"


@contextmanager
def _open_plain(path: Path, meter: Meter) -> Iterator[Stream]:
    with _open_file(path) as file:
        meter.enter(file.tell)
        yield file
        end = file.tell()
    meter.enter(lambda: end)


@contextmanager
def _open_packed(path: Path, name: str, meter: Meter) -> Iterator[Stream]:
    with _open_file(path) as file, unpack(name, file) as stream:
        meter.enter(file.tell)
        yield stream
        end = file.tell()
    meter.enter(lambda: end)


@contextmanager
def _open_file(path: Path) -> Iterator[BinaryIO]:
    try:
        with path.open("rb") as file:
            yield file
    except OSError as error:
        if isinstance(error, StorageError):
            raise
        raise StorageError(
            f"{path} cannot be read: {error.strerror}.", hint="Check the disk and permissions."
        ) from error
