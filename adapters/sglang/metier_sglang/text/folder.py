"""The files of a tokenizer's folder, read and checked. They come from a model's author: nothing in them is believed."""

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Generic, TypeVar

from metier.canonical import JSON
from metier.errors import InputError, MissingError, StorageError

T = TypeVar("T")
KEPT = 8  # folders whose contents are kept

_CHAT_ROUTE = "Talk to the server over its chat route instead (a model string `compatible:URL`)."


def unsupported(what: str) -> InputError:
    """Returns the error for a tokenizer or template that cannot be used here, and what can be done."""
    return InputError(what, hint=_CHAT_ROUTE)


def read_text(path: Path) -> str | None:
    """Returns the file's text, None when there is no such file; raises InputError or StorageError."""
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is no UTF-8 text.", hint="It is damaged; fetch it again.") from error
    except OSError as error:
        raise StorageError(f"Cannot read {path}: {error.strerror or error}.", hint="Check its permissions.") from error


def read_object(path: Path) -> dict[str, JSON] | None:
    """Returns the JSON object in the file, None when there is no such file; raises InputError or StorageError."""
    text = read_text(path)
    if text is None:
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} is no JSON: {error}", hint="It is damaged; fetch it again.") from error
    if not isinstance(value, dict):
        raise InputError(f"{path} holds no JSON object.", hint="It is damaged; fetch it again.")
    return value


def need_object(path: Path) -> dict[str, JSON]:
    """Returns the JSON object in the file; raises MissingError when there is no such file."""
    value = read_object(path)
    if value is None:
        raise MissingError(f"There is no {path.name} in {path.parent}.", hint=f"Pass the model's folder. {_CHAT_ROUTE}")
    return value


def spelled(value: JSON) -> str:
    """Returns the spelling of a token as configurations give it, as text or as an object; "" for none."""
    if isinstance(value, Mapping):
        value = value.get("content")
    return value if isinstance(value, str) else ""


def whole_numbers(value: JSON) -> list[int]:
    """Returns one whole number or a list of them as a list; what is none is left out."""
    values = value if isinstance(value, list) else [value]
    return [number for number in values if isinstance(number, int) and not isinstance(number, bool)]


class Shelf(Generic[T]):
    """What was read from folders, for the life of the process; read anew when one of the files has changed."""

    def __init__(self) -> None:
        self._kept: dict[Path, tuple[object, T]] = {}
        self._lock = threading.Lock()

    def get(self, folder: Path, files: Sequence[str], read: Callable[[Path], T]) -> T:
        """Returns what `read` returned for `folder` as long as `files` in it are the same; raises what it raises."""
        place = folder.resolve()
        with self._lock:
            stamp = tuple(_stamp(place / name) for name in files)
            kept = self._kept.pop(place, None)
            value = kept[1] if kept is not None and kept[0] == stamp else read(place)
            self._kept[place] = (stamp, value)
            while len(self._kept) > KEPT:
                del self._kept[next(iter(self._kept))]
            return value


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        known = path.stat()
    except OSError:
        return None
    return known.st_mtime_ns, known.st_size
