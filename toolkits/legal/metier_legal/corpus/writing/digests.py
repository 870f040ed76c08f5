"""The digest of what is imported."""

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from metier.errors import MissingError, StorageError

_PIECE: Final = 1 << 20


def digest_path(path: Path, tell: Callable[[int], None]) -> str:
    """Returns the SHA-256 of a file, or of the names and bytes of a folder's files; `tell` gets the bytes read so far.

    What reading leaves out (names that begin with ".", links) counts for nothing. Raises MissingError when there is
    no such path and StorageError when it cannot be read.
    """
    if not path.exists():
        raise MissingError(f"There is no {path}.", hint="Check the path.")
    digest = hashlib.sha256()
    done = 0
    try:
        for file in [path] if path.is_file() else _files(path):
            if file is not path:
                digest.update(f"\0{file.relative_to(path).as_posix()}\0{file.stat().st_size}\0".encode())
            with file.open("rb") as stream:
                while piece := stream.read(_PIECE):
                    digest.update(piece)
                    done += len(piece)
                    tell(done)
    except OSError as error:
        raise StorageError(f"{path} cannot be read: {error.strerror}.", hint="Check its permissions.") from error
    return digest.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    for name, folders, files in os.walk(folder):
        folders[:] = sorted(inner for inner in folders if not inner.startswith("."))
        for file in sorted(files):
            inside = Path(name, file)
            if not file.startswith(".") and not inside.is_symlink() and inside.is_file():
                yield inside
