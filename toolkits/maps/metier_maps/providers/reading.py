"""What remote servers answer, read with care: JSON in a text, numbers in strings, `[]` for what is missing. Pure."""

import json
import math
import re
from collections.abc import Mapping
from typing import Any, Final

from metier_maps.providers.plan import Reply

LONGEST_TEXT: Final = 300
LONGEST_ERROR: Final = 2_000
_QUOTED: Final = 120
_MISSING: Final = frozenset({"", "[]", "{}", "null", "none", "nan", "undefined"})
_PAGE: Final = re.compile(r"\s*(?:<!doctype\s+html|<html|<head|<body|<\?xml)", re.IGNORECASE)
_HIDDEN: Final = re.compile(r"\S*(?:://|=)\S*")


def read_json(reply: Reply) -> Any:
    """Returns the JSON that the reply's text is; raises ValueError, saying what it is instead, for any other text."""
    if _PAGE.match(reply.text):
        raise ValueError("a web page instead of JSON")
    try:
        return json.loads(reply.text)
    except (ValueError, RecursionError) as error:
        raise ValueError("a text that is no JSON") from error


def text_of(value: object) -> str | None:
    """Returns a text on one line, shortened; None for what is missing, however the source writes that."""
    if not isinstance(value, str):
        return None
    line = " ".join("".join(char if char.isprintable() else " " for char in value).split())
    return None if line.casefold() in _MISSING else line[:LONGEST_TEXT]


def first_text(record: Mapping[str, object], *names: str) -> str | None:
    """Returns the first of the fields that has a text, or None."""
    return next((text for name in names if (text := text_of(record.get(name))) is not None), None)


def number_of(value: object) -> float | None:
    """Returns a finite number, also one written as a text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def whole_of(value: object) -> int | None:
    """Returns a duration or distance as a whole number, at least 0; None for anything else."""
    number = number_of(value)
    return None if number is None or number < 0 else round(number)


def records_of(value: object) -> list[Mapping[str, object]]:
    """Returns the objects in a list; what is no list has none."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def record_of(value: object) -> Mapping[str, object]:
    """Returns the object, or an empty one for what is none."""
    return value if isinstance(value, dict) else {}


def plain_words(said: str) -> str:
    """Returns a remote server's words on one line, without addresses and arguments: keys stand in them."""
    line = " ".join(_HIDDEN.sub(" ", said[:LONGEST_ERROR]).split())
    return "".join(char for char in line if char.isprintable())


def quotable(said: str) -> str:
    """Returns a remote server's words as an error may show them: plain and short."""
    plain = plain_words(said)
    return plain[: _QUOTED - 1] + "…" if len(plain) > _QUOTED else plain
