"""JSON as these weights write it: read strictly, but for line breaks in strings, where only one reading is possible."""

import json
from typing import Any

from metier.canonical import JSON, is_json


def read_json(text: str, at: int = 0) -> tuple[JSON, int]:
    """Returns the JSON value at `at`, which may stand before other text, and where it ends.

    Control characters in strings are taken as they are. Raises ValueError, which says what is wrong, for what is no
    JSON: infinite numbers, a key that comes twice and bottomless depth among it.
    """
    try:
        value, end = _DECODER.raw_decode(text, at)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    if not is_json(value):
        raise ValueError("it holds a number that is none, or is nested too deeply")
    read: JSON = value
    return read, end


def read_object(text: str) -> dict[str, JSON] | None:
    """Returns the JSON object that `text` is, or None when it is anything else, or more than that."""
    stripped = text.strip()
    try:
        value, end = read_json(stripped)
    except ValueError:
        return None
    return value if isinstance(value, dict) and end == len(stripped) else None


def write_json(value: object) -> str:
    """Returns `value` as the weights were shown JSON: keys in their order, a space behind colon and comma."""
    return json.dumps(value, ensure_ascii=False)


def kind_of(value: JSON) -> str:
    """Returns what kind of JSON a value is, as a model is told it."""
    kinds: tuple[tuple[type | tuple[type, ...], str], ...] = (
        (bool, "true or false"),
        (str, "a text"),
        ((int, float), "a number"),
        (list, "a list"),
    )
    return next((name for kind, name in kinds if isinstance(value, kind)), "null")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) < len(pairs):
        raise ValueError("a key comes twice")
    return read


_DECODER = json.JSONDecoder(strict=False, object_pairs_hook=_object)
