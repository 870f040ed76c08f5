"""The verdicts of a review, as they are printed and as they go out as JSON."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, Literal

from metier.answer import Value

Status = Literal["ok", "wrong", "unknown"]
VERSION: Final = 1


class Code(StrEnum):
    """What is the matter. NOT_IN_CORPUS says that it may exist; only NO_SUCH_SOURCE and NO_SUCH_PIN say it does not."""

    OK = "OK"
    NO_SUCH_SOURCE = "NO_SUCH_SOURCE"
    NO_SUCH_PIN = "NO_SUCH_PIN"
    NOT_IN_CORPUS = "NOT_IN_CORPUS"
    AMBIGUOUS = "AMBIGUOUS"
    NOT_IN_FORCE = "NOT_IN_FORCE"
    NOT_YET_IN_FORCE = "NOT_YET_IN_FORCE"
    REPEALED = "REPEALED"
    STANDING_UNKNOWN = "STANDING_UNKNOWN"
    SUPERSEDED_TEXT = "SUPERSEDED_TEXT"
    QUOTE_MISMATCH = "QUOTE_MISMATCH"
    QUOTE_ELSEWHERE = "QUOTE_ELSEWHERE"
    NAME_MISMATCH = "NAME_MISMATCH"
    WRONG_COURT = "WRONG_COURT"
    WRONG_YEAR = "WRONG_YEAR"
    NEGATIVE_TREATMENT = "NEGATIVE_TREATMENT"
    DISSENT_AS_HOLDING = "DISSENT_AS_HOLDING"


@dataclass(frozen=True, slots=True)
class Finding:
    """A verdict before it has its place: `says` is what is wrong, `corpus` what the corpus has instead."""

    status: Status
    code: Code
    says: str = ""
    corpus: str = ""
    target: str = ""
    display: str = ""


OK: Final = Finding("ok", Code.OK)


class Item(Value):
    """The verdict on one citation or one quote.

    `written` is what stands in the document, at `offset` in its text (as it was read), on `page` (0: not known), in
    the block `block`, counted from 1. `citation` is, for a quote, the citation that it belongs to. `display` is the
    authority as the corpus cites it and `target` its id ("work#number" or of the case), "" when it was not found.
    """

    kind: Literal["citation", "quote"]
    status: Status
    code: Code
    written: str
    citation: str = ""
    page: int = 0
    block: int
    offset: int
    says: str = ""
    corpus: str = ""
    display: str = ""
    target: str = ""


class Review(Value):
    """The whole report. `on` is the day whose law was asked, `snapshot` the digest of the corpus that answered.

    `warnings` tell of the document: hidden text that was left out, above all.
    """

    version: int = VERSION
    file: str
    on: date
    snapshot: str
    jurisdiction: str = ""
    items: tuple[Item, ...] = ()
    warnings: tuple[str, ...] = ()

    def count(self, status: Status) -> int:
        """Returns how many items have the status."""
        return sum(item.status == status for item in self.items)

    @property
    def holds(self) -> bool:
        """Returns whether nothing is wrong; what is unknown does not count as wrong."""
        return not self.count("wrong")
