"""The folder of an answer: which one it may be, and what is written into it."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path, PurePosixPath

from metier.answer import Answer
from metier.canonical import canonical_json
from metier.errors import InputError, ToolError
from metier.home import make_folder, storage_error, write_atomically
from metier.toolkit import Delivery, Settings, Toolkit

__all__ = ["Place", "choose_folder", "hold_folder", "name_folder", "write_delivery"]

MARK = ".metier.json"  # in every folder that metier made: whose it is
_UNFIT = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class Place:
    """What lies in a folder: nothing, something of others, or an answer of metier to the task `task`."""

    path: Path
    kind: str  # "free", "foreign" or "own"
    task: str = ""


def hold_folder(path: Path) -> Place:
    """Returns what lies in `path`; raises StorageError when it cannot be looked into."""
    try:
        if path.is_dir():
            mark = path / MARK
            told = json.loads(mark.read_bytes()) if mark.is_file() else None
            if isinstance(told, dict) and isinstance(told.get("task"), str):
                return Place(path, "own", told["task"])
            return Place(path, "foreign" if any(path.iterdir()) else "free")
        return Place(path, "foreign" if path.exists() or path.is_symlink() else "free")
    except ValueError:
        return Place(path, "foreign")
    except OSError as error:
        raise storage_error(path, error) from error


def choose_folder(wanted: Path, task: str, *, named: bool, replaces: Callable[[Path], bool]) -> Path:
    """Returns the folder to write the answer to `task` into: `wanted`, or one with a number after it.

    A folder that is not metier's is never written into: InputError when the user `named` it. One with the answer to
    another task is only written into when `replaces` says so.
    """
    place = hold_folder(wanted)
    if place.kind == "foreign" and named:
        raise InputError(
            f"The folder {wanted} holds something that metier did not write.", hint="Name another with --out."
        )
    if place.kind == "free" or (place.kind == "own" and (place.task == task or replaces(wanted))):
        return wanted
    return next(path for path in _numbered(wanted) if _fits(hold_folder(path), task))


def name_folder(toolkit: Toolkit, answer: Answer) -> str:
    """Returns the name of the folder for `answer`: what the toolkit says, made fit for a file system."""
    said = toolkit.folder(answer) if toolkit.folder else toolkit.name
    return _UNFIT.sub("-", said).strip("-.")[:80] or toolkit.name


def write_delivery(toolkit: Toolkit, delivery: Delivery, folder: Path, settings: Settings) -> tuple[Path, ...]:
    """Returns the files it wrote into `folder`: one per renderer of the toolkit, or `answer.json` where it has none.

    Each file is replaced as a whole. Raises StorageError, and ToolError for a renderer with an unsafe file name.
    """
    make_folder(folder)
    run = delivery.trace.run if delivery.trace else ""
    mark = {"format": 1, "toolkit": toolkit.name, "task": delivery.task.id, "run": run}
    write_atomically(folder / MARK, canonical_json(mark).encode())
    made = {renderer.filename: renderer.render for renderer in toolkit.renderers} or {"answer.json": _render_answer}
    written = []
    for filename, render in made.items():
        path = folder / _safe(filename)
        write_atomically(path, render(delivery, settings))
        written.append(path)
    return tuple(written)


def _render_answer(delivery: Delivery, settings: Settings) -> bytes:
    return delivery.answer.model_dump_json(indent=2, by_alias=True).encode() + b"\n"


def _safe(filename: str) -> str:
    if PurePosixPath(filename).name != filename or "\\" in filename or filename in ("", ".", "..", MARK):
        raise ToolError(f"A renderer wants to write {filename!r}, which is no plain file name.")
    return filename


def _fits(place: Place, task: str) -> bool:
    return place.kind == "free" or (place.kind == "own" and place.task == task)


def _numbered(path: Path) -> Iterator[Path]:
    return (path.with_name(f"{path.name}-{number}") for number in count(2))
