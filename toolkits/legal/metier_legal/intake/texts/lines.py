"""Lines of a text document in a stream, strictly decoded."""

import json
from collections.abc import Iterator
from typing import Any, Final

from metier.errors import InputError
from metier_legal.intake.files.document import Document

LONGEST_LINE: Final = 64 * 1024 * 1024

_CHUNK: Final = 1 << 18


def stream_lines(document: Document) -> Iterator[tuple[int, str]]:
    """Returns the lines of a UTF-8 document with their numbers from 1, without line ends.

    Raises InputError naming the line that is not UTF-8, holds a NUL byte or is longer than LONGEST_LINE.
    """
    for number, line in enumerate(_split(document), start=1):
        if b"\x00" in line:
            raise InputError(f"{document.name}, line {number}: a NUL byte does not belong in a text.")
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError as error:
            raise InputError(
                f"{document.name}, line {number}: the line is not UTF-8.", hint="Save the file as UTF-8."
            ) from error
        yield number, (text.removeprefix("\ufeff") if number == 1 else text)


def stream_objects(document: Document) -> Iterator[tuple[int, dict[str, Any]]]:
    """Returns the JSON object of each line that is not blank, with the number of the line.

    Raises InputError naming the line that is no JSON object.
    """
    for number, line in stream_lines(document):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (json.JSONDecodeError, RecursionError) as error:
            raise InputError(
                f"{document.name}, line {number}: the line is no JSON.", hint="One object a line; fetch it again."
            ) from error
        if not isinstance(value, dict):
            raise InputError(f"{document.name}, line {number}: the line is no JSON object.", hint="One object a line.")
        yield number, value


def _split(document: Document) -> Iterator[bytes]:
    rest = b""
    with document.open() as stream:
        while data := stream.read(_CHUNK):
            *lines, rest = (rest + data).split(b"\n")
            yield from (line.removesuffix(b"\r") for line in lines)
            if len(rest) > LONGEST_LINE:
                raise InputError(f"{document.name} has a line of more than {LONGEST_LINE >> 20} MB.")
    if rest:
        yield rest.removesuffix(b"\r")
