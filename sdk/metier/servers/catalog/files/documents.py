"""JSON and TOML that people and other programs wrote, read with a cap on their size; every fault names the file."""

import json
import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeGuard

from metier.errors import InputError, StorageError

MOST_BYTES = 1 << 20

# A string as it stands, or a comment, or the comma before a closing bracket.
_ODDITY = re.compile(r'("(?:\\.|[^"\\])*(?:"|\\?\Z))|//[^\n]*|/\*.*?(?:\*/|\Z)', re.DOTALL)
_COMMA = re.compile(r'("(?:\\.|[^"\\])*(?:"|\\?\Z))|,(?=\s*[}\]])', re.DOTALL)


def read_file(path: Path) -> bytes | None:
    """Returns what is in the file, None where there is none; raises InputError for a huge one, StorageError."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise StorageError(
            f"Cannot read {path}: {error.strerror or error}.", hint="See what it is, and who may read it."
        ) from error
    if len(data) > MOST_BYTES:
        raise InputError(f"{path} is larger than {MOST_BYTES >> 20} MiB.", hint="It can be no list of servers.")
    return data


def parse_toml(data: bytes, what: str) -> dict[str, Any]:
    """Returns the tables; raises InputError that names `what`."""
    try:
        return tomllib.loads(_text(data, what))
    except (ValueError, RecursionError) as error:
        raise InputError(f"{what} is not TOML: {_said(error)}.") from error


def parse_json(data: bytes, what: str) -> dict[str, Any]:
    """Returns the object; comments and commas too many are passed over. Raises InputError that names `what`."""
    text = _ODDITY.sub(lambda found: found[1] or " ", _text(data, what))
    try:
        value = json.loads(_COMMA.sub(lambda found: found[1] or "", text), object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{what} is not JSON: {_said(error)}.") from error
    if not is_mapping(value):
        raise InputError(f"{what} holds no JSON object.", hint='It begins with "{".')
    return dict(value)


def is_mapping(value: object) -> TypeGuard[Mapping[str, Any]]:
    """Returns whether `value` is a JSON object or a TOML table."""
    return isinstance(value, Mapping)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) < len(pairs):
        [(twice, _)] = Counter(name for name, _ in pairs).most_common(1)
        raise ValueError(f"the key {twice[:80]!r} is there twice")
    return read


def _text(data: bytes, what: str) -> str:
    if len(data) > MOST_BYTES:
        raise InputError(f"{what} is larger than {MOST_BYTES >> 20} MiB.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{what} is not text in UTF-8.") from error


def _said(error: Exception) -> str:
    return (
        "it is nested too deep" if isinstance(error, RecursionError) else str(error).splitlines()[0][:200].rstrip(".")
    )
