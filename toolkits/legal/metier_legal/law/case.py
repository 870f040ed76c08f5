"""Decided cases, their paragraphs, and what later cases did to them."""

from datetime import date
from enum import StrEnum
from typing import Final

from metier.answer import Value


class Part(StrEnum):
    """Whose words a paragraph is. Only LEAD and MAJORITY (and UNANIMOUS courts' LEAD) can state a holding."""

    LEAD = "lead"
    MAJORITY = "majority"
    CONCURRENCE = "concurrence"
    DISSENT = "dissent"
    SYLLABUS = "syllabus"
    OTHER = "other"


HOLDING_PARTS: Final = frozenset((Part.LEAD, Part.MAJORITY))


class Authority(StrEnum):
    """What weight a system gives to a decision as such (China: guiding and reference cases; elsewhere precedent)."""

    PRECEDENT = "precedent"
    GUIDING = "guiding"
    REFERENCE = "reference"
    ORDINARY = "ordinary"


class Treatment(StrEnum):
    """What a later case does with an earlier one, or a case with a provision (APPLIES, CITES)."""

    OVERRULES = "overrules"
    REVERSES = "reverses"
    VACATES = "vacates"
    SUPERSEDED_BY_STATUTE = "superseded by statute"
    DISTINGUISHES = "distinguishes"
    CRITICISES = "criticises"
    FOLLOWS = "follows"
    AFFIRMS = "affirms"
    APPLIES = "applies"
    CITES = "cites"


NEGATIVE: Final = frozenset(
    (Treatment.OVERRULES, Treatment.REVERSES, Treatment.VACATES, Treatment.SUPERSEDED_BY_STATUTE)
)

DONE_BY: Final = {
    Treatment.OVERRULES: "overruled by",
    Treatment.REVERSES: "reversed by",
    Treatment.VACATES: "vacated by",
    Treatment.SUPERSEDED_BY_STATUTE: "superseded by statute, according to",
    Treatment.DISTINGUISHES: "distinguished by",
    Treatment.CRITICISES: "criticised by",
    Treatment.FOLLOWS: "followed by",
    Treatment.AFFIRMS: "affirmed by",
    Treatment.APPLIES: "applied by",
    Treatment.CITES: "cited by",
}
"""A treatment as it reads of the earlier case."""


class Paragraph(Value):
    """A paragraph of a decision. `number` counts through the whole case from 1; `page` is the reporter's, if known."""

    number: int
    text: str
    part: Part = Part.LEAD
    author: str = ""
    page: str = ""


class Reference(Value):
    """What a case cites, as its source states it or as its text was read.

    `cited` is an id of a case ("us/scotus/410-us-113") or of a provision ("us/usc/17#101"), or "" when it was not
    resolved; `written` is the citation as it stands in the text. `stated` is True when the treatment is the source's
    own word and False when it was read off the text by a signal ("overruled by").
    """

    written: str
    cited: str = ""
    treatment: Treatment = Treatment.CITES
    paragraph: int | None = None
    stated: bool = False


class Case(Value):
    """A decision. `court_level` counts from 1 (trial) to 3 (highest); 0 is unknown.

    `citations` are its own: reporter citations, neutral citations, ECLI, 案号; `docket` the court's own number.
    """

    id: str
    jurisdiction: str
    name: str
    court: str
    court_level: int = 0
    decided: date | None = None
    docket: str = ""
    citations: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    authority: Authority = Authority.PRECEDENT
    paragraphs: tuple[Paragraph, ...] = ()
    references: tuple[Reference, ...] = ()
    language: str = "en"
    fictional: bool = False
    source_url: str = ""
    licence: str = ""
