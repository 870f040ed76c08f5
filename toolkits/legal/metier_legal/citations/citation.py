"""Citations as they stand in a text: spans kept, nothing guessed."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from metier_legal.law.work import Style


@dataclass(frozen=True, slots=True)
class Pin:
    """One provision, or a part of it: the number of the section or article and the way down to the part.

    ("101", ("a", "2")) is § 101(a)(2); ("1079", ("2",)) is 第一千零七十九条第二款; ("823", ("1", "s2")) is § 823 Abs. 1
    Satz 2.
    `last` ends a range of numbers ("§§ 101-103"); `note` marks a citation of the note under a section.
    """

    number: str
    path: tuple[str, ...] = ()
    last: str = ""
    note: bool = False


@dataclass(frozen=True, slots=True)
class LawCitation:
    """A citation of legislation. `law` is the name as written ("BGB", "17 U.S.C.", "民法典"), "" when none is.

    `carried` is True when the law was not written here but taken over from before (本法, 该法, a bare 第十五条, "id."):
    then `law` is the one it was taken from, and "" where that cannot be said. `version` is what the citation says of
    the version ("2018修正"). A list ("§§ 1983, 1988(b)") gives one citation per pin, each with its own span.
    """

    start: int
    end: int
    text: str
    style: Style
    law: str
    pins: tuple[Pin, ...] = ()
    version: str = ""
    carried: bool = False


@dataclass(frozen=True, slots=True)
class CaseCitation:
    """A citation of a decision; fields that it does not give are empty.

    `system` is us, german, chinese, eu or uk. `reporter`, `volume` and `page` are of a reporter citation; `docket` is
    the court's own number (案号, Aktenzeichen), `neutral` a neutral citation or ECLI; `pin` the page or paragraph that
    is pinned; `carried` marks id., supra and short forms, with the full citation's fields where that is certain.
    """

    start: int
    end: int
    text: str
    system: str
    name: str = ""
    court: str = ""
    decided: date | None = None
    year: int | None = None
    volume: str = ""
    reporter: str = ""
    page: str = ""
    docket: str = ""
    neutral: str = ""
    pin: str = ""
    carried: bool = False


Citation: TypeAlias = LawCitation | CaseCitation
