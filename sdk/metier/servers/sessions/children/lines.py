"""A stream of bytes cut into lines of bounded length, and whose answer a line is that was not read. Pure."""

import re
from dataclasses import dataclass

MOST_BYTES = 32 * 1024 * 1024  # of one message
KEPT = 256  # bytes kept from either end of a line that is not kept


@dataclass(frozen=True, slots=True)
class Overlong:
    """A line that was longer than allowed: its first and last bytes."""

    head: bytes
    tail: bytes


class Lines:
    """Cuts what it is fed at line breaks; holds `most` bytes at most, however long a line is."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most = most
        self._line = bytearray()
        self._head: bytes | None = None  # of a line that is too long: then the line holds its last bytes
        self._size = 0

    @property
    def unfinished(self) -> int:
        """Returns how many bytes the line has that is not at its end yet, kept or not."""
        return self._size

    def feed(self, chunk: bytes) -> list[bytearray | Overlong]:
        """Returns the lines that end in `chunk`, without their line breaks."""
        *ends, rest = chunk.split(b"\n")
        found: list[bytearray | Overlong] = []
        for end in ends:
            self._add(end)
            found.append(self._finish())
        self._add(rest)
        return found

    def _add(self, part: bytes) -> None:
        self._size += len(part)
        self._line += part
        if self._head is None and self._size > self._most:
            self._head = bytes(self._line[:KEPT])
        if self._head is not None:
            self._line = self._line[-KEPT:]

    def _finish(self) -> bytearray | Overlong:
        line = self._line if self._head is None else Overlong(self._head, bytes(self._line))
        self._line, self._head, self._size = bytearray(), None, 0
        return line


_VERSION = rb'"jsonrpc"\s*:\s*"2\.0"'
_ID = rb'"id"\s*:\s*(\d{1,15})'
_AT_HEAD = re.compile(rb"\s*\{\s*(?:" + _VERSION + rb"\s*,\s*" + _ID + rb"|" + _ID + rb"\s*,\s*" + _VERSION + rb")\s*,")
_AT_TAIL = re.compile(
    rb",\s*(?:" + _VERSION + rb"\s*,\s*" + _ID + rb"|" + _ID + rb"\s*,\s*" + _VERSION + rb")\s*\}\s*$"
)


def answered_id(head: bytes | bytearray, tail: bytes | bytearray) -> int | None:
    """Returns the id of the request that a message answers, from its first and last bytes; None when they do not tell.

    Only an id beside the version of JSON-RPC counts, which no server puts inside a result by accident.
    """
    found = _AT_HEAD.match(head) or _AT_TAIL.search(tail)
    return int(found[1] or found[2]) if found else None


def claims_protocol(line: bytes | bytearray) -> bool:
    """Returns whether `line`, which cannot be read, was meant as a message, not as a log line gone astray."""
    return line.lstrip()[:1] == b"{" and b'"jsonrpc"' in line
