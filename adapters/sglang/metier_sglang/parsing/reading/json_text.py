"""Reads JSON from a response that is still arriving: finds where a value ends, and fails where it cannot be JSON.

Only brackets, strings and the letters that may stand between them are held against the grammar (RFC 8259) here: enough
to know the end, and to stop at the first character of a broken value instead of running through the rest of a response.
Whoever reads a value has it checked as a whole afterwards.
"""

import json
import re
from collections.abc import Callable

from metier_sglang.parsing.reading.source import BrokenCall, Source, Steps

MAX_DEPTH = 128

_INSIDE = r'[^"\\\x00-\x1f]*+(?:\\[^\x00-\x1f][^"\\\x00-\x1f]*+)*+'
_STRING_PART = re.compile(_INSIDE)
_FLAT = re.compile(rf'(?:[-+0-9.eEtrufalsn,: \t\r\n]++|"{_INSIDE}")*+')  # up to a bracket or an unfinished string
_SCALAR = re.compile(r"[-+0-9.eEtrufalsn]*+")
_BRACKETS = {"{": 1, "[": 1, "}": -1, "]": -1}


def read_value(source: Source, give: Callable[[str], None]) -> Steps[None]:
    """Reads one JSON value and gives its text in pieces; raises BrokenCall where it breaks off or cannot be JSON."""
    letter = yield from source.peek()
    if letter == '"':
        yield from _read_string(source, give)
    elif letter in ("{", "["):
        yield from _read_brackets(source, give)
    else:
        yield from _read_scalar(source, give)


def read_text(source: Source, what: str) -> Steps[str]:
    """Reads a JSON string and returns what it says; raises BrokenCall, naming `what` it is, when none comes."""
    letter = yield from source.peek()
    if letter != '"':
        raise BrokenCall(f"{what} must be a JSON string, {_name(letter)} stands there.")
    pieces: list[str] = []
    yield from _read_string(source, pieces.append)
    try:
        return str(json.loads("".join(pieces)))
    except ValueError as error:
        raise BrokenCall(f"{what} is not valid JSON: {error}.") from error


def read_mark(source: Source, *marks: str) -> Steps[str]:
    """Reads white space and the one of `marks` that must come; raises BrokenCall, saying what stands there instead."""
    yield from source.skip_spaces()
    mark = yield from source.match(*marks)
    if not mark:
        letter = yield from source.peek()
        raise BrokenCall(f"{' or '.join(map(repr, marks))} is missing, {_name(letter)} stands there.")
    return mark


def _name(letter: str) -> str:
    return repr(letter) if letter else "the end of the response"


def _read_scalar(source: Source, give: Callable[[str], None]) -> Steps[None]:
    begun = False
    while (yield from source.more()) and (piece := source.run(_SCALAR)):
        give(piece)
        begun = True
    if not begun:
        letter = yield from source.peek()
        raise BrokenCall(f"A JSON value is missing, {_name(letter)} stands there.")


def _read_string(source: Source, give: Callable[[str], None]) -> Steps[None]:
    begin = source.position
    give((yield from source.take(1)))
    while True:
        give(source.run(_STRING_PART))
        letter = yield from source.peek()
        if letter in ('"', "\\"):
            pair = yield from source.take(1 if letter == '"' else 2)
            give(pair)
            if letter == '"':
                return
            letter = pair[1:]  # of an escape: "" at the end of the response, and never a control character
        if letter < " ":
            fault = f"holds {letter!r}, which must be written escaped" if letter else "is never closed"
            raise BrokenCall(f"A JSON string {fault}.", back=begin + 1)


def _read_brackets(source: Source, give: Callable[[str], None]) -> Steps[None]:
    depth = 0
    while True:
        give(source.run(_FLAT))
        letter = yield from source.peek()
        if letter == '"':
            yield from _read_string(source, give)
        elif letter in _BRACKETS:
            depth += _BRACKETS[letter]
            give((yield from source.take(1)))
            if depth == 0:
                return
            if depth > MAX_DEPTH:
                raise BrokenCall(f"The JSON is nested deeper than {MAX_DEPTH} levels.")
        elif letter == "":
            raise BrokenCall("The JSON breaks off before its last bracket.")
        elif not _FLAT.match(letter).end():  # type: ignore[union-attr]
            raise BrokenCall(f"{letter!r} can not stand in JSON outside a string.")
