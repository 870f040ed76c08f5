"""How things are put into words for a terminal. Pure: names and texts of others are data, and stay harmless."""

import re
from collections.abc import Mapping

from metier.canonical import JSON, canonical_json

UNITS = ("B", "kB", "MB", "GB", "TB")
# Escape sequences, other control characters but tab and newline, marks that turn the writing direction, lone halves.
_HARMFUL = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?"
    r"|[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def plain(text: str) -> str:
    """Returns `text` without anything that steers a terminal: escape sequences, control and direction marks."""
    return _HARMFUL.sub("", text)


def one_line(text: str) -> str:
    """Returns `text` on one line, without anything that steers a terminal."""
    return " ".join(plain(text).split())


def shorten(text: str, width: int) -> str:
    """Returns `text` on one line of at most `width` characters."""
    line = one_line(text)
    return line if len(line) <= width else f"{line[: width - 1]}…"


def in_short(arguments: Mapping[str, JSON], width: int = 70) -> str:
    """Returns the arguments of a call as `name=value, ...`, each and all of them shortened."""
    parts = [f"{name}={shorten(canonical_json(value), 40)}" for name, value in arguments.items()]
    return shorten(", ".join(parts), width)


def seconds(elapsed_s: float) -> str:
    """Returns a time span for reading: `0.4 s`, `12 s`, `3 min 05 s`."""
    if elapsed_s < 10:
        return f"{elapsed_s:.1f} s"
    whole = round(elapsed_s)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60:02d} s"


def count(number: int, one: str, many: str = "") -> str:
    """Returns the number with its noun: `1 file`, `2 files`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def size(octets: int) -> str:
    """Returns a number of bytes for reading, in powers of ten: `900 B`, `1.2 MB`."""
    power = min((len(str(octets)) - 1) // 3, 4)
    amount = octets / 1000**power
    return f"{amount:.1f} {UNITS[power]}" if power and amount < 100 else f"{amount:.0f} {UNITS[power]}"
