from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from metier.toolkit import Settings
from metier_legal.law.case import Case, Paragraph, Reference
from metier_legal.law.provision import Provision
from metier_legal.law.work import Work
from metier_legal.search.backend import SearchBackend
from metier_legal.search.engines.fulltext import FullText
from metier_legal.search.engines.inverted import InvertedIndex

ENGINES: dict[str, Callable[[Path], SearchBackend]] = {
    "tantivy": InvertedIndex,
    "fulltext": lambda folder: FullText(folder / "words.db"),
}


@dataclass
class Shelf:
    """A small corpus in memory with what indexing asks of one; `read` notes the works whose provisions were read."""

    works_by_id: dict[str, Work] = field(default_factory=dict)
    provisions: dict[str, list[tuple[Provision, ...]]] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    read: list[str] = field(default_factory=list)
    breaks_at: str = ""

    def snapshot(self) -> str:
        return sha256(repr((self.works_by_id, self.provisions, self.cases)).encode()).hexdigest()

    def sources(self) -> tuple[()]:
        return ()

    def works(self, jurisdiction: str = "") -> tuple[Work, ...]:
        return tuple(self.works_by_id[name] for name in sorted(self.works_by_id))

    def work(self, work_id: str) -> Work | None:
        return self.works_by_id.get(work_id)

    def histories(self, work_id: str) -> Iterator[tuple[Provision, ...]]:
        self.read.append(work_id)
        for versions in self.provisions[work_id]:
            if self.breaks_at == f"{work_id}#{versions[0].number}":
                raise KeyboardInterrupt
            yield versions

    def case_ids(self, source: str = "") -> Iterable[str]:
        return sorted(self.cases)

    def case(self, case_id: str) -> Case | None:
        return self.cases.get(case_id)

    def put(self, work: Work, *histories: Sequence[Provision]) -> None:
        self.works_by_id[work.id] = work
        self.provisions[work.id] = [tuple(versions) for versions in histories]


def provision(number: str, text: str, begin: date | None = None, end: date | None = None) -> Provision:
    return Provision(work="xx/tenancy", number=number, text=text, valid_from=begin, valid_to=end)


def make_case(name: str, text: str, cited: str) -> Case:
    return Case(
        id=name,
        jurisdiction="xx",
        name="Borak v. Stane",
        court="Regional Court",
        court_level=2,
        decided=date(2019, 3, 14),
        docket="RC 123/2018",
        paragraphs=(Paragraph(number=1, text="Facts."), Paragraph(number=2, text=text)),
        references=(Reference(written="s 12", cited=cited),),
        fictional=True,
    )


@pytest.fixture
def shelf() -> Shelf:
    """Gives two fictional acts and a case."""
    shelf = Shelf()
    tenancy = Work(id="xx/tenancy", jurisdiction="xx", title="Tenancy Act", fictional=True)
    shelf.put(
        tenancy,
        [
            provision("12", "The landlord must heat.", date(2001, 1, 1), date(2015, 1, 1)),
            provision("12", "The landlord must heat and light.", date(2015, 1, 1)),
        ],
        [provision("13", "Rent is due monthly.", date(2001, 1, 1))],
    )
    shipping = Work(id="xx/shipping", jurisdiction="xx", title="Shipping Act", fictional=True)
    shelf.put(shipping, [provision("1", "A master commands the vessel.", date(1990, 1, 1))])
    shelf.cases["xx/rc-123"] = make_case("xx/rc-123", "The boiler failed for six weeks.", "xx/tenancy#12")
    return shelf


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "data")
