"""Members of archives as documents, read where they lie; what would lead outside is refused."""

import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Final

from metier.errors import InputError
from metier_legal.intake.files.document import Document, Stream
from metier_legal.intake.files.head import HEAD_BYTES
from metier_legal.intake.files.meter import Meter
from metier_legal.intake.files.streams import Guarded, Packed, read_up_to

MOST_MEMBERS: Final = 300_000

_WORD_PART: Final = "word/document.xml"
_HINT: Final = "Unpack it yourself and look at it before you add it."
_FETCH: Final = "Fetch the file again."


def is_zip(head: bytes) -> bool:
    """Returns whether a file that begins so is a zip (a DOCX is one too)."""
    return head[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def walk_zip(path: Path, name: str, meter: Meter) -> Iterator[Document]:
    """Returns the members of a zip in the order of their names, or a DOCX as the one document it is.

    Raises InputError for a damaged zip, and naming the member for one that leads outside, is a link, is encrypted,
    stands there twice or grows out of proportion.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            yield from _walk_members(archive, path, name, meter)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError) as error:
        raise InputError(f"{name} is a damaged zip or one of an unknown kind.", hint=_FETCH) from error


def _walk_members(archive: zipfile.ZipFile, path: Path, name: str, meter: Meter) -> Iterator[Document]:
    members = {info.filename: info for info in archive.infolist() if not info.is_dir()}
    if _WORD_PART in members:
        yield _word_document(path, name)
        return
    _check_names(name, [info.filename for info in archive.infolist() if not info.is_dir()])
    _check_number(name, len(members))
    for info in members.values():
        _check_info(name, info)
    packed = 0
    for member in sorted(members):
        if _is_hidden(member) or not members[member].file_size:
            continue
        packed += members[member].compress_size
        meter.enter(partial(int, packed))
        yield _zip_document(archive, name, member, members)


def _word_document(path: Path, name: str) -> Document:
    @contextmanager
    def open_file() -> Iterator[Stream]:
        with path.open("rb") as file:
            yield file

    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    return Document(name, b"PK\x03\x04docx" + head[:64], open_file, lambda _: None, path)


def _zip_document(archive: zipfile.ZipFile, name: str, member: str, members: dict[str, zipfile.ZipInfo]) -> Document:
    label = f"{name}/{member}"
    info = members[member]

    @contextmanager
    def open_member() -> Iterator[Stream]:
        with archive.open(info) as stream:
            yield Guarded(label, stream, Packed(known=info.compress_size))

    with open_member() as stream:
        head = read_up_to(stream, HEAD_BYTES)
    folder = member.rpartition("/")[0]

    def names() -> tuple[str, ...]:
        return tuple(sorted(one.rpartition("/")[2] for one in members if one.rpartition("/")[0] == folder))

    return Document(label, head, open_member, _zip_siblings(archive, name, member, members), beside=names)


def _zip_siblings(
    archive: zipfile.ZipFile, name: str, member: str, members: dict[str, zipfile.ZipInfo]
) -> Callable[[str], Document | None]:
    folder = member.rpartition("/")[0]

    def find(wanted: str) -> Document | None:
        beside = f"{folder}/{wanted}" if folder else wanted
        return _zip_document(archive, name, beside, members) if beside in members else None

    return find


def _check_info(name: str, info: zipfile.ZipInfo) -> None:
    if stat.S_ISLNK(info.external_attr >> 16):
        raise InputError(f"{name}: the member {info.filename!r} is a link; the archive was not read.", hint=_HINT)
    if info.flag_bits & 1:
        raise InputError(f"{name}: the member {info.filename!r} is encrypted.", hint="Decrypt the archive first.")


def walk_tar(name: str, stream: Stream, packed: Packed) -> Iterator[Document]:
    """Returns the members of a tar in its own order; each can be opened once, before the next is asked for.

    Raises InputError as `walk_zip` does.
    """
    seen: set[str] = set()
    guarded = Guarded(name, stream, packed)
    try:
        with tarfile.open(fileobj=guarded, mode="r|") as archive:  # type: ignore[call-overload]
            for member in archive:
                if member.isdir():
                    continue
                _check_tar_member(name, member, seen)
                if member.size and not _is_hidden(member.name):
                    yield _tar_document(name, member, archive.extractfile(member))
    except tarfile.TarError as error:
        raise InputError(f"{name} is a damaged tar archive.", hint=_FETCH) from error


def _check_tar_member(name: str, member: tarfile.TarInfo, seen: set[str]) -> None:
    if not member.isfile():
        raise InputError(
            f"{name}: the member {member.name!r} is a link or device; the archive was not read on.", hint=_HINT
        )
    _check_names(name, [member.name])
    if member.name in seen:
        raise InputError(f"{name}: the member {member.name!r} stands there twice.", hint=_HINT)
    seen.add(member.name)
    _check_number(name, len(seen))


def _tar_document(name: str, member: tarfile.TarInfo, stream: IO[bytes] | None) -> Document:
    label = f"{name}/{member.name}"
    if stream is None:
        raise InputError(f"{label} cannot be read.", hint=_FETCH)
    head = read_up_to(stream, HEAD_BYTES)

    @contextmanager
    def open_member() -> Iterator[Stream]:
        yield Guarded(label, stream, Packed(known=member.size), head=head)

    return Document(label, head, open_member, lambda _: None, again=False)


def _check_names(name: str, members: list[str]) -> None:
    if len(set(members)) < len(members):
        twice = next(member for member in members if members.count(member) > 1)
        raise InputError(f"{name}: the member {twice!r} stands there twice.", hint=_HINT)
    for member in members:
        parts = PurePosixPath(member.replace("\\", "/")).parts
        if member.startswith(("/", "\\")) or ".." in parts or member[1:2] == ":" or "\x00" in member:
            raise InputError(f"{name}: the member {member!r} leads outside; the archive was not read.", hint=_HINT)


def _check_number(name: str, count: int) -> None:
    if count > MOST_MEMBERS:
        raise InputError(f"{name} has more than {MOST_MEMBERS:,} members.", hint="Add it in parts.")


def _is_hidden(member: str) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in PurePosixPath(member).parts if part != ".")
