"""Reading fields of JSON objects that nobody validated: of the right type, or as good as absent. Pure."""

import re
from datetime import date
from typing import Any, Final

_DATE: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?!\d)")


def text_of(fields: dict[str, Any], *names: str) -> str:
    """Returns the first of the fields that is a text with something in it, or a number as text; "" when none is."""
    for name in names:
        value = fields.get(name)
        if isinstance(value, str) and value.strip():
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
    return ""


def object_of(fields: dict[str, Any], name: str) -> dict[str, Any]:
    """Returns a field that is an object, or an empty one."""
    value = fields.get(name)
    return value if isinstance(value, dict) else {}


def objects_of(fields: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Returns the objects in a field that is a list."""
    value = fields.get(name)
    return [member for member in value if isinstance(member, dict)] if isinstance(value, list) else []


def texts_of(fields: dict[str, Any], name: str) -> list[str]:
    """Returns the texts and numbers in a field that is a list, as texts."""
    value = fields.get(name)
    members = value if isinstance(value, list) else []
    return [str(member) for member in members if isinstance(member, str | int) and not isinstance(member, bool)]


def date_of(text: str) -> date | None:
    """Returns the date at the beginning of a text, "2017-05-30" or longer; None when it has no day or is none."""
    match = _DATE.match(text.strip())
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None
