"""Streams that know their bounds."""

import bz2
import gzip
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Final
from zipfile import BadZipFile

from metier.errors import InputError
from metier_legal.intake.files.document import Stream

RATIO: Final = 200
RATIO_FROM: Final = 16 * 1024 * 1024
LARGEST: Final = 64 * 1024 * 1024 * 1024

PACKED_SUFFIXES: Final = (".gz", ".bz2")

_GZIP: Final = b"\x1f\x8b"
_BZIP2: Final = re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)")  # its size mark, then the mark of a block or of the end
_BROKEN: Final = (EOFError, OSError, zlib.error, BadZipFile)


class Guarded:
    """A decompressed stream that refuses to grow out of proportion: a bomb ends in an InputError naming it."""

    def __init__(self, name: str, stream: Stream, packed: "Packed", *, head: bytes = b"") -> None:
        self._name = name
        self._stream = stream
        self._packed = packed
        self._head = head
        self._size = 0

    def read(self, size: int = -1, /) -> bytes:
        """Returns the next bytes; raises InputError for a bomb or a damaged archive."""
        if self._head:
            return self._take_head(size)
        try:
            data = self._stream.read(min(size, 1 << 20) if size >= 0 else 1 << 20)
        except _BROKEN as error:
            raise InputError(
                f"{self._name} is damaged and cannot be decompressed.", hint="Fetch the file again."
            ) from error
        self._size += len(data)
        packed = max(self._packed.bytes(), 1)
        if self._size > LARGEST or (self._size > RATIO_FROM and self._size > RATIO * packed):
            raise InputError(
                f"{self._name} decompresses to far more than its size allows; it was not read.",
                hint="Unpack it yourself if you trust it.",
            )
        return data

    def _take_head(self, size: int) -> bytes:
        cut = len(self._head) if size < 0 else size
        data, self._head = self._head[:cut], self._head[cut:]
        return data


class Packed:
    """How many compressed bytes stand behind a stream: a known number, or as far as a file is read."""

    def __init__(self, known: int = 0, raw: BinaryIO | None = None, start: int = 0) -> None:
        self._known = known
        self._raw = raw
        self._start = start

    def bytes(self) -> int:
        """Returns the number of compressed bytes."""
        return self._known if self._raw is None else self._raw.tell() - self._start


def read_up_to(stream: Stream, size: int) -> bytes:
    """Returns the first `size` bytes of a stream, fewer only at its end."""
    parts: list[bytes] = []
    while size > 0 and (part := stream.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def is_packed(head: bytes) -> bool:
    """Returns whether a file that begins so is one compressed stream, gzip or bzip2."""
    return head.startswith(_GZIP) or _BZIP2.match(head) is not None


def plain_name(name: str) -> str:
    """Returns the name that a compressed file has when it is unpacked."""
    return next((name.removesuffix(end) for end in PACKED_SUFFIXES if name.endswith(end)), name)


@contextmanager
def unpack(name: str, raw: BinaryIO) -> Iterator[Guarded]:
    """Gives the decompressed stream of a gzip or bzip2 file that is open at its beginning."""
    head = raw.read(len(_GZIP))
    raw.seek(0)
    with gzip.GzipFile(fileobj=raw, mode="rb") if head == _GZIP else bz2.BZ2File(raw) as stream:
        yield Guarded(name, stream, Packed(raw=raw))
