"""Numbered lists within lists, read off their markers: (a)(1)(A)(i), 1. a), (1)(a)(i)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from metier_legal.law.numerals import parse_roman
from metier_legal.law.provision import Unit

_AHEAD: Final = 40
_INDENT: Final = 40
_LEAD: Final = re.compile(
    r"(?:[;:.\u2014\u2013]|[;:.] ?-|--)[\"\u201d\u2019']?\s+(?:and\s+|or\s+|und\s+|et\s+)?\Z|[\u2014:;]\Z"
)
_PARTS: Final = re.compile(r"(\d*)([A-Za-z]*)(?:-(\d+))?\Z")


@dataclass(frozen=True, slots=True)
class Scheme:
    """How a style numbers: its markers (group 1, 2, ... is the label) and the kinds of level from outer to inner.

    `inline` says whether a marker may stand within a line, after a colon or semicolon.
    """

    marker: re.Pattern[str]
    order: tuple[str, ...]
    inline: bool = True


@dataclass(frozen=True, slots=True)
class _Marker:
    start: int
    end: int
    label: str
    written: str
    at_line: bool


@dataclass(slots=True)
class _Frame:
    label: str = ""
    place: int = -1
    start: int = 0
    last: str = ""
    kind: str = ""
    children: int = -1
    seen: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Option:
    depth: int
    kind: str
    place: int
    rank: int


def split_by_markers(text: str, scheme: Scheme) -> tuple[Unit, ...]:
    """Returns the units that the markers of a text make, in the order of their starts.

    A marker counts when it stands at the beginning of a line, right after another, or (in `inline` schemes) after a
    colon, semicolon or full stop; and when it goes on a list that is open, or begins one. So a cross reference such
    as "paragraph (2)" is none. A line without a marker goes on the list's parent.
    """
    return _Nesting(text, scheme).units()


class _Nesting:
    def __init__(self, text: str, scheme: Scheme) -> None:
        self._text = text
        self._scheme = scheme
        self._markers = tuple(_find_markers(text, scheme))
        self._stack = [_Frame()]
        self._units: list[Unit] = []

    def units(self) -> tuple[Unit, ...]:
        after = -1
        lines = iter(_bare_lines(self._text, self._markers))
        line = next(lines, None)
        for index, marker in enumerate(self._markers):
            while line is not None and line < marker.start:
                self._close_to(max(len(self._stack) - 2, 0), line)
                line = next(lines, None)
            if self._stands(marker, after):
                option = self._choose(index)
                if option is not None:
                    self._open(marker, option)
                    after = marker.end
        while line is not None:
            self._close_to(max(len(self._stack) - 2, 0), line)
            line = next(lines, None)
        self._close_to(0, len(self._text))
        return tuple(sorted(self._units, key=lambda unit: (unit.start, -unit.end, len(unit.path))))

    def _stands(self, marker: _Marker, after: int) -> bool:
        if marker.at_line or (after >= 0 and not self._text[after : marker.start].strip()):
            return True
        return self._scheme.inline and bool(_LEAD.search(self._text[max(marker.start - 12, 0) : marker.start]))

    def _choose(self, index: int) -> _Option | None:
        options = sorted(self._options(self._markers[index]), key=lambda option: (option.rank, -option.depth))
        if len({option.kind for option in options}) > 1:
            ahead = [later.label for later in self._markers[index + 1 : index + 1 + _AHEAD]]
            options.sort(key=lambda option: _distance(option.kind, self._markers[index].label, ahead))
        return options[0] if options else None

    def _options(self, marker: _Marker) -> Iterator[_Option]:
        for kind in _kinds(marker.label, marker.written):
            for depth in range(len(self._stack) - 1, -1, -1):
                frame = self._stack[depth]
                if frame.kind == kind and _follows(kind, frame.last, marker.label, loose=marker.at_line):
                    exact = _is_next(_rank(kind, frame.last), _rank(kind, marker.label))
                    yield _Option(depth, kind, frame.children, 1 if exact else 3)
                elif not frame.kind and _is_first(kind, marker.label):
                    place = self._place(kind, frame.place)
                    if place >= 0:
                        yield _Option(depth, kind, place, 0 if place == frame.place + 1 and depth else 2)

    def _place(self, kind: str, above: int) -> int:
        order = self._scheme.order
        return next((place for place in range(above + 1, len(order)) if order[place] == kind), -1)

    def _open(self, marker: _Marker, option: _Option) -> None:
        self._close_to(option.depth, marker.start)
        parent = self._stack[-1]
        parent.kind, parent.last, parent.children = option.kind, marker.label, option.place
        self._stack.append(_Frame(marker.label, option.place, marker.start))

    def _close_to(self, depth: int, end: int) -> None:
        while len(self._stack) > depth + 1:
            frame = self._stack[-1]
            path = tuple(open_.label for open_ in self._stack[1:])
            self._stack.pop()
            stop = frame.start + len(self._text[frame.start : end].rstrip())
            if frame.label not in self._stack[-1].seen and stop > frame.start:
                self._stack[-1].seen.add(frame.label)
                self._units.append(Unit(path=path, start=frame.start, end=stop))


def _find_markers(text: str, scheme: Scheme) -> Iterator[_Marker]:
    for match in scheme.marker.finditer(text):
        label = next(group for group in match.groups() if group)
        near = max(match.start() - _INDENT, 0)
        begin = text.rfind("\n", near, match.start())
        at_line = (begin >= 0 or near == 0) and not text[begin + 1 if begin >= 0 else 0 : match.start()].strip()
        yield _Marker(match.start(), match.start() + len(match[0].rstrip()), label, match[0].strip(), at_line)


def _bare_lines(text: str, markers: tuple[_Marker, ...]) -> Iterator[int]:
    marked = {marker.start for marker in markers if marker.at_line}
    position = 0
    for line in text.split("\n"):
        start = position + len(line) - len(line.lstrip())
        if line.strip() and position and start not in marked:
            yield start
        position += len(line) + 1


def _kinds(label: str, written: str) -> Iterator[str]:
    letters = label.partition("-")[0]
    if label[0].isdecimal():
        yield "point" if written.endswith(".") else "digit"
        return
    lower = letters.islower()
    if len(letters) <= 2:
        yield "lower" if lower else "upper"
    if lower and len(letters) == 2 and letters[0] == letters[1]:
        yield "double"
    if parse_roman(letters) is not None:
        yield "roman" if lower else "ROMAN"


def _rank(kind: str, label: str) -> tuple[int, str, int]:
    """Returns where a label stands in its list; suffixes (1A, a-1) come right after their stem."""
    match = _PARTS.match(label)
    number, letters, suffix = match.groups() if match else ("", label, "")
    extra = int(suffix) if suffix else 0
    if kind in ("digit", "point"):
        return int(number), letters, extra
    if kind in ("roman", "ROMAN"):
        return parse_roman(letters) or 0, "", extra
    if kind == "double":
        return ord(letters[0]), "", extra
    return ord(letters[0].lower()) - ord("a") + 1, letters[1:], extra


def _is_first(kind: str, label: str) -> bool:
    return _rank(kind, label) in ((1, "", 0), (ord("a"), "", 0))


def _follows(kind: str, last: str, label: str, *, loose: bool) -> bool:
    before, now = _rank(kind, last), _rank(kind, label)
    if kind in ("lower", "upper") and len(label.partition("-")[0]) == 2:
        doubled = label[0] == label[1] and len(last) == 2 and last[0] == last[1] and label > last
        return doubled or last.lower() == "z" or (now[0] == before[0] and now > before)
    return now > before if loose else _is_next(before, now)


def _is_next(before: tuple[int, str, int], now: tuple[int, str, int]) -> bool:
    return now[0] - before[0] == 1 or (now[0] == before[0] and now > before)


def _distance(kind: str, label: str, ahead: list[str]) -> int:
    return next((place for place, later in enumerate(ahead) if _succeeds(kind, label, later)), len(ahead))


def _succeeds(kind: str, label: str, later: str) -> bool:
    if kind not in _kinds(later, later):
        return False
    before, now = _rank(kind, label), _rank(kind, later)
    return now[0] - before[0] == 1 and not now[1]
