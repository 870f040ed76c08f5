"""What a style hides (CSS): not displayed, of no size, out of the picture, or in the colour of its ground. Pure."""

import re
from collections.abc import Mapping
from typing import Final

import tinycss2
from tinycss2.color3 import RGBA, parse_color

_WHITE: Final = RGBA(1.0, 1.0, 1.0, 1.0)
_NEAR: Final = 0.08  # of a channel: what an eye does not tell apart
_LONGEST: Final = 4_000
_FAR: Final = -400.0
_TINY: Final = {"px": 2.0, "pt": 1.5, "em": 0.15, "rem": 0.15, "ex": 0.3, "%": 15.0, "vw": 0.2, "vh": 0.2, "": 0.0}
_LENGTH: Final = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))(px|pt|rem|em|ex|%|vw|vh)?")
_OUT_OF_PICTURE: Final = ("left", "top", "right", "bottom", "margin-left", "margin-top", "text-indent")
_CUT: Final = re.compile(
    r"rect\(\s*[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?|inset\(\s*(?:50|100)%|circle\(\s*0"
)
_SHRUNK: Final = re.compile(r"scale[xy3d]*\(\s*0*(?:\.0+)?[\s,)]|translate[xy3d]*\(\s*-\d{3,}")
SHOWING: Final = frozenset(
    ("display", "visibility", "opacity", "font-size", "color", "clip", "clip-path", "content-visibility")
)
"""The properties with which a later rule can show again what an earlier one hides."""

Style = Mapping[str, str]


def read_style(written: str) -> dict[str, str]:
    """Returns the declarations of a style attribute or a rule, in small letters; of a name the last counts."""
    declared = tinycss2.parse_blocks_contents(written[:_LONGEST], skip_comments=True, skip_whitespace=True)
    return {
        one.lower_name: tinycss2.serialize([part for part in one.value if part.type != "comment"]).strip().lower()
        for one in declared
        if one.type == "declaration"
    }


def is_hiding(style: Style) -> bool:
    """Returns whether the style hides its element, whatever the colours."""
    return (
        style.get("display", "") == "none"
        or style.get("visibility", "") in ("hidden", "collapse")
        or style.get("content-visibility", "") == "hidden"
        or _is_faint(style.get("opacity", ""))
        or _is_tiny(style.get("font-size", ""))
        or _is_sizeless(style)
        or _CUT.search(style.get("clip", "") + style.get("clip-path", "")) is not None
        or _SHRUNK.search(style.get("transform", "")) is not None
        or any(_length(style.get(name, ""), "px") <= _FAR for name in _OUT_OF_PICTURE)
    )


def colour_of(written: str) -> RGBA | None:
    """Returns a colour (CSS Color 3); None for what is none, for an image and for what is inherited."""
    found = parse_color(written.removesuffix("!important").strip())
    return found if isinstance(found, RGBA) else None


def ground_of(style: Style) -> RGBA | None:
    """Returns the colour behind the element's text that the style sets; None when it sets none."""
    written = style.get("background-color") or style.get("background", "")
    found = colour_of(written) or next((one for word in written.split() if (one := colour_of(word))), None)
    return None if found is None or found.alpha == 0 else found


def is_invisible(colour: RGBA, ground: RGBA | None) -> bool:
    """Returns whether text of the colour cannot be told from its ground; an unknown ground is white."""
    behind = ground or _WHITE
    return colour.alpha < 0.05 or all(
        abs(one - other) < _NEAR for one, other in zip(colour[:3], behind[:3], strict=True)
    )


def _is_faint(written: str) -> bool:
    value = _length(written.removesuffix("%"), "")
    return bool(written) and value <= (5.0 if written.endswith("%") else 0.05)


def _is_tiny(written: str) -> bool:
    found = _LENGTH.match(written)
    return found is not None and float(found[1]) <= _TINY[found[2] or ""]


def _is_sizeless(style: Style) -> bool:
    """Returns whether the element is cut to a box of nothing, as text for screen readers is."""
    if style.get("overflow", style.get("overflow-x", "")) not in ("hidden", "clip"):
        return False
    return any(
        0 <= _length(style.get(name, "none"), "px") <= 1 for name in ("width", "height", "max-width", "max-height")
    )


def _length(written: str, unit: str) -> float:
    """Returns a length as a number, in whatever unit; a large one for what is no length."""
    found = _LENGTH.match(written)
    if found is None:
        return float("inf")
    scale = 16.0 if unit == "px" and found[2] in ("em", "rem") else 1.0
    return float(found[1]) * scale
