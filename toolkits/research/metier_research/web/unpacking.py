"""A body unpacked as it comes, never further than it may grow. Pure: bytes in, bytes out."""

import zlib
from typing import Final

ACCEPTED: Final = "gzip, deflate"
MOST_RATIO: Final = 200
_FREE: Final = 1 << 20  # small documents may be packed as well as they like
_GZIP: Final = 31
_ZLIB: Final = 15
_RAW: Final = -15


class PackedError(Exception):
    """A body that is not packed as it says, or that grows too far. The message says which."""


class Unpacker:
    """Unpacks one body of the coding that its header names, up to `most` bytes.

    Only what was asked for (ACCEPTED) is unpacked, once: a coding within a coding serves to grow.
    """

    def __init__(self, coding: str, most: int) -> None:
        names = [name for name in coding.lower().replace(" ", "").split(",") if name not in ("", "identity")]
        if len(names) > 1 or any(name not in ("gzip", "x-gzip", "deflate") for name in names):
            raise PackedError(f"is packed as {coding[:40]!r}, which was not asked for")
        self._gzip = bool(names) and names[0] != "deflate"
        self._engine = zlib.decompressobj(_GZIP if self._gzip else _ZLIB) if names else None
        self._most = most
        self._taken = 0
        self._given = 0

    def feed(self, chunk: bytes) -> bytes:
        """Returns what the next chunk unpacks to; raises PackedError."""
        self._taken += len(chunk)
        out = chunk if self._engine is None else self._unpack(chunk)
        self._given += len(out)
        if self._given > self._most:
            raise PackedError(f"is larger than {self._most} bytes")
        if self._engine is not None and self._given > max(_FREE, MOST_RATIO * self._taken):
            raise PackedError(f"unpacks to more than {MOST_RATIO} times its size")
        return out

    def close(self) -> None:
        """Raises PackedError when the body broke off before its packing ended."""
        if self._engine is not None and self._taken and not self._engine.eof:
            raise PackedError("broke off within its packing")

    def _unpack(self, chunk: bytes) -> bytes:
        engine = self._engine
        if engine is None or engine.eof:  # what follows the end of the packing is no part of the document
            return b""
        room = self._most - self._given + 1
        try:
            return engine.decompress(chunk, room)
        except zlib.error as error:
            if self._gzip or self._given or self._taken > len(chunk):
                raise PackedError("is not packed as it says") from error
        # deflate without its frame: servers have always disagreed on what the name means
        self._engine = zlib.decompressobj(_RAW)
        try:
            return self._engine.decompress(chunk, room)
        except zlib.error as error:
            raise PackedError("is not packed as it says") from error
