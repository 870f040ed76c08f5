"""Text in pictures, by Tesseract: an extra of this distribution, and the program."""

import shutil
from importlib import import_module
from importlib.util import find_spec
from io import BytesIO
from typing import Final

from metier.errors import InputError, MissingError
from metier_research.files.paging import make_page
from metier_research.pages.page import Page

EXTRA: Final = "pictures"
_MOST_PIXELS: Final = 50_000_000
_SECONDS: Final = 60
_FORMATS: Final = ("BMP", "GIF", "JPEG", "PNG", "TIFF", "WEBP")


def read_picture(data: bytes, name: str) -> Page:
    """Returns the page of the words that stand in a picture, as they were recognised; they may be wrong.

    Raises MissingError without the extra or the program, and InputError for a damaged picture, one of more than 50
    million pixels, or one without words.
    """
    if find_spec("pytesseract") is None or find_spec("PIL") is None or shutil.which("tesseract") is None:
        raise MissingError(
            f"{name} is a picture; reading the words in it needs an extra.",
            hint=f"pip install 'metier-research[{EXTRA}]', and the program tesseract (apt install tesseract-ocr).",
        )
    image, tesseract = import_module("PIL.Image"), import_module("pytesseract")
    try:
        with image.open(BytesIO(data), formats=_FORMATS) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                raise InputError(f"{name} has more than {_MOST_PIXELS:,} pixels.", hint="Make it smaller.")
            text = tesseract.image_to_string(picture.convert("RGB"), timeout=_SECONDS)
    except (OSError, ValueError, SyntaxError, RuntimeError, image.DecompressionBombError) as error:
        raise InputError(f"{name} is damaged or takes too long to read.", hint="Save it anew.") from error
    return make_page(name, text, title=name, notes=("These words were recognised in a picture.",))
