"""Files of a dump as streams of bytes that know their bounds: plain, gzip or bzip2, told from what is in them."""

import bz2
import gzip
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from metier.errors import InputError, MetierError, StorageError

HEAD: Final = 65_536
RATIO: Final = 200
RATIO_FROM: Final = 16 * 1024 * 1024
_PIECE: Final = 1 << 18
_GZIP: Final = b"\x1f\x8b"
_BZIP2: Final = re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)")


class Bytes(Protocol):
    """What bytes are read from."""

    def read(self, size: int, /) -> bytes:
        """Returns at most `size` bytes, none at the end."""
        ...


class Stream:
    """The unpacked bytes of a file, once from beginning to end.

    One that unpacks to far more than its size allows, or is damaged, ends in an InputError naming it. `head` are the
    first HEAD bytes, or all where there are fewer.
    """

    def __init__(self, name: str, unpacked: Bytes, raw: BinaryIO) -> None:
        self.name = name
        self._unpacked = unpacked
        self._raw = raw
        self._size = 0
        pieces: list[bytes] = []
        while sum(map(len, pieces)) < HEAD and (piece := self._read()):
            pieces.append(piece)
        self._begun = b"".join(pieces)
        self.head = self._begun[:HEAD]

    def pieces(self) -> Iterator[bytes]:
        """Yields what there is, in pieces of about 256 KiB."""
        if self._begun:
            yield self._begun
        self._begun = b""
        while piece := self._read():
            yield piece

    def lines(self, *, longest: int) -> Iterator[bytes]:
        """Yields the lines without their ends; raises InputError for one of more than `longest` bytes."""
        rest, size = list[bytes](), 0
        for piece in self.pieces():
            first, *lines = piece.split(b"\n")
            rest.append(first)
            size += len(first)
            if size > longest:
                raise InputError(f"{self.name} has a line of more than {longest:,} bytes.", hint="Is it JSON lines?")
            if lines:
                yield b"".join(rest)
                yield from lines[:-1]
                rest, size = [lines[-1]], len(lines[-1])
        if size:
            yield b"".join(rest)

    def _read(self) -> bytes:
        try:
            piece = self._unpacked.read(_PIECE)
        except (EOFError, OSError, zlib.error) as error:
            raise InputError(
                f"{self.name} is damaged or was cut off: {error}.", hint="Fetch it again. Nothing was added."
            ) from error
        self._size += len(piece)
        if self._size > RATIO_FROM and self._size > RATIO * max(1, self._raw.tell()):
            raise InputError(
                f"{self.name} unpacks to far more than its size allows; it was not read.",
                hint="Unpack it yourself if you trust it.",
            )
        return piece


@contextmanager
def open_file(path: Path) -> Iterator[BinaryIO]:
    """Gives the file, open to read; raises StorageError."""
    try:
        with path.open("rb") as file:
            yield file
    except OSError as error:
        if isinstance(error, MetierError):
            raise
        raise StorageError(f"{path} cannot be read: {error.strerror}.", hint="Check its permissions.") from error


@contextmanager
def unpack(name: str, raw: BinaryIO) -> Iterator[Stream]:
    """Gives the unpacked bytes of a file that is open at its beginning."""
    head = raw.read(16)
    raw.seek(0)
    if head.startswith(_GZIP):
        with gzip.GzipFile(fileobj=raw, mode="rb") as packed:
            yield Stream(name, packed, raw)
    elif _BZIP2.match(head):
        with bz2.BZ2File(raw) as packed:
            yield Stream(name, packed, raw)
    else:
        yield Stream(name, raw, raw)
