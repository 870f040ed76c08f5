"""Characters that a reader cannot see. They are taken out of every text, and the taking out is told."""

import re
from typing import Final

_UNSEEN: Final = re.compile("[\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\U000e0000-\U000e007f]")
_STYLE: Final = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0*(?:\.\d+|[01])(?:\.\d+)?\s*(?:px|pt|em|%)?\s*(?:;|$)"
    r"|opacity\s*:\s*0*(?:\.0+)?\s*(?:;|$)",
    re.IGNORECASE,
)
_COLOUR: Final = re.compile(r"(?<![\w-])color\s*:\s*([^;]+)", re.IGNORECASE)
_GROUND: Final = re.compile(r"background(?:-color)?\s*:\s*([^;]+)", re.IGNORECASE)
_WHITE: Final = frozenset(("white", "#fff", "#ffffff", "rgb(255,255,255)", "ffffff"))


def strip_unseen(text: str) -> tuple[str, int]:
    """Returns the text without zero-width, direction and tag characters, and how many there were."""
    return _UNSEEN.subn("", text)


def is_hidden_style(style: str) -> bool:
    """Returns whether a CSS style hides its element: not displayed, of no size, or white on white."""
    if _STYLE.search(style):
        return True
    colour = _COLOUR.search(style)
    if colour is None:
        return False
    ground = _GROUND.search(style)
    written = _flatten(colour[1])
    return written in _WHITE if ground is None else _flatten(ground[1]) == written


def is_white(colour: str) -> bool:
    """Returns whether a colour, as CSS or Word writes it, is white."""
    return _flatten(colour) in _WHITE


def _flatten(colour: str) -> str:
    return re.sub(r"\s|!important", "", colour).lower()
