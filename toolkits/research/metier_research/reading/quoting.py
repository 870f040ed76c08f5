"""Where a quote stands in a text, whatever its white space, dashes and quotation marks. Pure; linear time."""

import re
import unicodedata
from array import array
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

REMEMBERED: Final = 64
_LONGEST: Final = 20_000
_MOST_TRIES: Final = 100  # places looked at before giving up
_DASHES: Final = "‐‑‒–—―−﹘﹣－"
_SINGLE: Final = "‘’‚‛`´ʼ＇′"
_DOUBLE: Final = "“”„‟«»「」『』〝〞＂″"
_LIGATURES: Final = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_UNSEEN: Final = "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff"
_WIDE: Final = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_PLAIN: Final[dict[str, str]] = (
    _WIDE
    | _LIGATURES
    | dict.fromkeys(_DASHES, "-")
    | dict.fromkeys(_SINGLE, "'")
    | dict.fromkeys(_DOUBLE, '"')
    | dict.fromkeys(_UNSEEN, "")
)
_PIECE: Final = re.compile(
    r"(?P<plain>(?:[A-Za-z0-9,.;:!?()\[\]'\"/%$#&*+=_-](?![\u0300-\u036f]))+)|(?P<white>\s+)|(?P<sign>.)(?P<marks>[\u0300-\u036f]*)",
    re.S,
)
_LINE_HYPHEN: Final = re.compile(r"(?<=[^\W\d_])[-‐\u00ad][ \t]*\r?\n[ \t]*(?=[^\W\d_])")
_UNSPACED: Final = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
# Where words have no visible ends: also Korean, whose particles stick to them, and Thai, Lao and Khmer.
_ENDLESS: Final = re.compile(
    r"[\u0e00-\u0eff\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]"
)
_EDGES: Final = " \"'"


@dataclass(frozen=True, slots=True)
class _Plain:
    """A text as quotes are compared in it; sign i of it came from `original[starts[i]:ends[i]]`."""

    text: str
    starts: "array[int]"
    ends: "array[int]"


class _Writer:
    """Gathers the plain text with the place of every sign."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._starts = array("L")
        self._ends = array("L")

    def copy(self, text: str, start: int) -> None:
        """Writes text that stands so in the original."""
        self._pieces.append(text)
        self._starts.extend(range(start, start + len(text)))
        self._ends.extend(range(start + 1, start + len(text) + 1))

    def put(self, text: str, start: int, end: int) -> None:
        """Writes text that stands for `original[start:end]`."""
        self._pieces.append(text)
        self._starts.extend([start] * len(text))
        self._ends.extend([end] * len(text))

    def close(self) -> _Plain:
        """Returns what was written."""
        return _Plain("".join(self._pieces), self._starts, self._ends)


def find_quote(quote: str, text: str) -> tuple[int, int] | None:
    """Returns where the quote stands in the text, as the span of its own characters; None where it does not.

    White space, dashes, quotation marks, ligatures, full-width forms, soft hyphens and hyphens at a line's end count
    as what they mean; capitals, digits and all other signs as they are. A quote never begins or ends inside a word or
    a number: "5 million" does not stand in "15 million". The first place counts.
    """
    if len(quote) > _LONGEST:
        return None
    for hyphen in ("-", ""):
        wanted = _fold(quote, hyphen).text.strip(_EDGES)
        if not wanted:
            return None
        found = _find(wanted, _fold(text, hyphen), text)
        if found is not None or not (_LINE_HYPHEN.search(text) or _LINE_HYPHEN.search(quote)):
            return found
    return None


def is_same_wording(one: str, other: str) -> bool:
    """Returns whether two texts say the same words, whatever their white space, dashes and quotation marks."""
    return _fold(one, "-").text.strip(_EDGES) == _fold(other, "-").text.strip(_EDGES)


def _find(wanted: str, plain: _Plain, text: str) -> tuple[int, int] | None:
    at = -1
    for _ in range(_MOST_TRIES):
        at = plain.text.find(wanted, at + 1)
        if at < 0:
            return None
        start, end = plain.starts[at], plain.ends[at + len(wanted) - 1]
        if not _is_inside(text, start, end):
            return start, end
    return None


def _is_inside(text: str, start: int, end: int) -> bool:
    """Returns whether the span begins or ends inside a word or a number."""
    return _is_joined(text[max(0, start - 2) : start], text[start], before=True) or _is_joined(
        text[end : end + 2], text[end - 1], before=False
    )


def _is_joined(beside: str, edge: str, *, before: bool) -> bool:
    if not beside or not _is_word(edge):
        return False
    next_to = beside[-1] if before else beside[0]
    if _is_word(next_to):
        return True
    if not edge.isdigit():
        return False
    beyond = beside[0] if before else beside[-1]
    if len(beside) == 2 and next_to in ".," and beyond.isdigit():
        return True
    return before and next_to in "-−" and (len(beside) == 1 or beyond.isspace() or beyond in "([")


def _is_word(sign: str) -> bool:
    return sign.isalnum() and not _ENDLESS.match(sign)


@lru_cache(maxsize=REMEMBERED)
def _fold(text: str, hyphen: str) -> _Plain:
    """Returns the text made plain. A hyphen at the end of a line, with that end, becomes `hyphen`."""
    out = _Writer()
    at = 0
    for broken in _LINE_HYPHEN.finditer(text):
        _fold_stretch(out, text, at, broken.start())
        out.put(hyphen, *broken.span())
        at = broken.end()
    _fold_stretch(out, text, at, len(text))
    return out.close()


def _fold_stretch(out: _Writer, text: str, start: int, end: int) -> None:
    for piece in _PIECE.finditer(text, start, end):
        if piece["plain"] is not None:
            out.copy(piece[0], piece.start())
        elif piece["white"] is not None:
            out.put(_space(text, *piece.span()), *piece.span())
        else:
            out.put(_sign(piece[0]), *piece.span())


def _space(text: str, start: int, end: int) -> str:
    """Returns what white space counts as: nothing at the ends and beside signs that are written without spaces."""
    if start == 0 or end == len(text):
        return ""
    return "" if _UNSPACED.match(text[start - 1]) or _UNSPACED.match(text[end]) else " "


def _sign(signs: str) -> str:
    return "".join(_PLAIN.get(sign, sign) for sign in unicodedata.normalize("NFC", signs))
