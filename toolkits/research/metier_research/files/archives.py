"""ZIP archives: which members there are, and their bytes, within bounds for the whole. Nothing is unpacked to disk."""

import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import Final

from metier.errors import InputError
from metier_research.files.opening import MOST_BYTES
from metier_research.files.package import check_sizes

MOST_DEPTH: Final = 2
MOST_PAGES: Final = 1_000
MOST_TOTAL: Final = 200 * 1024 * 1024
_HINT: Final = "Unpack it yourself and look at it first."
_DAMAGE: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)


@dataclass(slots=True)
class Meter:
    """What has been unpacked so far, over archives within archives."""

    unpacked: int = 0
    members: int = 0

    def count(self, size: int, name: str) -> None:
        """Adds a member; raises InputError when it is too much in all."""
        self.unpacked += size
        self.members += 1
        if self.unpacked > MOST_TOTAL or self.members > MOST_PAGES:
            raise InputError(f"{name} unpacks to more than can be read.", hint="Read its parts one by one.")


def members_of(data: bytes, name: str, meter: Meter) -> Iterator[tuple[str, bytes]]:
    """Yields the members of an archive with their bytes, in the order of their names.

    Hidden ones and empty ones are left out. Raises InputError for a damaged archive, one that unpacks to far more than
    its size allows, and naming the member for one that is encrypted, is a link, leads outside or stands there twice.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            check_sizes(members, len(data), name)
            _check_names(members, name)
            for member in sorted(members, key=lambda one: one.filename):
                if _is_hidden(member.filename) or not member.file_size:
                    continue
                meter.count(member.file_size, name)
                yield member.filename, archive.read(member)
    except InputError:
        raise
    except _DAMAGE as error:
        raise InputError(f"{name} is a damaged archive or one of an unknown kind.", hint="Pack it anew.") from error


def _check_names(members: list[zipfile.ZipInfo], name: str) -> None:
    seen: set[str] = set()
    for member in members:
        path = member.filename.replace("\\", "/")
        if path.startswith("/") or path[1:2] == ":" or ".." in PurePosixPath(path).parts or "\x00" in path:
            raise InputError(f"{name}: the member {path!r} leads outside; the archive was not read.", hint=_HINT)
        if stat.S_ISLNK(member.external_attr >> 16):
            raise InputError(f"{name}: the member {path!r} is a link; the archive was not read.", hint=_HINT)
        if path in seen:
            raise InputError(f"{name}: the member {path!r} stands there twice; it was not read.", hint=_HINT)
        if member.file_size > MOST_BYTES:
            raise InputError(f"{name}: the member {path!r} has more than {MOST_BYTES >> 20} MB.", hint=_HINT)
        seen.add(path)


def _is_hidden(path: str) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in PurePosixPath(path).parts)
