"""The parts of a ZIM file: its entries and its clusters (https://wiki.openzim.org/wiki/ZIM_file_format).

Every position in the file is checked before it is used: a damaged or hostile file ends in an InputError.
"""

import lzma
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import BinaryIO, Final

import zstandard

from metier.errors import InputError

MAGIC: Final = b"ZIM\x04"
LARGEST_CLUSTER: Final = 128 * 1024 * 1024
"""Bytes of an unpacked cluster. Those that are made hold about 2 MiB."""

_HEADER: Final = struct.Struct("<4sHH16sIIQQQQIIQ")
_LONGEST_ENTRY: Final = 4096
_LONGEST_TYPES: Final = 65_536
_REDIRECT: Final = 0xFFFF
_NO_CONTENT: Final = 0xFFFD
_PLAIN, _XZ, _ZSTD = (0, 1), 4, 5
_WIDE: Final = 0x10


@dataclass(frozen=True, slots=True)
class Item:
    """An entry: where it is called what, and what is in it, or which other entry (`target`) it leads to."""

    namespace: str
    path: str
    title: str
    kind: str = ""
    cluster: int = 0
    blob: int = 0
    target: int | None = None


class Archive:
    """The ZIM file `name` that `file` is. Raises InputError for one that cannot be read."""

    def __init__(self, name: str, file: BinaryIO) -> None:
        self._name = name
        self._file = file
        self._size = file.seek(0, 2)
        header = _HEADER.unpack(self._bytes(0, _HEADER.size))
        major, self._minor, self.entries, self._clusters = header[1], header[2], header[4], header[5]
        self._paths_at, self._clusters_at, types_at = header[6], header[8], header[9]
        if major not in (5, 6):
            raise InputError(f"{name} is a ZIM file of version {major}.", hint="Versions 5 and 6 can be read.")
        if max(self.entries * 8 + self._paths_at, self._clusters * 8 + self._clusters_at) > self._size:
            raise self._damaged("it was cut off")
        types = self._bytes(types_at, min(_LONGEST_TYPES, self._size - types_at)).partition(b"\0\0")[0]
        self._types = [kind.decode("ascii", "replace") for kind in types.split(b"\0")]

    @property
    def content(self) -> str:
        """Returns the namespace that pages are in."""
        return "C" if self._minor >= 1 else "A"

    def item(self, index: int) -> Item | None:
        """Returns an entry by its number, None for one that was deleted."""
        if not 0 <= index < self.entries:
            raise self._damaged("an entry leads to none")
        at = self._number(self._paths_at + 8 * index, "<Q")
        data = self._bytes(at, min(_LONGEST_ENTRY, max(0, self._size - at)))
        if len(data) < 16:
            raise self._damaged("an entry is cut off")
        kind, _, namespace, _ = struct.unpack_from("<HBcI", data)
        length = 12 if kind == _REDIRECT else 16
        path, _, rest = data[length:].partition(b"\0")
        title = rest.partition(b"\0")[0] or path
        names = (namespace.decode("latin-1"), path.decode("utf-8", "replace"), title.decode("utf-8", "replace"))
        first, second = struct.unpack_from("<II", data, 8)
        if kind == _REDIRECT:
            return Item(*names, target=first)
        if kind >= _NO_CONTENT:
            return None
        return Item(*names, self._types[kind] if kind < len(self._types) else "", first, second)

    def cluster(self, number: int) -> Sequence[memoryview]:
        """Returns the blobs of a cluster."""
        if not 0 <= number < self._clusters:
            raise self._damaged("an entry leads to no cluster")
        at = self._number(self._clusters_at + 8 * number, "<Q")
        last = number + 1 == self._clusters
        end = self._size if last else self._number(self._clusters_at + 8 * (number + 1), "<Q")
        if not at < end <= self._size or end - at > LARGEST_CLUSTER:
            raise self._damaged("a cluster is out of place")
        data = self._bytes(at, end - at)
        return self._cut(memoryview(self._unpack(data[0] & 0x0F, data[1:])), "<Q" if data[0] & _WIDE else "<I")

    def _cut(self, data: memoryview, form: str) -> Sequence[memoryview]:
        size = struct.calcsize(form)
        first = struct.unpack_from(form, data)[0] if len(data) >= size else 0
        if first < size or first % size or first > len(data):
            raise self._damaged("a cluster has no table of contents")
        starts = struct.unpack_from(f"<{first // size}{form[1]}", data)
        if any(end < start for start, end in pairwise(starts)) or starts[-1] > len(data):
            raise self._damaged("the contents of a cluster are out of order")
        return [data[start:end] for start, end in pairwise(starts)]

    def _unpack(self, method: int, data: bytes) -> bytes:
        if method in _PLAIN:
            return data
        try:
            if method == _XZ:
                unpacked = lzma.LZMADecompressor(lzma.FORMAT_XZ).decompress(data, LARGEST_CLUSTER + 1)
            elif method == _ZSTD:
                with zstandard.ZstdDecompressor(max_window_size=LARGEST_CLUSTER).stream_reader(data) as reader:
                    unpacked = reader.read(LARGEST_CLUSTER + 1)
            else:
                raise self._damaged(f"a cluster is packed in a way that is not known ({method})")
        except (lzma.LZMAError, zstandard.ZstdError) as error:
            raise self._damaged("a cluster cannot be unpacked") from error
        if len(unpacked) > LARGEST_CLUSTER:
            raise self._damaged("a cluster unpacks to more than any does")
        return unpacked

    def _number(self, at: int, form: str) -> int:
        return int(struct.unpack(form, self._bytes(at, struct.calcsize(form)))[0])

    def _bytes(self, at: int, size: int) -> bytes:
        data = b""
        if 0 <= at <= self._size and size >= 0:
            self._file.seek(at)
            data = self._file.read(size)
        if len(data) != size:
            raise self._damaged("it was cut off")
        return data

    def _damaged(self, why: str) -> InputError:
        return InputError(f"{self._name} is damaged: {why}.", hint="Fetch it again. Nothing was added.")
