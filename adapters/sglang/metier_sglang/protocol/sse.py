"""Server-sent events out of bytes, piece by piece (HTML Living Standard, section 9.2.6). Pure."""

from metier.errors import ServerError

LARGEST = 256 * 1024 * 1024  # bytes of one event; a server that sends more is not answering, it is flooding
DONE = b"[DONE]"
_BOM = b"\xef\xbb\xbf"


class EventReader:
    """Reads the data of events. Takes time linear in the bytes fed, however they are cut.

    Only `data` matters to the servers spoken to here: comments, `event`, `id` and `retry` are read over.
    """

    __slots__ = ("_begun", "_data", "_held", "_largest", "_line", "_size")

    def __init__(self, *, largest: int = LARGEST) -> None:
        self._line: list[bytes] = []  # the pieces of a line that has no end yet
        self._held = False  # the last piece ended with CR: an LF right after it belongs to the same line end
        self._data: list[bytes] = []
        self._begun = False
        self._largest = largest
        self._size = 0

    def feed(self, piece: bytes) -> list[bytes]:
        """Returns the data of every event that `piece` completes; raises ServerError for one without an end."""
        if self._held and piece:
            self._held = False
            piece = piece.removeprefix(b"\n")
        if not piece:
            return []
        lines = piece.splitlines()
        rest = b"" if piece[-1] in b"\r\n" else lines.pop()
        self._held = piece.endswith(b"\r")
        events: list[bytes] = []
        for line in lines:
            if self._line:
                self._line.append(line)
                line = b"".join(self._line)
                self._line.clear()
            self._read(line, events)
        if rest:
            self._line.append(rest)
        self._measure(len(piece), fresh=bool(events))
        return events

    def _read(self, line: bytes, events: list[bytes]) -> None:
        if not self._begun:
            self._begun = True
            line = line.removeprefix(_BOM)
        if not line:
            if self._data:
                events.append(b"\n".join(self._data))
                self._data.clear()
        elif line.startswith(b"data:"):
            self._data.append(line[6:] if line.startswith(b"data: ") else line[5:])
        elif line == b"data":
            self._data.append(b"")

    def _measure(self, size: int, *, fresh: bool) -> None:
        self._size = size if fresh else self._size + size
        if self._size > self._largest:
            raise ServerError(
                f"A server sent {self._size} bytes and no whole event.", hint="It is out of protocol: look at its log."
            )
