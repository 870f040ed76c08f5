"""What no message can hold, found before it is sent: a model may write anything. Pure."""

import re
from collections.abc import Mapping
from math import isfinite
from typing import Any

from metier.canonical import JSON
from metier.errors import ToolError

_HALF = re.compile("[\ud800-\udfff]")


def check_sendable(tool: str, arguments: Mapping[str, JSON]) -> None:
    """Raises ToolError for arguments with half of a surrogate pair, or a number that JSON does not have."""
    left: list[Any] = [arguments]
    while left:
        match left.pop():
            case str(text) if not text.isascii() and _HALF.search(text):
                raise ToolError(f"The arguments of {tool!r} hold half of a character.", hint="Write it whole.")
            case float(number) if not isfinite(number):
                raise ToolError(f"The arguments of {tool!r} hold {number}, which is no number of JSON.")
            case Mapping() as inner:
                left += [*inner, *inner.values()]
            case list(items):
                left += items
