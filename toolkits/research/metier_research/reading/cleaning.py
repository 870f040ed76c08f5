"""Text without what nobody sees: control, direction, zero-width and tag characters. Pure."""

import re
import unicodedata
from typing import Final

_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
_JOINER: Final = re.compile(
    "(?<![\u0600-\u1cff\ua800-\uabff])[\u200c\u200d]|[\u200c\u200d](?![\u0600-\u1cff\ua800-\uabff])"
)
_LINE_END: Final = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_BLANK: Final = re.compile(r"[^\S\n]+")
_MARGIN: Final = re.compile(r" ?\n ?")
_GAP: Final = re.compile(r"\n{3,}")


def clean(text: str) -> str:
    """Returns the text in Unicode's form C, line ends as line feeds, without characters that are not seen.

    Joiners stay where scripts need them (Arabic, Indic). White space stays as it is.
    """
    if text.isascii() and text.isprintable():
        return text
    seen = _JOINER.sub("", _UNSEEN.sub("", _LINE_END.sub("\n", text)))
    return unicodedata.normalize("NFC", seen)


def tidy(text: str) -> str:
    """Returns the clean text with white space made one: a space within a line, at most one empty line between lines."""
    return _GAP.sub("\n\n", _MARGIN.sub("\n", _BLANK.sub(" ", clean(text)))).strip()


def one_line(text: str) -> str:
    """Returns the clean text on one line."""
    return " ".join(clean(text).split())
