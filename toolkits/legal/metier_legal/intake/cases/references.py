"""What a decision cites, read off its text where the source does not state it."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from metier_legal.citations.citation import Citation
from metier_legal.citations.finding import find_citations, systems_of
from metier_legal.citations.signals import find_treatments
from metier_legal.law.case import Case, Paragraph, Reference, Treatment

_SIGNAL: Final = re.compile(
    r"overrul|abrogat|revers|vacat|supersed|disapprov|overturn|distinguish|撤销|推翻|废止|改判|不再适用|aufgehoben|aufgegeben",
    re.IGNORECASE,
)


def read_references(case: Case) -> tuple[Reference, ...]:
    """Returns what each paragraph of a case cites and what the words around it do to it; none is `stated`.

    A citation of the case itself is left out, and one that a paragraph repeats is told once a paragraph.
    """
    return _read(case, case.paragraphs, lambda _: True)


def read_treatments(case: Case) -> tuple[Reference, ...]:
    """Returns those of `read_references` that do more than cite, for sources that already state what is cited.

    Only paragraphs with a word that could say so are read: this keeps the import of millions of decisions fast.
    """
    signalled = [paragraph for paragraph in case.paragraphs if _SIGNAL.search(paragraph.text)]
    return _read(case, signalled, lambda treatment: treatment is not Treatment.CITES)


def _read(case: Case, paragraphs: Iterable[Paragraph], wanted: Callable[[Treatment], bool]) -> tuple[Reference, ...]:
    systems = systems_of(case.jurisdiction)
    own = {_squeeze(citation) for citation in (*case.citations, case.docket) if citation}
    found: dict[tuple[int, str, Treatment], Reference] = {}
    for paragraph in paragraphs:
        citations = find_citations(paragraph.text, systems=systems)
        for citation, treatment in _treat(paragraph.text, citations):
            if _squeeze(citation.text) in own or not wanted(treatment):
                continue
            reference = Reference(written=citation.text, treatment=treatment, paragraph=paragraph.number)
            found.setdefault((paragraph.number, citation.text, treatment), reference)
    return tuple(found.values())


def _treat(text: str, citations: Sequence[Citation]) -> Iterable[tuple[Citation, Treatment]]:
    treated = dict(find_treatments(text, citations))
    return ((citation, treated.get(index, Treatment.CITES)) for index, citation in enumerate(citations))


def _squeeze(text: str) -> str:
    return "".join(text.split()).casefold()
