"""The outer frame of a .osm.pbf file: read before anything else, so that no broken file reaches the C++ reader.

Format: a chain of (4-byte big-endian length, BlobHeader, Blob); both are protocol buffers; the first Blob is OSMHeader.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final

from metier.errors import InputError, MissingError, StorageError

LONGEST_HEADER: Final = 64 * 1024
LONGEST_BLOB: Final = 32 * 1024 * 1024
_HINT: Final = "Give an OpenStreetMap extract in PBF format (NAME.osm.pbf); if it is one, download it again."


def check_blobs(pbf: Path, progress: Callable[[float], None]) -> str:
    """Returns the SHA-256 of a file that is framed like PBF from its first byte to its last.

    Raises MissingError where there is no file, StorageError where it cannot be read, InputError where it is empty,
    truncated or no PBF. `progress` gets the share read, from 0 to 1.
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
            raise InputError("it is not an OpenStreetMap PBF file." if count == 0 else "it has a second header.")
        blob = file.read(length)
        if len(blob) != length:
            raise InputError("it ends too early: the file is truncated.")
        digest.update(blob)
        count += 1
        progress(file.tell() / size)
    if count < 2:
        raise InputError("it holds no data after its header.")
    return digest.hexdigest()


def _parse_header(head: bytes, file: BinaryIO, digest: Callable[[bytes], None]) -> tuple[str, int]:
    length = int.from_bytes(head, "big")
    if len(head) < 4 or not 0 < length <= LONGEST_HEADER:
        raise InputError("it is not an OpenStreetMap PBF file, or is damaged.")
    body = file.read(length)
    if len(body) != length:
        raise InputError("it ends too early: the file is truncated.")
    digest(head)
    digest(body)
    kind, datasize = _read_fields(body)
    if not 0 < datasize <= LONGEST_BLOB:
        raise InputError("a block in it has an impossible size.")
    return kind, datasize


def _read_fields(body: bytes) -> tuple[str, int]:
    """Returns field 1 (type) and field 3 (datasize) of a BlobHeader; raises InputError for anything else."""
    kind, datasize, at = "", 0, 0
    while at < len(body):
        tag, at = _read_varint(body, at)
        value, at = _read_varint(body, at)
        if tag == 0x18:
            datasize = value
        elif tag in (0x0A, 0x12) and at + value <= len(body):
            kind = body[at : at + value].decode("ascii", "replace") if tag == 0x0A else kind
            at += value
        else:
            raise InputError("it is not an OpenStreetMap PBF file, or is damaged.")
    return kind, datasize


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
    raise InputError("it is not an OpenStreetMap PBF file, or is damaged.")
