"""What the table of authorities is made of: a version of a provision, a case, or what was not read."""

from datetime import date
from enum import StrEnum
from typing import Literal, TypeAlias

from metier.answer import Value
from metier_legal.law.case import Authority, Part
from metier_legal.law.provision import Standing
from metier_legal.law.work import Level
from metier_legal.records import TreatedBy


class Force(StrEnum):
    """What weight an authority has in the memo's jurisdiction."""

    BINDING = "binding"
    PERSUASIVE = "persuasive"
    GUIDING = "guiding"
    REFERENCE = "reference"
    ORDINARY = "ordinary"
    NOT_A_HOLDING = "not a holding"
    NOT_LAW = "not law"
    NO_LONGER = "no longer good law"
    UNKNOWN = "unknown"


class Change(Value):
    """What became of a version later. `ahead` says that it is still to come on the memo's day."""

    kind: Literal["amended", "reissued", "repealed", "ended"]
    day: date
    ahead: bool


class LawEntry(Value):
    """A cited version of a provision. `standing` is that on the relevant day.

    `instead` is the begin of the version that is in force on that day where this one is not, and `instead_same` whether
    its text is the same. `cited_at` are JSON pointers of statements of the memo.
    """

    kind: Literal["provision"] = "provision"
    evidence: str
    display: str
    work: str
    title: str
    jurisdiction: str
    level: Level
    number: str
    heading: str
    valid_from: date | None
    valid_to: date | None
    observed: date | None
    note: str
    sha256: str
    standing: Standing
    instead: date | None
    instead_same: bool
    change: Change | None
    replaced_by: str
    force: Force
    fictional: bool
    cited_at: tuple[str, ...]


class Passage(Value):
    """A cited paragraph of a case."""

    evidence: str
    number: int
    part: Part
    author: str
    page: str
    sha256: str


class CaseEntry(Value):
    """A cited case. `treated_by` is what later cases did to it, the gravest first; "cites" is left out."""

    kind: Literal["case"] = "case"
    case: str
    display: str
    name: str
    jurisdiction: str
    court: str
    court_level: int
    decided: date | None
    authority: Authority
    passages: tuple[Passage, ...]
    treated_by: tuple[TreatedBy, ...]
    treatment_known: bool
    force: Force
    fictional: bool
    cited_at: tuple[str, ...]


class UnreadEntry(Value):
    """Something the memo cites that is no untouched provision or paragraph of this run."""

    kind: Literal["unread"] = "unread"
    evidence: str
    cited_at: tuple[str, ...]


Entry: TypeAlias = LawEntry | CaseEntry | UnreadEntry
