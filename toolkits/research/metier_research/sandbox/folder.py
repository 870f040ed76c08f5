"""The folder that a program works in where it has no file system of its own: made, measured and removed."""

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from metier.home import storage_error

MOST_ENTRIES: Final = 1024
MOST_DEPTH: Final = 64
_MIB: Final = 1024 * 1024
_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


@contextmanager
def work_folder() -> Iterator[Path]:
    """Gives a new empty folder that only this user may enter; it is removed at the end. Raises StorageError."""
    place = Path(tempfile.gettempdir())
    try:
        folder = Path(tempfile.mkdtemp(prefix=f"metier-python-{os.getpid()}-", dir=place)).resolve()
    except OSError as error:
        raise storage_error(place, error) from error
    try:
        yield folder
    finally:
        try:
            remove_folder(folder)
        except OSError as error:
            raise storage_error(folder, error) from error


def is_too_full(folder: Path, disk_mb: int) -> bool:
    """Returns whether the folder holds more than that many MiB, more than 1024 entries, or folders 64 deep."""
    size = 0
    try:
        for count, (entry, depth) in enumerate(_entries_of(folder), 1):
            size += _size_of(entry)
            if size > disk_mb * _MIB or count > MOST_ENTRIES or depth > MOST_DEPTH:
                return True
    except OSError:  # a path too long to ask for
        return True
    return False


def _entries_of(folder: Path) -> Iterator[tuple[os.DirEntry[str], int]]:
    """Yields what is below the folder, and how deep. What is removed meanwhile, or closed to its owner, is left out."""
    pending = [(str(folder), 1)]
    while pending:
        place, depth = pending.pop()
        try:
            found = os.scandir(place)
        except (FileNotFoundError, PermissionError):
            continue
        with found:
            for entry in found:
                yield entry, depth
                if entry.is_dir(follow_symlinks=False):
                    pending.append((entry.path, depth + 1))


def remove_folder(folder: Path) -> None:
    """Removes the folder and all in it; follows no link. Raises OSError.

    Folders within are lifted to the top before they are removed: however deep a program nested them, no path is long
    and nothing recurses.
    """
    _unlock(str(folder), None)
    top = os.open(folder, _FOLDER)
    try:
        lifted = 0
        while entries := os.listdir(top):
            for name in entries:
                lifted = _remove_entry(top, name, lifted)
    finally:
        os.close(top)
    folder.rmdir()


def _remove_entry(top: int, name: str, lifted: int) -> int:
    if not _unlock(name, top):
        os.unlink(name, dir_fd=top)
        return lifted
    inner = os.open(name, _FOLDER, dir_fd=top)
    try:
        for child in os.listdir(inner):
            _unlock(child, inner)  # only a folder that may be written can be moved
            lifted += 1
            os.rename(child, f".lifted-{lifted}-{os.urandom(4).hex()}", src_dir_fd=inner, dst_dir_fd=top)
    finally:
        os.close(inner)
    os.rmdir(name, dir_fd=top)
    return lifted


def _unlock(name: str, parent: int | None) -> bool:
    """Gives its owner all rights to a folder, and returns whether it is one: the rights of a link are its target's."""
    is_folder = stat.S_ISDIR(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode)
    if is_folder:
        os.chmod(name, 0o700, dir_fd=parent)
    return is_folder


def _size_of(entry: os.DirEntry[str]) -> int:
    try:
        return entry.stat(follow_symlinks=False).st_blocks * 512
    except FileNotFoundError:
        return 0
