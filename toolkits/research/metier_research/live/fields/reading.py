"""Reading fields of JSON that nobody validated: of the right type, or as good as absent. Pure."""

from typing import Final

from metier.canonical import JSON
from metier.errors import ServerError
from metier_research.live.fields.words import plain_text

_MOST: Final = 2**53  # what every JSON reader has as a whole number
_TELLING: Final = ("error", "errors", "detail", "message", "title")
_TOLD: Final = 160  # characters
_DEPTH: Final = 5
Fields = dict[str, JSON]


def object_of(value: JSON, *path: str) -> Fields:
    """Returns the object at the path of names, an empty one when there is none."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def objects_of(value: JSON, *path: str) -> list[Fields]:
    """Returns the objects in the list at the path; what else stands in it is left out."""
    return [member for member in list_of(value, *path) if isinstance(member, dict)]


def list_of(value: JSON, *path: str) -> list[JSON]:
    """Returns the list at the path, an empty one when there is none."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, list) else []


def text_of(fields: Fields, *names: str) -> str:
    """Returns the first of the fields that is a text with something in it; "" when none is."""
    for name in names:
        value = fields.get(name)
        if isinstance(value, str) and value.strip():
            return value
    return ""


def whole_of(fields: Fields, name: str) -> int | None:
    """Returns a field that is a whole number, zero or more; None for anything else."""
    value = fields.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value < _MOST else None


def told_in(value: JSON) -> str:
    """Returns what the body of an error says in words, on one line; "" when it says nothing."""
    for _ in range(_DEPTH):
        if isinstance(value, str):
            return plain_text(value, _TOLD)
        if isinstance(value, list):
            value = value[0] if value else None
        if not isinstance(value, dict):
            return ""
        value = next((value[name] for name in _TELLING if value.get(name)), None)
    return ""


def answer_of(value: JSON, source: str, *path: str) -> list[Fields]:
    """Returns the objects in the list at the path of an answer.

    Raises ServerError when there is no list where the results belong: that is no answer, and not the answer "nothing".
    """
    here = object_of(value, *path[:-1]).get(path[-1])
    if not isinstance(here, list):
        words = told_in(value)
        raise ServerError(
            f"{source} answered with an error: {words}" if words else f"{source} answered with no list of results.",
            hint="Ask another source, or later.",
        )
    return [member for member in here if isinstance(member, dict)]
