"""Honest reports on the invented pages: what each statement says stands in the words that it quotes."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

from metier.evidence import Citation
from metier.task import Task
from metier_research.report import Confidence, Conflict, Report, Section, Statement
from tests.toolkits.research.checks.attacks.material import output, passages, record

_Case = tuple[str, str, str, tuple[tuple[str, str], ...]]


def read_blocks(name: str) -> list[list[tuple[str, str]]]:
    """Returns the blocks of a file of this folder: lines of a sign and a text, apart by an empty line."""
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    return [[(line[0], line[2:]) for line in block.splitlines()] for block in text.strip().split("\n\n")]


def _read_cases() -> tuple[_Case, ...]:
    """Returns question, statement, exact answer, and the citations as pairs of page and quote."""
    cases = []
    for block in read_blocks("honest.txt"):
        said = {sign: text for sign, text in block if sign != ">"}
        cases.append((said["?"], said["="], said["!"], pairs_of(block)))
    return tuple(cases)


def pairs_of(block: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Returns the pairs of page and quote of a block."""
    pairs = (text.split(": ", 1) for sign, text in block if sign == ">")
    return tuple((title, quote) for title, quote in pairs)


CASES: Final = _read_cases()


def cite(title: str, quote: str) -> Citation:
    """Returns the citation of a quote of a page."""
    return Citation(passages()[title].id, quote=quote)


def state(text: str, pairs: Sequence[tuple[str, str]], confidence: Confidence = "medium") -> Statement:
    """Returns a statement that quotes pages."""
    return Statement(text=text, citations=tuple(cite(*pair) for pair in pairs), confidence=confidence)


def honest_reports() -> Iterator[tuple[Task, Report]]:
    """Yields the honest reports: one for each case, some of two cases, and some that use the rest of the contract."""
    for question, text, exact, pairs in CASES:
        answer = state(text, pairs)
        section = Section(heading="What was found", statements=(answer,))
        yield Task(question), Report(question=question, title=question, answer=answer, exact=exact, sections=(section,))
    for one, other in pairwise(CASES[::6]):
        question = f"{one[0]} {other[0]}"
        found = tuple(Section(heading="Findings", statements=(state(case[1], case[3]),)) for case in (one, other))
        yield Task(question), Report(question=question, title="Findings", sections=found)
    yield from _special_reports()


def _special_reports() -> Iterator[tuple[Task, Report]]:
    counted = ("Skavastar", "At the census of 2011 it had 4,210 inhabitants.")
    again = ("Almanac", "counted 4,210 inhabitants when the census of 2011 was taken")
    sure = state("Two sources say that Skavastar had 4,210 inhabitants in 2011.", (counted, again), "high")
    yield _answering("How many people lived in Skavastar in 2011?", sure, "4,210")
    own = ("Long Bridge", "It is 312 m long and 9 m wide.")
    survey = ("Survey of rivers", "The Long Bridge is 325 m long.")
    sides = (
        state("Its own page says that the Long Bridge is 312 m long.", (own,)),
        state("The survey says that the Long Bridge is 325 m long.", (survey,)),
    )
    conflict = Conflict(topic="The length of the Long Bridge", sides=sides)
    task, report = _answering("How long is the Long Bridge?", sides[0], "312 m")
    yield task, report.model_copy(update={"conflicts": (conflict,)})
    yield _answering("By how much is the Orva longer than the Tal?", _worked_out(), "385 km")
    known = Statement(
        text="“Floods of the Orva” (Journal of Rivers, 2016) reports 37 floods since 1800.",
        citations=(Citation(record().id, quote="We report 37 floods since 1800."), Citation(record().id, quote="2016")),
    )
    yield _answering("How many floods of the Orva are known?", known, "37")
    village = "Lutmar is a village in the Tal Mountains."
    task, report = _answering("Who founded Lutmar?", state(village, (("Lutmar", village),)), "")
    yield task, report.model_copy(update={"open_questions": ("Who founded Lutmar was not found.",)})


def _worked_out() -> Statement:
    return Statement(
        text="The Orva, 482 km long, is 385 km longer than the Tal, which is 97 km long.",
        citations=(
            cite("Orva", "It is 482 km long"),
            cite("Survey of rivers", "The Tal is 97 km long."),
            Citation(output().id, quote="385"),
        ),
    )


def _answering(question: str, answer: Statement, exact: str) -> tuple[Task, Report]:
    return Task(question), Report(question=question, title=question, answer=answer, exact=exact)
