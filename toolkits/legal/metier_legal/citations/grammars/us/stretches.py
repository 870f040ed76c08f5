"""Where in a text an American reporter citation can stand: a number, a capital, and another number near it."""

import re
from collections.abc import Iterator
from typing import Final

PIECE: Final = 16_000
WIDTH: Final = 110

VOLUME: Final = re.compile(r"(?<![\d.])\d{1,4}\s{1,14}[A-Z][A-Za-z.'’&()\s-]{0,60}?(?:[\d_]|,?\s{1,12}at\s)")
OF_STATE: Final = re.compile(r"(?:Code|Stat\.|Stats\.|Ann\.|Laws|Rev\.|Admin\.)[^§\n]{0,24}§")
_BACK_FROM_LAW: Final = 70


def find_stretches(text: str) -> Iterator[tuple[int, int]]:
    """Yields stretches that may hold a citation, merged where they touch and cut where they grow too long."""
    begin, end = 0, 0
    for start, stop in _windows(text):
        if start > end or stop - begin > PIECE:
            if end > begin:
                yield begin, end
            begin = max(start, end) if stop - begin > PIECE else start
        end = max(end, stop)
    if end > begin:
        yield begin, end


def _windows(text: str) -> Iterator[tuple[int, int]]:
    numbers = [(match.start(), match.start() + WIDTH) for match in VOLUME.finditer(text)]
    laws = [(max(0, match.start() - _BACK_FROM_LAW), match.end() + 40) for match in OF_STATE.finditer(text)]
    for start, stop in sorted(numbers + laws):
        yield start, min(stop, len(text))
