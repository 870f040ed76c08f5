"""The text of a response as it arrives, and the few ways in which formats read it. Pure.

Formats are read by generators: straight code that says what comes next and yields where the text so far does not tell.
None of them sees where a piece ends, so the pieces cannot change what is read. Every way of reading takes what it can
at once and holds back no more than the beginning of a tag, so a response is read in time linear in its length.
"""

import re
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias, TypeVar

T = TypeVar("T")
Steps: TypeAlias = Generator[None, None, T]  # yields where more text is needed, returns what was read

_ANYTHING = re.compile(r"(?s).*+")
_SPACES = re.compile(r"[ \t\r\n]*+")


class BrokenCall(Exception):
    """What is being read is no call: a turn of the reading, always caught in this package.

    `back` is the position from which the next tag is looked for, None for here.
    """

    def __init__(self, reason: str, back: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.back = back


@dataclass(frozen=True, slots=True)
class Tags:
    """Spellings to look for; of two that begin at one place the longer is meant. Make them with `tags`."""

    found: re.Pattern[str]
    begun: re.Pattern[str]
    longest: int


@lru_cache(maxsize=256)
def tags(*spellings: str, breaks: int = 0) -> Tags:
    """Returns what finds the first of `spellings`; up to `breaks` line breaks just before it belong to it."""
    wanted = [count * "\n" + spelling for count in range(breaks + 1) for spelling in spellings]
    wanted.sort(key=len, reverse=True)
    found = "|".join(re.escape(spelling) for spelling in wanted)
    begun = "|".join(_beginning(spelling) for spelling in wanted if len(spelling) > 1)
    return Tags(re.compile(found), re.compile(rf"(?:{begun or '(?!)'})\Z"), max(map(len, wanted)))


def _beginning(spelling: str) -> str:
    pattern = ""
    for letter in reversed(spelling[:-1]):
        pattern = f"{re.escape(letter)}(?:{pattern})?" if pattern else re.escape(letter)
    return pattern


@dataclass(slots=True)
class Source:
    """Text that arrived. `mark` is where a call began; what was read since is kept until the mark is taken off."""

    _text: str = ""
    _at: int = 0
    _base: int = 0  # the position in the response of _text[0]
    _closed: bool = False
    _mark: int | None = None
    _kept: list[str] = field(default_factory=list)  # what was read since the mark and is no longer in _text

    def add(self, text: str) -> None:
        """Takes the next piece of the response."""
        if self._mark is not None:
            self._kept.append(self._text[max(self._mark - self._base, 0) : self._at])
        self._base += self._at
        self._text = self._text[self._at :] + text
        self._at = 0

    def close(self) -> None:
        """Says that no more text comes."""
        self._closed = True

    @property
    def position(self) -> int:
        """How many characters of the response were read."""
        return self._base + self._at

    def set_mark(self, before: int) -> None:
        """Marks the place `before` characters ago, all of which are in the piece at hand: a tag just read."""
        self._mark = self.position - before
        self._kept = []

    def look_back(self) -> str:
        """Returns what was read since the mark."""
        begin = self.position if self._mark is None else self._mark
        return "".join(self._kept) + self._text[max(begin - self._base, 0) : self._at]

    def since_mark(self) -> str:
        """Returns what was read since the mark, and takes the mark off."""
        text = self.look_back()
        self._mark = None
        self._kept = []
        return text

    def rewind(self, position: int) -> None:
        """Goes back to `position`, which is not before the mark."""
        if position < self._base:
            mark = self._mark if self._mark is not None else self._base
            self._text = "".join(self._kept) + self._text[max(mark - self._base, 0) :]
            self._base = mark
            self._kept = []
        self._at = position - self._base

    def more(self) -> Steps[bool]:
        """Returns whether there is a character to read, waiting for one."""
        while self._at == len(self._text):
            if self._closed:
                return False
            yield
        return True

    def peek(self) -> Steps[str]:
        """Returns the next character without reading it, "" at the end."""
        return self._text[self._at] if (yield from self.more()) else ""

    def run(self, pattern: re.Pattern[str]) -> str:
        """Reads what `pattern` matches of the text at hand, without waiting."""
        found = pattern.match(self._text, self._at)
        if found is None:
            return ""
        self._at = found.end()
        return found[0]

    def take(self, count: int) -> Steps[str]:
        """Reads `count` characters, fewer at the end."""
        while len(self._text) - self._at < count and not self._closed:
            yield
        text = self._text[self._at : self._at + count]
        self._at += len(text)
        return text

    def skip_spaces(self) -> Steps[None]:
        """Reads the white space that JSON knows."""
        while (yield from self.more()) and self.run(_SPACES):
            pass

    def read_rest(self, give: Callable[[str], None]) -> Steps[None]:
        """Reads all that comes, to the end of the response, and gives it in pieces."""
        while (yield from self.more()):
            give(self.run(_ANYTHING))

    def match(self, *spellings: str) -> Steps[str]:
        """Reads the one of `spellings` that comes next and returns it, "" when none does. None begins another."""
        while True:
            rest = self._text[self._at : self._at + max(map(len, spellings))]
            for spelling in spellings:
                if rest.startswith(spelling):
                    self._at += len(spelling)
                    return spelling
            if self._closed or not any(spelling.startswith(rest) for spelling in spellings):
                return ""
            yield

    def until(self, wanted: Tags, give: Callable[[str], None]) -> Steps[str]:
        """Reads up to and with the first tag, gives what stands before it in pieces; returns the tag, "" at the end."""
        while True:
            found = wanted.found.search(self._text, self._at)
            end = found.start() if found else len(self._text)
            begun = None if self._closed else wanted.begun.search(self._text, self._tail(wanted))
            if begun and begun.start() <= end:
                self._give(begun.start(), give)
                yield
                continue
            self._give(end, give)
            if found:
                self._at = found.end()
                return found[0]
            if self._closed:
                return ""
            yield

    def _tail(self, wanted: Tags) -> int:
        return max(self._at, len(self._text) - wanted.longest + 1)

    def _give(self, end: int, give: Callable[[str], None]) -> None:
        if end > self._at:
            give(self._text[self._at : end])
        self._at = end
