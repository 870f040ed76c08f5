"""The letters of the picture: Noto Sans (Latin, Greek, Cyrillic); names in other scripts go by their number."""

from functools import cache
from importlib.resources import as_file, files

from PIL import ImageFont

# Basic Latin to Cyrillic, Latin and Greek extended, punctuation, currency: what Noto Sans draws.
_DRAWN = ((0x20, 0x52F), (0x1E00, 0x1FFF), (0x2010, 0x205E), (0x20A0, 0x20BF))


@cache
def font_of(size: int) -> ImageFont.FreeTypeFont:
    """Returns the font at `size` pixels."""
    with as_file(files("fontpkg_noto_sans") / "files" / "NotoSans[wdth,wght].ttf") as path:
        return ImageFont.truetype(str(path), size)


def is_drawn(text: str) -> bool:
    """Returns whether the font has every letter of the text."""
    return all(any(low <= ord(letter) <= high for low, high in _DRAWN) for letter in text)


def drawable(text: str, otherwise: str) -> str:
    """Returns the text where the font can draw it, else `otherwise`."""
    return text if is_drawn(text) else otherwise


def break_lines(text: str, size: int, width: float) -> list[str]:
    """Returns the text in lines of at most `width` pixels; a single longer word keeps a line of its own."""
    font = font_of(size)
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
