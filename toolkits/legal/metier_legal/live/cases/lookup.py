"""What CourtListener's citation look-up says of citations: found, several, none that it has, or no such reporter.

Only the citations are sent, each on a line of its own, and never the text that they stand in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from metier.canonical import JSON
from metier.errors import ServerError
from metier_legal.citations.citation import CaseCitation
from metier_legal.intake.cases.courtlistener.shelf import number_of
from metier_legal.intake.cases.fields import objects_of
from metier_legal.live.cases.decisions import NAME
from metier_legal.live.site import Site
from metier_legal.live.throttle import Throttle

MOST_CITATIONS: Final = 50  # of 250 that one request may hold and 60 that a minute may
MOST_CHARACTERS: Final = 64_000
_THROTTLED: Final = 429
_STATES: Final[dict[int, Literal["FOUND", "AMBIGUOUS", "NOT_IN_CORPUS"]]] = {
    200: "FOUND",
    300: "AMBIGUOUS",
    404: "NOT_IN_CORPUS",
    400: "NOT_IN_CORPUS",
}
_REASONS: Final = {
    404: "it knows the reporter and has no decision at that volume and page",
    400: "it knows no reporter of that name",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the look-up said of one citation: `clusters` are the decisions that it means."""

    state: Literal["FOUND", "AMBIGUOUS", "NOT_IN_CORPUS"]
    clusters: tuple[int, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Lookup:
    """The look-up. `citations` counts citations, which have a limit of their own beside that of requests."""

    site: Site
    citations: Throttle

    def find(self, cited: Sequence[CaseCitation]) -> tuple[list[Answer], datetime]:
        """Returns what is said of each citation, in order, and when.

        Raises ServerError for no answer, also where only some citations were looked at: what was not is not unknown
        to CourtListener.
        """
        lines = [write(one) for one in cited]
        text = "\n".join(lines)
        if len(lines) > MOST_CITATIONS or len(text) > MOST_CHARACTERS:
            raise ServerError(f"{NAME} takes at most {MOST_CITATIONS} citations at a time.", sent=False)
        self.citations.take(len(lines))
        answer, at = self.site.post_form(("citation-lookup",), {"text": text})
        return self._answers(lines, answer), at

    def _answers(self, lines: Sequence[str], answer: JSON) -> list[Answer]:
        if not isinstance(answer, list) or not all(isinstance(one, dict) for one in answer):
            self.site.fail("sent no list of citations")
        rows = [dict(one) for one in answer if isinstance(one, dict)]
        if any(one.get("status") == _THROTTLED for one in rows):
            raise ServerError(f"{NAME} looked at some of the citations only: too many in a minute.", retry_after_s=60.0)
        found, start = [], 0
        for line in lines:
            end = start + len(line)
            found.append(self._answer(line, [one for one in rows if _starts(one, start, end)]))
            start = end + 1
        return found

    def _answer(self, line: str, rows: Sequence[dict[str, Any]]) -> Answer:
        if not rows:
            return Answer("NOT_IN_CORPUS", (), f"{NAME} did not take {line!r} for a citation")
        status = rows[0].get("status")
        if not isinstance(status, int) or status not in _STATES:
            self.site.fail(f"answered {str(status)[:20]!r} for a citation")
        state = _STATES[status]
        clusters = [number_of(one, "id") for one in objects_of(rows[0], "clusters")]
        numbers = tuple(dict.fromkeys(one for one in clusters if one))
        if state == "NOT_IN_CORPUS":
            return Answer(state, (), f"{NAME} was asked: {_REASONS[status]}")
        if not numbers:
            self.site.fail("found a citation and does not say which decision it is")
        return Answer("FOUND" if len(numbers) == 1 else "AMBIGUOUS", numbers)


def write(citation: CaseCitation) -> str:
    """Returns volume, reporter and page of a citation, on one line."""
    return " ".join(f"{citation.volume} {citation.reporter} {citation.page}".split())


def _starts(row: dict[str, Any], start: int, end: int) -> bool:
    place = row.get("start_index")
    return isinstance(place, int) and start <= place < end
