"""Text that a reader of the page does not see, and that may therefore not reach one who reads the corpus. Pure."""

import re
from typing import Final

from metier_legal.intake.batch import Fault
from metier_legal.intake.texts.hidden import is_hidden_style, strip_unseen

_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_OFF_PAGE: Final = re.compile(r"(?:left|top|text-indent)\s*:\s*-\d{3,}|visibility\s*:\s*collapse", re.IGNORECASE)


def remove_unseen(text: str) -> tuple[str, int]:
    """Returns the text without characters that print nothing, and how many there were. Line and page ends stay."""
    text, unseen = strip_unseen(text)
    text, control = _CONTROL.subn("", text)
    return text, unseen + control


def hides(style: str) -> bool:
    """Returns whether a CSS declaration keeps its element from a reader: not displayed, tiny, white or off the page."""
    return is_hidden_style(style) or _OFF_PAGE.search(style) is not None


def tell_unseen(where: str, count: int) -> Fault:
    """Returns the fault that `count` hidden characters or elements were taken out of the text at `where`."""
    return Fault(where, f"Hidden text was left out ({count} {'place' if count == 1 else 'places'}).")
