"""Texts of strangers made fit to be shown: nothing in them hides, reorders or overprints anything. Pure."""

from itertools import groupby
from typing import Final
from unicodedata import category, combining

# Cc control, Cf format (zero width, direction overrides, tags), Cs lone surrogates, Cn noncharacters.
_HIDDEN: Final = frozenset(("Cc", "Cf", "Cs", "Cn"))
# Letters that are drawn as nothing at all.
_BLANK: Final = frozenset((0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x2800, 0x3164, 0xFFA0))
MOST_MARKS: Final = 4  # combining marks on one letter; more of them overprint the lines around it


class _Shown(dict[int, str | None]):
    """What each code point is shown as, worked out when it is first met."""

    def __missing__(self, code: int) -> str | None:
        letter = chr(code)
        if letter in "\n\t":
            shown: str | None = letter
        elif code in (0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029):
            shown = "\n"
        else:
            shown = None if category(letter) in _HIDDEN or code in _BLANK else letter
        self[code] = shown
        return shown


_SHOWN: Final = _Shown()


def clean(text: str) -> str:
    """Returns the text as it may be shown: line feeds and tabs stay, other control and format characters go.

    Direction overrides, zero-width characters, tag characters, lone surrogates and noncharacters are left out, and
    of more than four combining marks in a row the rest. The exact text is in memo.json.
    """
    if text.isascii() and text.isprintable():
        return text
    shown = text.replace("\r\n", "\n").translate(_SHOWN)
    return shown if shown.isascii() else _thin_marks(shown)


def _thin_marks(text: str) -> str:
    parts = []
    for marks, letters in groupby(text, key=lambda letter: combining(letter) > 0):
        run = "".join(letters)
        parts.append(run[:MOST_MARKS] if marks else run)
    return "".join(parts)


def one_line(text: str) -> str:
    """Returns the text cleaned and on one line."""
    return " ".join(clean(text).split())


def paragraphs(text: str) -> tuple[str, ...]:
    """Returns the cleaned lines of a text that hold anything, each on one line."""
    return tuple(line for line in (" ".join(part.split()) for part in clean(text).split("\n")) if line)
