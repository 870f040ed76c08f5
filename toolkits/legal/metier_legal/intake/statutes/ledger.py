"""What every format of legislation must hold to, and where what does not hold is told."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Protocol, TypeVar

from metier_legal.intake.batch import BATCH_ITEMS, Batch, Fault, Item
from metier_legal.intake.statutes.numbers import NumberKey, order_key
from metier_legal.intake.texts.flow import Flow
from metier_legal.intake.texts.hidden import strip_unseen
from metier_legal.law.provision import Provision, Unit
from metier_legal.law.units import split_units
from metier_legal.law.work import Work

MOST_FAULTS: Final = 200

_SHOWN: Final = 5
_NOTED: Final = {
    "unseen": "{} character(s) that cannot be seen were taken out of the text.",
    "empty": "{} provision(s) have no text.",
}
_Piece = TypeVar("_Piece")
_Taken = TypeVar("_Taken", contravariant=True)


@dataclass(slots=True)
class _Course:
    work: Work
    last: NumberKey = ()
    last_number: str = ""
    version: date | None = None
    seen: dict[tuple[str, date | None], int] = field(default_factory=dict)


class Ledger:
    """Takes the works and provisions of one document, in their order, and gives them on in batches.

    It holds the invariants: numbers go up (when `ordered`), no number stands twice in one version, nothing is
    without text unless its status says why, no text has characters that cannot be seen. What does not hold becomes
    a Fault; a second provision of the same number is kept as "12 [2]", the first has the number. `counted` is False
    where a work comes in many documents, so that what holds of all of them is told in the same words and so once.
    """

    def __init__(self, document: str, *, ordered: bool = True, counted: bool = True) -> None:
        self._document = document
        self._ordered = ordered
        self._counted = counted
        self._items: list[Item] = []
        self._courses: dict[str, _Course] = {}
        self._batches = 0
        self._faults = 0
        self._undated: dict[str, int] = {}
        self._noted: dict[str, tuple[int, tuple[str, ...]]] = {}

    def add_work(self, work: Work) -> None:
        """Takes a work, or a new state of one that was taken before."""
        course = self._courses.get(work.id)
        if course is None:
            self._courses[work.id] = _Course(work)
        elif course.work == work:
            return
        else:
            course.work = work
        self._items.append(work)

    def add_flow(self, provision: Provision, flow: Flow) -> None:
        """Takes a provision whose text and units were gathered from markup."""
        if flow.unseen:
            self._note("unseen", provision.number, flow.unseen)
        self._add(provision, flow.text(), flow.units())

    def add_text(self, provision: Provision, text: str) -> None:
        """Takes a provision of plain text; its units are found by the style of its work."""
        clean, unseen = strip_unseen(text)
        if unseen:
            self._note("unseen", provision.number, unseen)
        clean = clean.strip()
        self._add(provision, clean, split_units(clean, self._courses[provision.work].work.style))

    def fault(self, where: str, text: str) -> None:
        """Tells a fault of the data at `where` in the document."""
        self._faults += 1
        if self._faults <= MOST_FAULTS:
            self._items.append(Fault(f"{self._document}: {where}" if where else self._document, text))

    def full(self) -> Iterator[Batch]:
        """Returns a batch as soon as there are items enough for one."""
        while len(self._items) >= BATCH_ITEMS:
            yield self._cut()

    def rest(self) -> Iterator[Batch]:
        """Returns the last batch, with what is to be told of the whole document."""
        self._items.extend(self._tell_noted())
        for work, count in self._undated.items():
            title = self._courses[work].work.title
            told = f"{count} provision(s) have no date" if self._counted else "Provisions have no date"
            self._items.append(Fault(title, f"{told}; when they are law is not known."))
        if self._faults > MOST_FAULTS:
            self._items.append(Fault(self._document, f"{self._faults - MOST_FAULTS} further faults are not listed."))
        while self._items:
            yield self._cut()

    def _add(self, provision: Provision, text: str, units: tuple[Unit, ...]) -> None:
        course = self._courses[provision.work]
        number = self._unique(course, provision)
        if not text and provision.status.value == "in force":
            self._note("empty", number, 1)
        if provision.valid_from is None and provision.valid_to is None and provision.observed is None:
            self._undated[course.work.id] = self._undated.get(course.work.id, 0) + 1
        self._items.append(provision.model_copy(update={"number": number, "text": text, "units": units}))

    def _unique(self, course: _Course, provision: Provision) -> str:
        number = provision.number
        version = (number, provision.valid_from or provision.observed)
        count = course.seen.get(version, 0) + 1
        course.seen[version] = count
        if count > 1:
            self.fault(number, f"The number stands there {count} times; this one is kept as {number} [{count}].")
            return f"{number} [{count}]"
        if version[1] != course.version:
            course.version, course.last = version[1], ()
        key = order_key(number)
        if not number[:1].isdecimal():
            return number
        if self._ordered and key < course.last:
            self.fault(number, f"The number comes after {course.last_number}: the numbers do not go up.")
        course.last, course.last_number = key, number
        return number

    def _note(self, kind: str, number: str, count: int) -> None:
        total, numbers = self._noted.get(kind, (0, ()))
        self._noted[kind] = (total + count, (*numbers, number) if len(numbers) < _SHOWN else numbers)

    def _tell_noted(self) -> Iterator[Fault]:
        for kind, (total, numbers) in self._noted.items():
            yield Fault(f"{self._document}: {', '.join(numbers)}", _NOTED[kind].format(total))

    def _cut(self) -> Batch:
        self._batches += 1
        items, self._items = tuple(self._items[:BATCH_ITEMS]), self._items[BATCH_ITEMS:]
        return Batch(str(self._batches), items)


class Reader(Protocol[_Taken]):
    """What reads a document piece by piece (elements, entries, lines) into its ledger."""

    ledger: Ledger

    def take(self, piece: _Taken, /) -> None:
        """Takes the next piece."""
        ...

    def finish(self) -> None:
        """Tells what only the end of the document shows; raises InputError for one that holds nothing."""
        ...


def read_pieces(reader: Reader[_Piece], pieces: Iterable[_Piece]) -> Iterator[Batch]:
    """Returns the batches of a document, each as soon as the pieces read so far fill one."""
    for piece in pieces:
        reader.take(piece)
        yield from reader.ledger.full()
    reader.finish()
    yield from reader.ledger.rest()
