"""Opinions of CourtListener as parts of a case, and the cases that they make."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from metier_legal.intake.batch import Batch, Fault, Item
from metier_legal.intake.cases.courtlistener.shelf import Cluster, Edge, Shelf, Text
from metier_legal.intake.cases.fields import date_of
from metier_legal.intake.cases.layout.hidden import tell_unseen
from metier_legal.intake.cases.layout.page import Page, read_page
from metier_legal.intake.cases.layout.pieces import Opinion, number_paragraphs
from metier_legal.intake.cases.layout.slips import is_slip, read_slip
from metier_legal.intake.cases.references import read_references, read_treatments
from metier_legal.law.case import Case, Paragraph, Part, Reference, Treatment
from metier_legal.law.courts import level_of_court

BODIES: Final = (
    "html_with_citations",
    "xml_harvard",
    "html_columbia",
    "html_lawbox",
    "html_anon_2020",
    "html",
    "plain_text",
)
_PARTS: Final = {
    "010combined": Part.LEAD,
    "combined-opinion": Part.LEAD,
    "015unamimous": Part.LEAD,  # spelt so by the source
    "unanimous-opinion": Part.LEAD,
    "020lead": Part.LEAD,
    "lead-opinion": Part.LEAD,
    "025plurality": Part.LEAD,
    "plurality-opinion": Part.LEAD,
    "030concurrence": Part.CONCURRENCE,
    "concurrence-opinion": Part.CONCURRENCE,
    "035concurrenceinpart": Part.OTHER,
    "in-part-opinion": Part.OTHER,
    "040dissent": Part.DISSENT,
    "dissent": Part.DISSENT,
}
_ADDRESS: Final = re.compile(r"/opinion/(\d{1,18})/")
_SOURCE: Final = "https://www.courtlistener.com/opinion/"


def part_of(kind: str) -> Part:
    """Returns whose words an opinion of a type is ("040dissent", in a search "dissent"); OTHER if unknown."""
    return _PARTS.get(kind.strip().lower(), Part.OTHER)


def case_id(cluster: int) -> str:
    """Returns the id of the case of a cluster. It needs no court, so that an edge to a case not here has it too."""
    return f"us/cl/{cluster}"


def read_opinion(text: Text) -> tuple[tuple[Opinion, ...], Page]:
    """Returns the opinions in the body of one, which are several when syllabus and dissent are printed together."""
    page = read_page(text.body)
    if is_slip(page.text):
        return read_slip(page.text), page
    return (Opinion(part_of(text.kind), " ".join(text.author.split()), page.pieces),), page


def read_cases(shelf: Shelf) -> Iterator[Batch]:
    """Returns every case on the shelf, one a batch, and at the end what could not be placed."""
    for cluster in shelf.clusters():
        yield Batch(str(cluster.id), tuple(read_case(cluster, shelf.texts(cluster.id), shelf)))
    if homeless := shelf.homeless():
        text = f"{homeless} opinion(s) belong to cases that are not in the source; they were left out."
        yield Batch("homeless", (Fault("opinions", text),))


def read_case(cluster: Cluster, texts: Sequence[Text], shelf: Shelf | None = None) -> Iterator[Item]:
    """Returns the case of a cluster, and the faults of its data."""
    where = f"case {cluster.id}"
    name = " ".join(cluster.name.split())
    if not name or not cluster.court:
        yield Fault(where, f"The case has no {'court' if name else 'name'}; it was left out.")
        return
    read = [read_opinion(text) for text in texts]
    opinions = [opinion for found, _ in read for opinion in found]
    if cluster.syllabus.strip():
        opinions.insert(0, Opinion(Part.SYLLABUS, "", read_page(cluster.syllabus).pieces))
    case = Case(
        id=case_id(cluster.id),
        jurisdiction="us",
        name=name,
        court=cluster.court,
        court_level=level_of_court("us", cluster.court_id) or level_of_court("us", cluster.court),
        decided=date_of(cluster.filed),
        docket=cluster.number.strip(),
        citations=cluster.citations,
        paragraphs=number_paragraphs(opinions),
        source_url=f"{_SOURCE}{cluster.id}/",
    )
    stated = [*_read_links(case.paragraphs, read), *_read_edges(texts, shelf)]
    references = (*stated, *read_treatments(case)) if stated or cluster.stated else read_references(case)
    yield case.model_copy(update={"references": references})
    if unseen := sum(page.unseen for _, page in read):
        yield tell_unseen(where, unseen)
    if not case.paragraphs:
        yield Fault(where, f"{name} has no text of an opinion here, only its data.")
    if case.decided is None:
        yield Fault(where, f"{name} has no date.")


def _read_links(
    paragraphs: Sequence[Paragraph], read: Sequence[tuple[tuple[Opinion, ...], Page]]
) -> Iterator[Reference]:
    """Returns the citations that the source has linked, each in the paragraph where it stands."""
    squeezed = [_squeeze(paragraph.text) for paragraph in paragraphs]
    at = 0
    for _, page in read:
        for written, address in page.links:
            match = _ADDRESS.search(address)
            if match is None:
                continue
            words = _squeeze(written)
            # Links come in the order of the text, but for those in notes, which the layout has moved.
            places = (*range(at, len(squeezed)), *range(at))
            place = next((here for here in places if words in squeezed[here]), None)
            at = at if place is None else place
            number = None if place is None else paragraphs[place].number
            yield Reference(written=written, cited=case_id(int(match[1])), paragraph=number, stated=True)


def _squeeze(text: str) -> str:
    return "".join(text.split())


def _read_edges(texts: Sequence[Text], shelf: Shelf | None) -> Iterator[Reference]:
    if shelf is None:
        return
    for text in texts:
        for edge in shelf.edges(text.id):
            cited = case_id(edge.cluster) if edge.cluster else ""
            written = edge.written or f"CourtListener opinion {edge.cited}"
            yield Reference(written=written, cited=cited, treatment=_treatment_of(edge), stated=True)


def _treatment_of(edge: Edge) -> Treatment:
    """Returns what the parentheticals say was done to the case, by whom ever; without a signal it is only cited."""
    for saying in edge.sayings:
        for pattern, treatment in _SAID:
            if pattern.match(saying.strip()):
                return treatment
    return Treatment.CITES


# A parenthetical describes the case before it: "overruling Roe" is what that case did, not what was done to it.
_MANNER: Final = r"(?:\w+ly |in part |on other grounds )?"
_SAID: Final = tuple(
    (re.compile(_MANNER + words, re.IGNORECASE), treatment)
    for words, treatment in (
        (r"(?:overruled|abrogated)\b", Treatment.OVERRULES),
        (r"reversed\b|rev['’]d\b", Treatment.REVERSES),
        (r"vacated\b", Treatment.VACATES),
        (r"superseded by (?:statute|rule|legislation|constitutional)\b", Treatment.SUPERSEDED_BY_STATUTE),
        (r"distinguished\b", Treatment.DISTINGUISHES),
    )
)
