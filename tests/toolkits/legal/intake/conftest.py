from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from metier_legal.intake.batch import Batch, Coverage, Fault
from metier_legal.intake.reading import read_batches
from metier_legal.law.case import Case
from metier_legal.law.provision import Provision
from metier_legal.law.work import Work


@dataclass(frozen=True)
class Reading:
    """What a source held, sorted by kind; `texts` are the faults."""

    batches: tuple[Batch, ...]
    works: dict[str, Work]
    provisions: tuple[Provision, ...]
    faults: tuple[Fault, ...]

    @property
    def texts(self) -> str:
        return "\n".join(f"{fault.where}: {fault.text}" for fault in self.faults)

    @property
    def numbers(self) -> list[str]:
        return [provision.number for provision in self.provisions]

    def only(self, number: str) -> Provision:
        (found,) = (provision for provision in self.provisions if provision.number == number)
        return found

    def unit(self, number: str, *path: str) -> str:
        provision = self.only(number)
        (unit,) = (unit for unit in provision.units if unit.path == path)
        return provision.text[unit.start : unit.end]


def sort_out(batches: Iterable[Batch]) -> Reading:
    kept = tuple(batches)
    items = [item for batch in kept for item in batch.items]
    assert all(isinstance(item, Work | Provision | Case | Coverage | Fault) for item in items)
    return Reading(
        kept,
        {item.id: item for item in items if isinstance(item, Work)},
        tuple(item for item in items if isinstance(item, Provision)),
        tuple(item for item in items if isinstance(item, Fault)),
    )


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Reading]:
    """Reads content, written to a file of that name, or a path."""

    def read_content(content: str | bytes | Path, name: str = "source.xml", *, format: str = "") -> Reading:
        if isinstance(content, Path):
            return sort_out(read_batches(content, format=format))
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return sort_out(read_batches(path, format=format))

    return read_content
