"""Reading a file, folder or archive of law: which format it is, and what it holds, in batches."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from metier.errors import InputError
from metier_legal.intake.batch import BATCH_ITEMS, Batch, Fault, Item
from metier_legal.intake.cases.formats import CASE_FORMATS
from metier_legal.intake.files.document import Document
from metier_legal.intake.files.head import read_head
from metier_legal.intake.files.meter import Meter
from metier_legal.intake.files.walking import measure, walk
from metier_legal.intake.format import Format
from metier_legal.intake.statutes.formats import STATUTE_FORMATS
from metier_legal.law.work import Work

_FORMATS: Final = {format.name: format for format in (*STATUTE_FORMATS, *CASE_FORMATS)}
FORMATS: Final = {name: format.description for name, format in sorted(_FORMATS.items())}


def detect_format(path: Path) -> str:
    """Returns the name (of FORMATS) of the format of a file, or of the first document of a known one in a folder.

    Raises InputError when there is none, or when the path cannot be read.
    """
    for document in walk(path, Meter()):
        if isinstance(document, Document):
            found = _find_format(document)
            if found is not None:
                return found.name
    raise _unknown(path)


def read_batches(path: Path, *, format: str = "") -> Iterator[Batch]:
    """Returns the batches of a file, a folder (in the order of its names) or an archive (zip, gz, bz2, tar, tar.gz).

    `format` is one of FORMATS; "" finds it for each document. In a folder or archive, documents of no known format
    are left out and named in a Fault. Raises InputError naming the document for what is broken or hostile, and when
    nothing at all could be read.
    """
    if format and format not in _FORMATS:
        raise InputError(f"There is no format {format!r}.", hint=f"Use one of: {', '.join(FORMATS)}.")
    return _merge(_read(path, _FORMATS.get(format)))


def source_size(path: Path) -> int:
    """Returns the bytes of a file or of all files in a folder, as they lie on the disk; of `Batch.done_bytes`."""
    return measure(path)


def _read(path: Path, wanted: Format | None) -> Iterator[Batch]:
    meter = Meter()
    left_out: list[str] = []
    fresh = _Fresh()
    held = False
    faults: list[Fault] = []
    alone = path.is_file()
    for document in walk(path, meter):
        if isinstance(document, Fault):
            yield Batch(f"{document.where}:fault", (document,), meter.done())
            continue
        found = _choose(document, wanted, alone=alone)
        if found is None:
            left_out.append(document.name)
            continue
        for batch in found.read(document):
            items = tuple(item for item in batch.items if fresh.take(item))
            held = held or any(not isinstance(item, Fault) for item in items)
            faults.extend(item for item in items if isinstance(item, Fault) and not held)
            yield Batch(f"{document.name}:{batch.key}", items, meter.done())
    if not held:
        raise _unheld(faults[0]) if faults else _unknown(path)
    if left_out:
        yield Batch("left out", (_tell_left_out(path, left_out),), meter.done())


class _Fresh:
    """Tells what is new: a work or fault that many files of one source repeat is given once."""

    def __init__(self) -> None:
        self._works: dict[str, Work] = {}
        self._faults: set[Fault] = set()

    def take(self, item: Item) -> bool:
        if isinstance(item, Work):
            known = self._works.get(item.id) == item
            self._works[item.id] = item
            return not known
        if isinstance(item, Fault):
            known = item in self._faults
            self._faults.add(item)
            return not known
        return True


def _choose(document: Document, wanted: Format | None, *, alone: bool) -> Format | None:
    if wanted is None:
        return _find_format(document)
    head = read_head(document.name, document.head)
    return wanted if wanted.recognises(head) or (alone and "/" not in document.name) else None


def _find_format(document: Document) -> Format | None:
    head = read_head(document.name, document.head)
    return next((format for format in _FORMATS.values() if format.recognises(head)), None)


def _merge(batches: Iterator[Batch]) -> Iterator[Batch]:
    items: list[Item] = []
    first = last = ""
    done = 0
    for batch in batches:
        if items and len(items) + len(batch.items) > BATCH_ITEMS:
            yield _join(first, last, items, done)
            items = []
        first = batch.key if not items else first
        last, done = batch.key, batch.done_bytes
        items.extend(batch.items)
    if items:
        yield _join(first, last, items, done)


def _join(first: str, last: str, items: list[Item], done: int) -> Batch:
    return Batch(first if first == last else f"{first} .. {last}", tuple(items), done)


def _tell_left_out(path: Path, names: list[str]) -> Fault:
    shown = ", ".join(names[:5]) + (", ..." if len(names) > 5 else "")
    return Fault(path.name, f"{len(names)} file(s) of no known format were left out: {shown}.")


def _unheld(fault: Fault) -> InputError:
    return InputError(f"{fault.where}: {fault.text}", hint="Nothing was read.")


def _unknown(path: Path) -> InputError:
    return InputError(
        f"{path} holds nothing in a format that is known.",
        hint=f"Known formats: {', '.join(FORMATS)}.",
    )
