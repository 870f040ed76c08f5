"""Text that is put together piece by piece, with the spans of its units."""

import re
from typing import Final

from metier_legal.intake.texts.hidden import strip_unseen
from metier_legal.law.provision import Unit

_SPACE: Final = re.compile(r"\s+")


class Flow:
    """Gathers the text of a provision from markup.

    Characters that nobody can see are left out and counted in `unseen`. White space is collapsed as markup means it:
    runs of it are one space, `break_line` makes a line end. Units may be opened and closed within each other; their
    spans leave out the white space at their ends. Units without text, and a second unit of the same path, are
    dropped: what the path means is then the first.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._pending = ""
        self._open: list[tuple[str, int]] = []
        self._units: list[Unit] = []
        self._glued = False
        self.unseen = 0

    def add(self, text: str) -> None:
        """Adds text of the markup, its white space collapsed."""
        text, unseen = strip_unseen(text)
        self.unseen += unseen
        text = _SPACE.sub(" ", text)
        if text.startswith(" "):
            self._pend(" ")
        body = text.strip(" ")
        if body:
            self._put(body)
            if text.endswith(" "):
                self._pend(" ")

    def break_line(self) -> None:
        """Begins a new line, unless the text stands at the beginning of one."""
        if self._length and not self._glued:
            self._pending = "\n"

    def add_number(self, text: str) -> None:
        """Adds the number of a unit; what comes next stays on its line."""
        self.add(f"{text.strip()} ")
        self._glued = True

    def waits(self) -> bool:
        """Returns whether a number was added and nothing after it yet."""
        return self._glued

    def open_unit(self, label: str) -> None:
        """Begins a unit under the one that is open."""
        self._open.append((label, -1))

    def close_unit(self) -> None:
        """Ends the unit that was opened last."""
        _, start = self._open[-1]
        if 0 <= start < self._length:
            path = tuple(label for label, _ in self._open)
            self._units.append(Unit(path=path, start=start, end=self._length))
        self._open.pop()

    def depth(self) -> int:
        """Returns how many units are open."""
        return len(self._open)

    def text(self) -> str:
        """Returns the text so far."""
        return "".join(self._parts)

    def units(self) -> tuple[Unit, ...]:
        """Returns the closed units, outer before inner, in the order of the text."""
        found: dict[tuple[str, ...], Unit] = {}
        for unit in sorted(self._units, key=lambda unit: (unit.start, -unit.end, len(unit.path))):
            found.setdefault(unit.path, unit)
        return tuple(found.values())

    def _pend(self, space: str) -> None:
        if self._length and not self._pending:
            self._pending = space

    def _put(self, text: str) -> None:
        self._glued = False
        self._parts.append(self._pending + text)
        start = self._length + len(self._pending)
        self._length = start + len(text)
        self._pending = ""
        for index in range(len(self._open) - 1, -1, -1):
            label, begun = self._open[index]
            if begun >= 0:
                break
            self._open[index] = (label, start)
