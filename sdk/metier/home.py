"""Where metier keeps what it writes: runs, and one folder of data per toolkit."""

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from platformdirs import user_data_path

from metier.errors import InputError, StorageError

_TAKEN = frozenset(("runs", "gateway", "servers", "demo"))
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def home_folder() -> Path:
    """Returns the folder named by METIER_HOME, or the user's data folder; raises InputError for `~nobody`."""
    named = os.environ.get("METIER_HOME", "").strip()
    try:
        return Path(named).expanduser() if named else user_data_path("metier", appauthor=False)
    except RuntimeError as error:
        raise InputError(f"METIER_HOME={named!r} is no folder: {error}", hint="Name a folder by its path.") from error


def runs_folder(home: Path) -> Path:
    """Returns the folder that holds one folder per run. Does not make it."""
    return home / "runs"


def run_folder(home: Path, run: str) -> Path:
    """Returns the folder of `run`; raises InputError for a name that could lead elsewhere."""
    return runs_folder(home) / _checked(run, "run")


def gateway_folder(home: Path) -> Path:
    """Returns the folder of what is kept of tools' answers. Does not make it."""
    return home / "gateway"


def toolkit_folder(home: Path, toolkit: str) -> Path:
    """Returns the data folder of `toolkit`; raises InputError for a name that could lead elsewhere."""
    if toolkit in _TAKEN:
        raise InputError(f"No toolkit may be called {toolkit!r}.", hint="metier's own files are there; rename it.")
    return home / _checked(toolkit, "toolkit")


def make_folder(folder: Path) -> Path:
    """Returns `folder` after making it and its parents; raises StorageError when that cannot be done."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise storage_error(folder, error) from error
    return folder


def storage_error(place: Path, error: OSError) -> StorageError:
    """Returns the StorageError that says which folder or file failed, why, and what to do."""
    reason = error.strerror or str(error)
    return StorageError(
        f"Cannot write to {place}: {reason}.",
        hint="Free some space or fix its permissions, or set METIER_HOME to another folder.",
    )


@contextmanager
def open_atomically(path: Path, *, mode: int = 0o666) -> Iterator[BinaryIO]:
    """Gives a file that becomes `path` when the block ends, and nothing when it raises; raises StorageError.

    Readers see the old file or the whole new one. `mode` are the permissions of the new file, less what the process's
    mask forbids.
    """
    half = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.part")
    try:
        half.unlink(missing_ok=True)
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
    except OSError as error:
        raise storage_error(path.parent, error) from error
    finally:
        half.unlink(missing_ok=True)


def write_atomically(path: Path, data: bytes, *, mode: int = 0o666) -> None:
    """Writes `data` to `path` so that readers see the old file or the whole new one; raises StorageError.

    `mode` are the permissions of the new file, less what the process's mask forbids.
    """
    with open_atomically(path, mode=mode) as file:
        file.write(data)


def _checked(name: str, what: str) -> str:
    if not _NAME.fullmatch(name):
        raise InputError(f"{name!r} is no name of a {what}.", hint="Names are letters, digits, '.', '_' and '-'.")
    return name
