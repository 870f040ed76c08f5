"""How far a source has been read."""

from collections.abc import Callable


class Meter:
    """Counts the bytes of a source, as they lie on the disk, up to where the reading stands."""

    def __init__(self) -> None:
        self._before = 0
        self._tell: Callable[[], int] = int

    def enter(self, tell: Callable[[], int]) -> None:
        """Makes `tell` say how far the file at hand is read."""
        self._tell = tell

    def leave(self, size: int) -> None:
        """Counts a file of `size` bytes as read."""
        self._before += size
        self._tell = int

    def done(self) -> int:
        """Returns the bytes read of the whole source."""
        return self._before + self._tell()
