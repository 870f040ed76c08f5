"""The frame and the texts of a .osm.pbf file: read before anything else, so that no broken file reaches the C++ reader.

Format: a chain of (4-byte big-endian length, BlobHeader, Blob); both are protocol buffers; the first Blob is OSMHeader,
the others hold a PrimitiveBlock each, whose first field is its table of texts. The reader takes a NUL for the end of a
text and then runs over the end of its memory, so that a file with one is refused.
"""

import hashlib
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from metier.errors import InputError, MissingError, StorageError

LONGEST_HEADER: Final = 64 * 1024
LONGEST_BLOB: Final = 32 * 1024 * 1024
_HINT: Final = "Give an OpenStreetMap extract in PBF format (NAME.osm.pbf); if it is one, download it again."
_DAMAGED: Final = "it is not an OpenStreetMap PBF file, or is damaged."
_TRUNCATED: Final = "it ends too early: the file is truncated."
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


def check_blobs(pbf: Path, progress: Callable[[float], None]) -> str:
    """Returns the SHA-256 of a file that is framed like PBF from its first byte to its last.

    Raises MissingError where there is no file, StorageError where it cannot be read, InputError where it is empty,
    truncated, damaged or no PBF. `progress` gets the share read, from 0 to 1.
    """
    if pbf.is_dir():
        raise InputError(f"{pbf} is a folder.", hint="Name one .osm.pbf file in it.")
    try:
        size = pbf.stat().st_size
        with pbf.open("rb") as file:
            return _walk(file, size, progress)
    except FileNotFoundError as error:
        raise MissingError(f"There is no file {pbf}.", hint="Check the path; an extract ends in .osm.pbf.") from error
    except InputError as error:
        raise InputError(f"{pbf.name} cannot be imported: {error.message}", hint=_HINT) from error
    except OSError as error:
        raise StorageError(
            f"{pbf} cannot be read: {error.strerror or error}.", hint="Check its permissions."
        ) from error


def _walk(file: BinaryIO, size: int, progress: Callable[[float], None]) -> str:
    if size == 0:
        raise InputError("it is empty.")
    digest = hashlib.sha256()
    count = 0
    while head := file.read(4):
        kind, length = _parse_header(head, file, digest.update)
        if (kind == "OSMHeader") != (count == 0):
            raise InputError(_DAMAGED)
        blob = file.read(length)
        if len(blob) != length:
            raise InputError(_TRUNCATED)
        digest.update(blob)
        if kind == "OSMData":
            _check_texts(_unpack(blob))
        count += 1
        progress(file.tell() / size)
    if count < 2:
        raise InputError("it holds no data after its header.")
    return digest.hexdigest()


def _parse_header(head: bytes, file: BinaryIO, digest: Callable[[bytes], None]) -> tuple[str, int]:
    length = int.from_bytes(head, "big")
    if len(head) < 4 or not 0 < length <= LONGEST_HEADER:
        raise InputError(_DAMAGED)
    body = file.read(length)
    if len(body) != length:
        raise InputError(_TRUNCATED)
    digest(head)
    digest(body)
    fields = dict(_fields(body))
    kind, size = fields.get(1), fields.get(3)
    if not isinstance(kind, bytes) or not isinstance(size, int) or not 0 < size <= LONGEST_BLOB:
        raise InputError(_DAMAGED)
    return kind.decode("ascii", "replace"), size


def _unpack(blob: bytes) -> bytes:
    fields = dict(_fields(blob))
    plain, packed = fields.get(1), fields.get(3)
    if isinstance(plain, bytes):
        return plain
    if not isinstance(packed, bytes):
        raise InputError("it is compressed in a way other than zlib.")
    try:
        inflater = zlib.decompressobj()
        plain = inflater.decompress(packed, LONGEST_BLOB)
    except zlib.error as error:
        raise InputError(_DAMAGED) from error
    if not inflater.eof:
        raise InputError(_DAMAGED)
    return plain


def _check_texts(block: bytes) -> None:
    for number, table in _fields(block):
        if number == 1 and isinstance(table, bytes):
            for _, text in _fields(table):
                if isinstance(text, bytes) and 0 in text:
                    raise InputError("a text in it holds a NUL character.")


def _fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Yields the fields of a protocol buffer: their number and their value; raises InputError for anything else."""
    at = 0
    while at < len(message):
        tag, at = _read_varint(message, at)
        wire, length = tag & 7, 0
        if wire == _VARINT:
            value, at = _read_varint(message, at)
            yield tag >> 3, value
            continue
        if wire == _BYTES:
            length, at = _read_varint(message, at)
        elif wire in (_FIXED32, _FIXED64):
            length = 4 if wire == _FIXED32 else 8
        else:
            raise InputError(_DAMAGED)
        if at + length > len(message):
            raise InputError(_DAMAGED)
        yield tag >> 3, message[at : at + length]
        at += length


def _read_varint(body: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 64, 7):
        if at >= len(body):
            break
        byte = body[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise InputError(_DAMAGED)
