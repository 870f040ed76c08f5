"""Opens a file below the folders that the user named, and no other: no link is followed, nothing but files is read."""

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import unquote

from metier.errors import InputError, MissingError, StorageError

MOST_BYTES: Final = 50 * 1024 * 1024
SCHEME: Final = "file:"
_LISTED: Final = 20
_LONGEST: Final = 1_000
_WALKED: Final = 2_000
_DIRECTORY: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC  # a pipe must not hold us up


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that was read: its name below its folder, its bytes, and what was named within it (of an archive)."""

    name: str
    data: bytes
    inner: str = ""


def open_file(path_text: str, folders: Sequence[Path]) -> Opened:
    """Returns the file of that name below the first of the folders that has it.

    `path_text` is a path below a folder, or the address `file:NAME` of a page. Raises InputError for a path that is
    absolute, leads up or is hidden, and for what is no plain file or too big; MissingError when no folder has it, with
    what there is; StorageError when it cannot be read. No message names a path outside the folders.
    """
    if not folders:
        raise MissingError("No folder is named to read files from.", hint="Name one: --set files=FOLDER.")
    parts = _parts_of(path_text, folders)
    for folder in folders:
        with _opened_folder(folder) as top:
            found = None if top is None else _find(top, parts)
        if found is not None:
            return found
    raise MissingError(f"There is no file {path_text!r} in the folders that may be read.", hint=_what_there_is(folders))


def names_below(folders: Iterable[Path], limit: int) -> tuple[str, ...]:
    """Returns the names of files below the folders, in order, at most `limit`; links and hidden ones are left out."""
    names: dict[str, None] = {}
    for folder in folders:
        for name in _walk(folder):
            names[name] = None
    return tuple(sorted(names))[:limit]


def _parts_of(path_text: str, folders: Sequence[Path]) -> tuple[str, ...]:
    text = unquote(path_text[len(SCHEME) :]) if path_text.startswith(SCHEME) else path_text
    if not _is_name(text):
        raise InputError("That is no name of a file.", hint=_what_there_is(folders))
    path = PurePosixPath(text)
    if path.is_absolute() or "\\" in text or text[1:2] == ":":
        raise InputError(f"{path_text!r} is not a path below a folder that may be read.", hint=_what_there_is(folders))
    if any(part.startswith((".", "~")) for part in path.parts):
        raise InputError(f"{path_text!r} leads up or is hidden; it is not read.", hint=_what_there_is(folders))
    return path.parts


def _is_name(text: str) -> bool:
    """Returns whether a text can name a file: it is not empty or endless, and can be written as UTF-8."""
    try:
        return bool(text.strip()) and "\x00" not in text and len(text.encode()) <= _LONGEST
    except UnicodeEncodeError:
        return False


@contextmanager
def _opened_folder(folder: Path) -> Iterator[int | None]:
    """Gives the folder's descriptor; None when the folder is not there. The user's own link to it is followed."""
    try:
        top = os.open(folder, _DIRECTORY & ~os.O_NOFOLLOW)
    except OSError:
        yield None
        return
    try:
        yield top
    finally:
        os.close(top)


def _find(top: int, parts: Sequence[str]) -> Opened | None:
    """Returns the file that the parts lead to, or that they lead into; None when there is none."""
    here = os.dup(top)
    try:
        for index, part in enumerate(parts):
            try:
                kind = os.stat(part, dir_fd=here, follow_symlinks=False).st_mode
            except OSError:
                return None
            if not stat.S_ISDIR(kind):
                return _read(here, part, kind, parts[: index + 1], "/".join(parts[index + 1 :]))
            below = os.open(part, _DIRECTORY, dir_fd=here)
            os.close(here)
            here = below
    except OSError as error:
        raise StorageError(f"{'/'.join(parts)!r} cannot be read: {error.strerror}.") from error
    finally:
        os.close(here)
    raise InputError(f"{'/'.join(parts)!r} is a folder.", hint="Name a file in it.")


def _read(folder: int, part: str, kind: int, parts: Sequence[str], inner: str) -> Opened:
    name = "/".join(parts)
    if not stat.S_ISREG(kind):
        raise InputError(f"{name!r} is a link or a device, not a file.", hint="Name the file itself.")
    with os.fdopen(os.open(part, _FILE, dir_fd=folder), "rb") as file:
        now = os.fstat(file.fileno())
        if not stat.S_ISREG(now.st_mode):
            raise InputError(f"{name!r} is a link or a device, not a file.", hint="Name the file itself.")
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise InputError(f"{name!r} has more than {MOST_BYTES >> 20} MB.", hint="Cut it into parts.")
    return Opened(name, data, inner)


def _walk(folder: Path) -> Iterator[str]:
    seen = 0
    for place, below, files in os.walk(folder, followlinks=False):
        below[:] = sorted(name for name in below if not name.startswith("."))
        for name in sorted(files):
            seen += 1
            if seen > _WALKED:
                return
            path = Path(place, name)
            shown = path.relative_to(folder).as_posix()
            if not name.startswith(".") and path.is_file() and not path.is_symlink() and _is_name(shown):
                yield shown


def _what_there_is(folders: Sequence[Path]) -> str:
    names = names_below(folders, _LISTED + 1)
    if not names:
        return "The folders hold no file that can be read."
    more = ", and more" if len(names) > _LISTED else ""
    return f"There is: {', '.join(names[:_LISTED])}{more}."
