"""What the rest of the toolkit may ask of the store. `corpus.store` is the SQLite one."""

from datetime import date
from typing import Literal, Protocol

from metier.answer import Value
from metier_legal.citations.citation import CaseCitation
from metier_legal.law.case import Case, Reference, Treatment
from metier_legal.law.provision import Provision
from metier_legal.law.work import Work


class Source(Value):
    """One import: a file or folder that was added.

    `digest` is of its bytes; `complete_courts` are courts of which the source says that it has every decision, as
    "jurisdiction/court".
    """

    id: str
    name: str
    format: str
    digest: str
    added: str
    works: int = 0
    provisions: int = 0
    cases: int = 0
    bytes: int = 0
    licence: str = ""
    complete_courts: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


class Mention(Value):
    """That a case cites something: which case, where, how. `quote` is the sentence that does it."""

    case: str
    name: str
    court: str
    court_level: int = 0
    decided: date | None = None
    treatment: Treatment
    stated: bool = False
    paragraph: int | None = None
    quote: str = ""


class Corpus(Protocol):
    """A corpus that can be read. Every method is safe to call from several threads."""

    def snapshot(self) -> str:
        """Returns a digest of what is visible: equal corpora of equal imports have equal ones."""
        ...

    def sources(self) -> tuple[Source, ...]:
        """Returns the imports, in the order of their ids."""
        ...

    def jurisdictions(self) -> tuple[str, ...]:
        """Returns the jurisdictions of which there are works or cases, sorted."""
        ...

    def works(self, jurisdiction: str = "") -> tuple[Work, ...]:
        """Returns the works, of one jurisdiction or of all."""
        ...

    def work(self, work_id: str) -> Work | None:
        """Returns the work of that id, or None."""
        ...

    def find_works(self, name: str, jurisdiction: str = "") -> tuple[Work, ...]:
        """Returns every work that the name means: its title, short or alias, white space, case and 《》 put aside.

        Several are an ambiguity, which is kept.
        """
        ...

    def provision(self, work_id: str, number: str, on: date | None = None) -> Provision | None:
        """Returns the version that is law on `on` (the newest when None), or, where none is, None.

        A repealed provision is found as the version that says so. `versions` tells why there is none.
        """
        ...

    def versions(self, work_id: str, number: str) -> tuple[Provision, ...]:
        """Returns every version of a provision, oldest first; empty when the work has no such number."""
        ...

    def numbers(self, work_id: str) -> tuple[str, ...]:
        """Returns the numbers of a work's provisions in the work's own order."""
        ...

    def newest(self, work_id: str) -> tuple[date | None, date | None]:
        """Returns the day of the newest publication of a work, and from when its newest version is law, as told."""
        ...

    def case(self, case_id: str) -> Case | None:
        """Returns the case of that id, or None."""
        ...

    def find_cases(self, citation: CaseCitation) -> tuple[Case, ...]:
        """Returns every case that the citation can mean, by reporter, neutral citation, ECLI, docket or name and year.

        Nothing is left out for a year, court or name that does not agree: that is for the caller to see.
        """
        ...

    def cited_by(self, target: str) -> tuple[Mention, ...]:
        """Returns who cites a case (its id) or a provision ("work#number"), the newest first."""
        ...

    def cites(self, case_id: str) -> tuple[Reference, ...]:
        """Returns what a case cites, in its own order."""
        ...

    def courts(self, jurisdiction: str) -> tuple[tuple[int, str], ...]:
        """Returns level and name of the courts of which there are cases, the highest first."""
        ...

    def covers(self, jurisdiction: str, court: str = "") -> Literal["complete", "partial", "none"]:
        """Returns whether every decision of a court (every work of a jurisdiction when "") is said to be here."""
        ...

    def origin(self, target: str) -> str:
        """Returns the name of the source that a provision ("work#number") or case came from, or ""."""
        ...
