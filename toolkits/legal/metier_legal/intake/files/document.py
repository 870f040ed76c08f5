"""One document of a source: a file, or a member of an archive."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from metier.errors import InputError

WHOLE_BYTES: Final = 64 * 1024 * 1024


class Stream(Protocol):
    """Bytes to read from the beginning to the end."""

    def read(self, size: int = -1, /) -> bytes:
        """Returns the next bytes, at most `size`; b"" at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Document:
    """A document that can be read.

    `name` is its path within the source, with "/" (the file's own name for a source of one file). `head` are its
    first bytes. `open()` gives a stream of its bytes, decompressed; a member of a tar can be opened only once (`again`
    is False). `path` is set for a file that lies uncompressed on the disk. `sibling(name)` gives the document of that
    name beside it, or None, and `beside()` the names there are; members of a tar have none.
    """

    name: str
    head: bytes
    open: Callable[[], AbstractContextManager[Stream]]
    sibling: Callable[[str], "Document | None"]
    path: Path | None = None
    again: bool = True
    beside: Callable[[], tuple[str, ...]] = tuple


def read_whole(document: Document, *, limit: int = WHOLE_BYTES) -> bytes:
    """Returns all bytes of a document that must be read at once; raises InputError when they are more than `limit`."""
    parts: list[bytes] = []
    size = 0
    with document.open() as stream:
        while part := stream.read(1 << 20):
            size += len(part)
            if size > limit:
                raise InputError(
                    f"{document.name} is larger than {limit >> 20} MB, too large for a document of its format.",
                    hint="Split it, or bring it in a format that is read in a stream (XML, JSONL, CSV).",
                )
            parts.append(part)
    return b"".join(parts)
