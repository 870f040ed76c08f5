"""JSON documents as streams of objects: one object, a list, a page of an API ("results"), or one object a line."""

import json
from collections.abc import Iterator
from typing import Any, Final

from metier.errors import InputError
from metier_legal.intake.files.document import Document, Stream, read_whole

LINE_BYTES: Final = 64 * 1024 * 1024
_CHUNK: Final = 1 << 20
_PAGES: Final = ("results", "cases", "data")


def read_lines(document: Document) -> Iterator[tuple[int, str]]:
    """Returns number and text of each line that is not blank.

    Raises InputError for a line that is no UTF-8 or longer than LINE_BYTES.
    """
    with document.open() as stream:
        for number, line in enumerate(_cut_lines(stream, document.name), 1):
            try:
                text = line.decode("utf-8-sig" if number == 1 else "utf-8").strip()
            except UnicodeDecodeError as error:
                raise InputError(
                    f"{document.name}, line {number}: not UTF-8 text.", hint="Save the file as UTF-8."
                ) from error
            if text:
                yield number, text


def _cut_lines(stream: Stream, name: str) -> Iterator[bytes]:
    parts: list[bytes] = []
    length = 0
    while chunk := stream.read(_CHUNK):
        *whole, rest = chunk.split(b"\n")
        for line in whole:
            yield b"".join((*parts, line))
            parts, length = [], 0
        parts.append(rest)
        length += len(rest)
        if length > LINE_BYTES:
            raise InputError(f"{name} has a line of more than {LINE_BYTES >> 20} MB.", hint="Write one object a line.")
    if length:
        yield b"".join(parts)


def parse_object(text: str, where: str) -> dict[str, Any]:
    """Returns the JSON object of a text; raises InputError that begins with `where` for anything else."""
    value = _parse(text, where)
    if not isinstance(value, dict):
        raise InputError(f"{where}: a JSON object was expected.", hint="Write one object, {...}, a line.")
    return value


def read_objects(document: Document) -> Iterator[tuple[str, dict[str, Any]]]:
    """Returns each object of a JSON document with the words that name its place ("cases.json, line 3").

    A list or a page of results gives its members. Raises InputError for what is no JSON, for what is not an object,
    and for a document too large to be read at once that is not one object a line.
    """
    if _is_lines(document):
        for number, text in read_lines(document):
            where = f"{document.name}, line {number}"
            yield where, parse_object(text, where)
        return
    try:
        text = read_whole(document).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{document.name} is not UTF-8 text.", hint="Save the file as UTF-8.") from error
    for number, value in enumerate(_members(_parse(text, document.name)), 1):
        where = f"{document.name}, object {number}"
        if not isinstance(value, dict):
            raise InputError(f"{where}: a JSON object was expected.", hint="Give a list of objects.")
        yield where, value


def _is_lines(document: Document) -> bool:
    first, ends, _ = document.head.partition(b"\n")
    if document.name.endswith((".jsonl", ".ndjson")):
        return True
    if not ends:
        return False
    try:
        return isinstance(json.loads(first.decode("utf-8-sig")), dict)
    except (ValueError, RecursionError):
        return False


def _members(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        return next((value[key] for key in _PAGES if isinstance(value.get(key), list)), [value])
    return [value]


def _parse(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(f"{where}: no JSON: {error.msg} at column {error.colno}.", hint="Check the file.") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where}: the JSON cannot be read.", hint="It is nested too deeply or too long.") from error
